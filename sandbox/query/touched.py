"""Says which parts of a declared partition a question is about, from the question alone.

A row that a filter keeps makes every operand of its `AND` true and some operand of its `OR`; and
`column IN (...)` is true only of rows in one of these parts, never of a row without a key. Whoever
is in none of the parts named here therefore moves no sum of the plan. Where rows become people
first, the filter before that is the one that counts.
"""

from sandbox.model.names import ColumnName
from sandbox.model.plan import Plan
from sandbox.model.predicate import And, IsIn, Or, Predicate
from sandbox.model.schema import Schema


def parts_touched(plan: Plan, schema: Schema) -> tuple[str, ...] | None:
    """Give the keys of the touched parts, in the policy's order; some, but not all.

    None where the question is, or may be, about everybody, or there is no partition. A question
    that no row can be kept by gives None too: which part should pay for it would be arbitrary, and
    charging everybody is never too little.
    """
    where = plan.where if plan.people is None else plan.people.where
    if schema.partition is None or where is None:
        return None
    column = schema.find(schema.partition.column)
    keys = column.keys if column else ()
    codes = _codes(where, schema.partition.column)
    touched = tuple(key for code, key in enumerate(keys) if codes is not None and code in codes)
    return touched if 0 < len(touched) < len(keys) else None


def _codes(predicate: Predicate, column: ColumnName) -> frozenset[int] | None:
    """Give codes of which each kept row has one; None where nothing is known of them."""
    match predicate:
        case IsIn() if predicate.column == column:
            return frozenset(predicate.codes)
        case And(operands):
            known = [codes for one in operands if (codes := _codes(one, column)) is not None]
            return frozenset.intersection(*known) if known else None
        case Or(operands):
            either = [_codes(one, column) for one in operands]
            known = [codes for codes in either if codes is not None]
            return frozenset().union(*known) if len(known) == len(either) else None
        case _:
            return None
