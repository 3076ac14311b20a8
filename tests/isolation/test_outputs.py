"""Whatever bytes a stranger gives, what is read is declared, finite and within its range."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.isolation.outputs import length, read
from sandbox.model.output import MAX_VALUES, Output

OUTPUTS = (Output("a", -1, 3), Output("b", 0, 10, (2,), default=2))
DEFAULTS = ((1.0,), (2.0, 2.0))


@given(st.binary(max_size=64))
def test_any_bytes_are_read_as_what_was_declared(answer: bytes) -> None:
    found = read(OUTPUTS, answer)
    assert [len(values) for values in found] == [1, 2]
    for output, values in zip(OUTPUTS, found, strict=True):
        assert all(output.low <= value <= output.high for value in values)


@given(st.binary(max_size=64).filter(lambda answer: len(answer) != length(OUTPUTS)))
def test_another_length_is_no_answer(answer: bytes) -> None:
    assert read(OUTPUTS, answer) == DEFAULTS


@given(st.lists(st.floats(0, 3), min_size=3, max_size=3))
def test_what_is_within_the_ranges_comes_through_unchanged(values: list[float]) -> None:
    assert read(OUTPUTS, struct.pack("<3d", *values)) == ((values[0],), tuple(values[1:]))


@given(st.sampled_from([math.nan, math.inf, -math.inf]), st.integers(0, 2))
def test_what_is_not_finite_is_a_default_and_its_neighbours_stand(odd: float, place: int) -> None:
    values = [0.5, 0.5, 0.5]
    values[place] = odd
    expected = [0.5, 0.5, 0.5]
    expected[place] = (1.0, 2.0, 2.0)[place]
    assert read(OUTPUTS, struct.pack("<3d", *values)) == ((expected[0],), tuple(expected[1:]))


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False))
def test_the_middle_of_a_range_lies_in_it(low: float, high: float) -> None:
    try:
        output = Output("a", low, high)
    except BadInput:
        assert not low < high or math.isinf(high - low)
    else:
        assert low <= output.stand_in <= high


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (("a", 1, 1), "output.range"),
        (("a", 2, 1), "output.range"),
        (("a", 0, math.inf), "output.range"),
        (("a", math.nan, 1), "output.range"),
        (("a", 0, 1, (), 2), "output.default"),
        (("a", 0, 1, (), math.nan), "output.range"),
        (("a", 0, 1, (3, 0)), "output.count"),
        (("a", 0, 1, (MAX_VALUES + 1,)), "output.count"),
    ],
)
def test_an_output_that_cannot_be_bounded_is_refused(output: tuple[object], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        Output(*output)  # type: ignore[arg-type,call-arg]
    assert refused.value.code == code
