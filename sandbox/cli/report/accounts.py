"""A source's budget tree as tables: one that sums it up, and one for each kind of account."""

from collections.abc import Iterator
from fractions import Fraction

from sandbox.cli.report.implied import Implied, implied_of
from sandbox.cli.report.sheets import MAX_ROWS, Cell, Sheet, columns, further, numbers
from sandbox.cli.report.wording import Wording, left, short_key, shown, spent, unit
from sandbox.ledger.figures import PartsFigures, PeriodFigures, SourceFigures, Span, Tally

MAX_DAYS = 31
"""Days that are listed, the last ones with a debit."""


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


def agreements(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """List agreements, whose money went first."""
    ordered = sorted(source.agreements, key=lambda one: one.spent, reverse=True)
    headings = columns(
        (say("agreement"), "code"),
        (say("researcher"), "code"),
        (say("period"), "words"),
        (say("used"), "number"),
        (say("cap"), "number"),
        (say("releases"), "number"),
        (say("failures"), "number"),
        (say("cancellations"), "number"),
        (say("refusals"), "number"),
        (say("entry"), "entry"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            shown(one.name, 28),
            short_key(one.researcher),
            _term(one.starts.isoformat(), (one.disposed or one.ends).isoformat()[:10], say)
            + (say("disposed") if one.disposed else ""),
            spent(one.spent),
            spent(one.cap),
            *(say.count(one.counts[kind]) for kind in ("release", "failure")),
            *(say.count(one.counts[kind]) for kind in ("cancellation", "refusal")),
            one.position,
        )
        for one in ordered[:MAX_ROWS]
    ]
    return Sheet(id, say("agreements"), "", headings, tuple(rows), further(ordered))


def people(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """List researchers over all of their agreements."""
    ordered = sorted(source.people.values(), key=lambda one: one.spent, reverse=True)
    cap, implied = source.caps.person, implied_of(source)
    limit = say("no_person_cap") if cap is None else say("person_cap", cap=_both(cap, source))
    headings = columns(
        (say("researcher"), "code"),
        (say("agreements"), "number"),
        (say("used"), "number"),
        *numbers([say("epsilon")] if implied.known else []),
        (say("share_of_source"), "number"),
        *numbers([say("share_of_own")] if cap is not None else []),
    )
    rows = tuple(
        (
            short_key(one.researcher),
            say.count(one.agreements),
            spent(one.spent),
            *([implied.short(one.spent)] if implied.known else []),
            say.percent(one.spent, source.caps.source),
            *([say.percent(one.spent, cap)] if cap is not None else []),
        )
        for one in ordered[:MAX_ROWS]
    )
    lead = f"{say('by_researcher_text')}{say('gap')}{limit}"
    return Sheet(id, say("by_researcher"), lead, headings, rows, further(ordered))


def periods(source: SourceFigures, say: Wording, id: str) -> Iterator[Sheet]:  # noqa: A002
    """List the periods that are rationed, each beside the whole life's total by then."""
    if not any(source.periods.values()):
        return
    headings = columns(
        (say("period_of_time"), "name"),
        (say("spent_within"), "number"),
        (say("limit_then"), "number"),
        (say("share"), "number"),
        (say("lifetime"), "number"),
        (say("lifetime_share"), "number"),
    )
    longer = [*_latest(source, "quarter", MAX_ROWS), *_latest(source, "month", MAX_ROWS)]
    days = _latest(source, "day", MAX_DAYS)
    lead = say("by_period_text")
    if longer:
        rows = tuple(_period(one, source, say) for one in longer)
        yield Sheet(id, say("by_period"), lead, headings, rows)
    if days:
        rows = tuple(_period(one, source, say) for one in days)
        left_out = max(0, len(source.periods["day"]) - len(days))
        title, about = say("by_day"), "" if longer else lead
        yield Sheet(f"{id}-days", title, about, headings, rows, left_out, folded=len(days) > 1)


def parts(source: SourceFigures, say: Wording, id: str) -> Sheet | None:  # noqa: A002
    """Say how a declared partition is counted, and list its parts by snapshot."""
    declared = [(name, one) for name, one in source.datasets.items() if one]
    if not declared and not source.parts:
        return None
    said = [
        say(
            "partition",
            dataset=shown(name),
            column=shown(one.column),
            keys=say.count(len(one.keys)),
            most=say.count(one.most),
        )
        for name, one in declared[:MAX_DAYS]
    ]
    lead = say("gap").join([*said, say("partition_text")])
    headings = columns(
        (say("dataset"), "name"),
        (say("snapshot"), "code"),
        (say("part"), "words"),
        (say("used"), "number"),
        (say("share"), "number"),
        (say("source_counts"), "number"),
    )
    rows = [row for name, one in source.parts.items() for row in _parts(name, one, source, say)]
    return Sheet(
        id,
        say("by_part"),
        lead,
        headings,
        tuple(rows[:MAX_ROWS]),
        further(rows),
        say("no_parts"),
    )


def emergencies(source: SourceFigures, say: Wording, id: str) -> Sheet | None:  # noqa: A002
    """Say what is kept back for emergencies, and list the openings."""
    cap, used = source.caps.emergency, source.tranche.spent
    if cap is None and not source.emergencies and not used:
        return None
    kept = (
        say("no_tranche", spent=_both(used, source))
        if cap is None
        else say(
            "tranche",
            cap=_both(cap, source),
            spent=_both(used, source),
            left=_both(source.reserved, source),
        )
    )
    headings = columns(
        (say("emergency"), "code"),
        (say("open_for"), "words"),
        (say("opened_by"), "code"),
        (say("debits"), "number"),
        (say("releases"), "number"),
        (say("used"), "number"),
        (say("entry"), "entry"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            shown(one.name, 28),
            _term(say.moment(one.starts), say.moment(one.ends), say),
            say("comma").join(short_key(name) for name in one.by[:4]),
            say.count(one.counts["debit"] - one.counts["cancellation"]),
            say.count(one.counts["release"]),
            spent(one.spent),
            one.position,
        )
        for one in source.emergencies[:MAX_ROWS]
    ]
    lead = f"{kept}{say('gap')}{say('emergencies_text')}"
    left_out = further(rows, source.counts["emergency"])
    return Sheet(
        id, say("emergencies"), lead, headings, tuple(rows), left_out, say("no_emergencies")
    )


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
    latest = _latest(source, span, 1)
    name = latest[0].name if latest else say("nothing")
    yield say(f"last_{span}", name=name), caps[span], latest[0].spent if latest else Fraction(0)


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


def _period(one: PeriodFigures, source: SourceFigures, say: Wording) -> tuple[Cell, ...]:
    return (
        one.name,
        spent(one.spent),
        spent(one.cap),
        say.percent(one.spent, one.cap),
        spent(one.lifetime),
        say.percent(one.lifetime, source.caps.source),
    )


def _parts(
    snapshot: str, one: PartsFigures, source: SourceFigures, say: Wording
) -> Iterator[tuple[Cell, ...]]:
    ordered = sorted(one.by_key.items(), key=lambda part: part[1].spent, reverse=True)
    for number, (key, part) in enumerate(ordered[:MAX_ROWS]):
        yield (
            shown(one.dataset),
            shown(snapshot, 12),
            shown(key, 28),
            spent(part.spent),
            say.percent(part.spent, source.caps.source),
            spent(part.spent) if number < one.partition.most else say("nothing"),
        )


def _latest(source: SourceFigures, span: Span, most: int) -> list[PeriodFigures]:
    """Give the last periods of a kind, the last one first."""
    return [*source.periods[span].values()][::-1][:most]


def _both(amount: Fraction, source: SourceFigures) -> str:
    """Write an amount in its unit and, where that says more, as epsilon."""
    epsilon = implied_of(source).short(amount)
    written = f"{unit(source.accounting)} {spent(amount)}"
    return f"{written} (ε {epsilon})" if epsilon else written


def _term(first: str, last: str, say: Wording) -> str:
    return say("span", first=first, last=last)


def _used(account: Tally) -> Fraction:
    return account.spent
