"""Values refuse to exist when wrong, and secret ones do not show themselves."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput, Place
from sandbox.model.bounded_sum import BoundedSum, Sensitivity
from sandbox.model.names import ColumnName, dataset_name, principal_name
from sandbox.model.plan import Part, PartKind
from sandbox.model.schema import MAX_ROWS, MAX_STEPS, Column, Lattice

CANARY = 918_273_645


def test_a_bounded_sum_never_prints_its_values() -> None:
    total = BoundedSum((Part(PartKind.ROWS),), (Sensitivity(1, 1),), ((CANARY, CANARY),))
    assert str(CANARY) not in f"{total!r} {total}"


def test_a_bounded_sum_has_one_vector_a_part_and_no_ragged_ones() -> None:
    part, bound = Part(PartKind.ROWS), Sensitivity(1, 1)
    with pytest.raises(ValueError, match="one sensitivity"):
        BoundedSum((part,), (bound,), ())
    with pytest.raises(ValueError, match="one number per group"):
        BoundedSum((part, part), (bound, bound), ((1,), (1, 2)))
    ranks = Part(PartKind.RANKS, value=0)
    with pytest.raises(ValueError, match="one per place"):
        BoundedSum((part, ranks), (bound, bound), ((1,), (1,)))


@given(st.integers(0, 2**41))
def test_the_l2_norm_is_never_rounded_down(reach: int) -> None:
    for squared in (reach**2, reach * (reach + 1)):
        if reach <= squared <= (reach + 1) ** 2:
            bound = Sensitivity(l1=reach if squared == reach**2 else reach + 1, l2_squared=squared)
            assert Fraction(bound.l2) ** 2 >= squared


@pytest.mark.parametrize(("l1", "l2_squared"), [(-1, 1), (2, 5), (3, 2), (0, 1)])
def test_impossible_sensitivities_do_not_exist(l1: int, l2_squared: int) -> None:
    with pytest.raises(ValueError, match="integer vector"):
        Sensitivity(l1, l2_squared)


@pytest.mark.parametrize("norms", [(1, 1, 2), (2, 2, 0), (4, 16, 3), (1, 1, -1)])
def test_impossible_bounds_on_single_numbers_do_not_exist(norms: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="linf"):
        Sensitivity(*norms)


def test_no_sum_over_any_snapshot_can_overflow_64_bits() -> None:
    furthest = 2 * MAX_STEPS  # a centred step lies at most this far from zero
    assert furthest * MAX_ROWS < 2**63


def test_duplicate_keys_do_not_exist_for_they_would_show_whether_a_group_does() -> None:
    with pytest.raises(ValueError, match="unique"):
        Column(ColumnName("site"), frozenset({"group"}), keys=("1", "1"))


@pytest.mark.parametrize(
    "bounds", [(1, 0, 1), (0, MAX_STEPS + 1, 1), (0, 1, 0)], ids=["empty", "huge", "stepless"]
)
def test_a_lattice_is_finite_and_has_steps(bounds: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="lattice"):
        Lattice(bounds[0], bounds[1], Fraction(bounds[2]))


@pytest.mark.parametrize(
    "name", ["", "hie", "A/b", "a/b\n", "a/../b", "a//b", "é/b", "a/" + "b" * 200]
)
def test_dataset_names_are_plain(name: str) -> None:
    with pytest.raises(BadInput):
        dataset_name(name)


@pytest.mark.parametrize("name", ["张伟", "anna-lena", "team_7@city.example"])
def test_people_may_have_names_of_any_script(name: str) -> None:
    assert principal_name(name) == name


@pytest.mark.parametrize("name", ["", "a b", "a\n", "\u202eabc", "x" * 129, "😀"])
def test_names_that_could_mislead_a_reader_are_refused(name: str) -> None:
    with pytest.raises(BadInput):
        principal_name(name)


def test_a_place_reads_like_a_compilers() -> None:
    assert (
        str(Place(file="p.yaml", line=3, column=5, clause="columns.age"))
        == "p.yaml:3:5, columns.age"
    )
    assert str(Place(row=100_000, clause="age")) == "row 100000, age"
