"""A column of dates has dates for bounds, and a step is a day."""

from fractions import Fraction

import pytest

from policies.errors import PolicyErrors
from policies.load import load_policy

DATED = "  seen: {use: [group, filter], type: date, bounds: [2015-01-01, 2020-12-31]}\n"


def with_column(valid: str, column: str) -> str:
    return valid.replace("columns:\n", f"columns:\n{column}")


def test_bounds_of_dates_are_days(valid: str) -> None:
    clause = load_policy(with_column(valid, DATED)).columns["seen"]
    assert clause.bounds == (Fraction(16436), Fraction(18627))
    assert clause.type == "date"
    assert clause.resolution == 1


@pytest.mark.parametrize(
    ("wrong", "code", "clause"),
    [
        ("bounds: [2015-02-30, 2020-12-31]", "policy.date", "columns.seen.bounds.0"),
        ("bounds: [2015-01-01, 100]", "policy.date", "columns.seen.bounds.1"),
        ("bounds: [2020-12-31, 2015-01-01]", "policy.range", "columns.seen.bounds"),
        ("keys: [a, b]", "policy.domain", "columns.seen.type"),
        ("bounds: [2015-01-01, 2020-12-31], resolution: 7", "policy.domain", "columns.seen.type"),
    ],
)
def test_what_is_no_date_is_refused_with_its_line(
    wrong: str, code: str, clause: str, valid: str
) -> None:
    column = f"  seen: {{use: [filter], type: date, {wrong}}}\n"
    text = with_column(valid, column)
    with pytest.raises(PolicyErrors) as caught:
        load_policy(text)
    (error,) = caught.value.errors
    assert (error.code, error.clause) == (code, clause)
    assert text.splitlines()[error.line - 1] == column.rstrip("\n")
