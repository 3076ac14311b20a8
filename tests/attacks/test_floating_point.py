"""A6: Mironov 2012: look for outputs that only one of two neighbours can produce."""

from fractions import Fraction

import pytest

from sandbox.model.schema import Lattice
from sandbox.model.submission import Noise, NoiseKind
from sandbox.privacy.mechanisms import add_noise

RELEASES = 100_000
TOTAL = 123_456_789
PERSON = 1_999_999  # one person's 19,999.99 in steps of 0.01
LATTICE = Lattice(0, 2_000_000, Fraction(1, 100))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [NoiseKind.GAUSSIAN, NoiseKind.LAPLACE])
def test_neighbours_share_one_lattice_of_outputs(kind: NoiseKind) -> None:
    noise = Noise(kind, scale=float(PERSON))
    with_person = add_noise(noise, [TOTAL] * RELEASES)
    without = add_noise(noise, [TOTAL - PERSON] * RELEASES)
    for residue in (2, 3, 5, 7, 16):
        seen = [{step % residue for step in steps} for steps in (with_person, without)]
        assert seen[0] == seen[1] == set(range(residue))
    shown = {LATTICE.value(step): step for step in (*with_person, *without)}
    assert all(LATTICE.value(step) == value for value, step in shown.items())
    assert len(shown) == len(set(with_person) | set(without))


def test_what_is_shown_of_a_step_does_not_depend_on_how_it_came_about() -> None:
    values = {LATTICE.value(TOTAL - PERSON + PERSON), LATTICE.value(Fraction(TOTAL))}
    assert values == {1234567.89}
