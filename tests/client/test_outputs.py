"""An algorithm's outputs read as they were declared: numbers, lists and tables."""

import math
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from sandbox.client.outputs import nested, shaped
from sandbox.wire import AnswerColumn

SHAPES = st.lists(st.integers(1, 4), max_size=3).map(tuple)


def columns(shapes: dict[str, tuple[int, ...]]) -> tuple[AnswerColumn, ...]:
    """Lay outputs out as an answer does, with the value's number for an estimate."""
    places = [(name, at) for name, each in shapes.items() for at in product(*map(range, each))]
    return (
        AnswerColumn("output", "key", tuple(name for name, _ in places)),
        AnswerColumn("place", "key", tuple(",".join(map(str, at)) for _, at in places)),
        AnswerColumn("estimate", "estimate", tuple(range(len(places)))),
        AnswerColumn("half_width", "half_width", (None,) * len(places)),
    )


@given(st.dictionaries(st.sampled_from("abc"), SHAPES, min_size=1))
def test_every_value_stands_where_its_place_says(shapes: dict[str, tuple[int, ...]]) -> None:
    found, widths = nested(columns(shapes), "estimate"), nested(columns(shapes), "half_width")
    assert list(found) == list(widths) == list(shapes)
    first = 0
    for name, shape in shapes.items():
        values = range(first, first + math.prod(shape))
        assert found[name] == shaped(values, shape)
        value = found[name]
        for length in shape:
            assert len(value) == length
            value = value[-1]
        assert value == values[-1]
        first = values.stop


def test_a_questions_answer_has_no_outputs() -> None:
    asked = (AnswerColumn("site", "key", ("1",)), AnswerColumn("n", "estimate", (3,)))
    assert nested(asked, "estimate") == {}


def test_a_mock_block_without_values_shows_none() -> None:
    assert shaped((), ()) is None
    assert shaped((1.0, 2.0), (2,)) == [1.0, 2.0]
