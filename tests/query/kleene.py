"""A predicate's truth of one row, the slow way: what compiled plans are held against."""

from collections.abc import Mapping

from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate

Row = Mapping[str, int | None]
"""Codes and steps by column, as a snapshot holds them."""


def truth(predicate: Predicate, row: Row) -> bool | None:
    """Evaluate in Kleene's logic, straight from the definitions in `sandbox.model.plan`."""
    match predicate:
        case Between(column, low, high):
            step = row[column]
            inside = step is not None and (low is None or low <= step)
            return None if step is None else inside and (high is None or step <= high)
        case IsIn(column, codes):
            return None if row[column] is None else row[column] in codes
        case IsNull(column):
            return row[column] is None
        case Not(operand):
            value = truth(operand, row)
            return None if value is None else not value
        case And(operands) | Or(operands):
            values = {truth(operand, row) for operand in operands}
            decisive = isinstance(predicate, Or)
            return decisive if decisive in values else None if None in values else not decisive
