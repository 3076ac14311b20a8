"""A builder question that is wrong names the field that is."""

from collections.abc import Callable

import pytest

from sandbox.errors import BadInput
from sandbox.model.plan import Plan
from sandbox.wire import MeasureMessage


def test_a_builder_condition_names_its_field_beside_line_and_column(
    built: Callable[..., Plan],
) -> None:
    with pytest.raises(BadInput) as caught:
        built(where=("age > 1", "age >\n 1 % 1"), measures=(MeasureMessage("count"),))
    assert caught.value.code == "sql.arithmetic"
    assert str(caught.value.place) == "2:4, where.1"


@pytest.mark.parametrize(
    ("fields", "code", "clause"),
    [
        ({}, "plan.no_measure", "measures"),
        ({"where": ("age > 1",)}, "plan.no_measure", "measures"),
        ({"sql": "SELECT COUNT(*) FROM hie", "group_by": ("site",)}, "question.both", "sql"),
        ({"measures": (MeasureMessage("median", "age"),)}, "measure.unknown", "measures.0.kind"),
        ({"measures": (MeasureMessage("sum"),)}, "measure.no_column", "measures.0.column"),
        ({"measures": (MeasureMessage("people", "age"),)}, "measure.not_unit", "measures.0.column"),
        ({"measures": (MeasureMessage("count", name=""),)}, "plan.bad_name", "measures.0"),
        ({"measures": (MeasureMessage("count"),) * 2}, "plan.duplicate_name", "measures.1"),
        (
            {"group_by": ("sight",), "measures": (MeasureMessage("count"),)},
            "column.unknown",
            "group_by.0",
        ),
        (
            {"group_by": ("age",) * 9, "measures": (MeasureMessage("count"),)},
            "plan.too_many_groups",
            "group_by.8",
        ),
        (
            {"measures": tuple(MeasureMessage("count", name=f"n{i}") for i in range(33))},
            "plan.too_many_measures",
            "measures.32",
        ),
    ],
)
def test_bad_builder_questions_name_the_field(
    fields: dict[str, object], code: str, clause: str, built: Callable[..., Plan]
) -> None:
    with pytest.raises(BadInput) as caught:
        built(**fields)
    assert caught.value.place is not None
    assert (caught.value.code, caught.value.place.clause) == (code, clause)
