"""A source's budget tree in one table."""

from collections.abc import Iterator
from fractions import Fraction

from sandbox.cli.report.accounts import latest
from sandbox.cli.report.implied import Implied, implied_of
from sandbox.cli.report.sheets import Cell, Sheet, columns, numbers
from sandbox.cli.report.wording import Wording, left, short_key, shown, spent, unit
from sandbox.ledger.figures import SourceFigures, Span, Tally


def tree(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """Sum all kinds of account up: of each, the fullest one or the last one."""
    implied = implied_of(source)
    beside = [say("epsilon")] if implied.known else []
    headings = columns(
        (say("account", unit=unit(source.accounting)), "name"),
        *numbers([say("limit"), *beside, say("used"), *beside, say("remaining"), say("share")]),
    )
    lines = _lines(source, say)
    rows = tuple(_row(name, cap, used, implied, say) for name, cap, used in lines)
    return Sheet(id, say("tree"), say("tree_text"), headings, rows)


_Line = tuple[str, Fraction | None, Fraction]
"""An account's name, its limit and what it has spent."""


def _lines(source: SourceFigures, say: Wording) -> Iterator[_Line]:
    yield say("whole_life"), source.caps.source, source.spent
    if source.caps.emergency is not None or source.tranche.spent:
        yield say("kept_back"), source.caps.emergency, source.tranche.spent
    for span in ("quarter", "month", "day"):
        yield from _latest_line(source, span, say)
    if source.people:
        fullest = max(source.people.values(), key=_used)
        name = say("highest_person", name=short_key(fullest.researcher))
        yield name, source.caps.person, fullest.spent
    if source.agreements:
        own = max(source.agreements, key=_used)
        yield say("highest_agreement", name=shown(own.name, 28)), own.cap, own.spent
    dearest = [
        (part.spent, key) for one in source.parts.values() for key, part in one.by_key.items()
    ]
    if dearest:
        used, key = max(dearest)
        yield say("dearest_part", name=shown(key, 28)), source.caps.source, used


def _latest_line(source: SourceFigures, span: Span, say: Wording) -> Iterator[_Line]:
    """Give the last period of a kind; where a limit is new and nothing was asked, only that."""
    caps = {"day": source.caps.day, "month": source.caps.month, "quarter": source.caps.quarter}
    if caps[span] is None:
        return
    last = latest(source, span, 1)
    name = last[0].name if last else say("nothing")
    yield say(f"last_{span}", name=name), caps[span], last[0].spent if last else Fraction(0)


def _row(
    name: str, cap: Fraction | None, used: Fraction, implied: Implied, say: Wording
) -> tuple[Cell, ...]:
    nothing = say("nothing")
    limits = nothing if cap is None else spent(cap)
    epsilon = (nothing if cap is None else implied.short(cap), implied.short(used))
    return (
        name,
        *((limits, epsilon[0]) if implied.known else (limits,)),
        *((spent(used), epsilon[1]) if implied.known else (spent(used),)),
        nothing if cap is None else left(cap - used),
        nothing if cap is None else say.percent(used, cap),
    )


def _used(account: Tally) -> Fraction:
    return account.spent
