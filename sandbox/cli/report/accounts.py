"""The accounts of a source as tables, one for each kind; see also `tree.py` and `parts.py`."""

from collections.abc import Iterator

from sandbox.cli.report.implied import both, implied_of
from sandbox.cli.report.sheets import MAX_ROWS, Cell, Sheet, Term, columns, further, numbers
from sandbox.cli.report.wording import Wording, short_key, shown, spent
from sandbox.ledger.figures import PeriodFigures, SourceFigures, Span

MAX_LANES = 3
"""Lanes of one agreement that are named; there are no more."""
MAX_DAYS = 31
"""Days that are listed, the last ones with a debit."""


def agreements(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """List agreements, whose money went first."""
    ordered = sorted(source.agreements, key=lambda one: one.spent, reverse=True)
    headings = columns(
        (say("agreement"), "code"),
        (say("researcher"), "code"),
        (say("period"), "words"),
        (say("lanes"), "words"),
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
            Term(
                one.starts.isoformat(),
                (one.disposed or one.ends).isoformat()[:10],
                say("disposed") if one.disposed else "",
            ),
            say.lanes(one.lanes[:MAX_LANES]),
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
    limit = say("no_person_cap") if cap is None else say("person_cap", cap=both(cap, source, say))
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
    longer = [*latest(source, "quarter", MAX_ROWS), *latest(source, "month", MAX_ROWS)]
    days = latest(source, "day", MAX_DAYS)
    lead = say("by_period_text")
    if longer:
        rows = tuple(_period(one, source, say) for one in longer)
        yield Sheet(id, say("by_period"), lead, headings, rows)
    if days:
        rows = tuple(_period(one, source, say) for one in days)
        left_out = max(0, len(source.periods["day"]) - len(days))
        title, about = say("by_day"), "" if longer else lead
        yield Sheet(f"{id}-days", title, about, headings, rows, left_out, folded=len(days) > 1)


def emergencies(source: SourceFigures, say: Wording, id: str) -> Sheet | None:  # noqa: A002
    """Say what is kept back for emergencies, and list the openings."""
    cap, used = source.caps.emergency, source.tranche.spent
    if cap is None and not source.emergencies and not used:
        return None
    kept = (
        say("no_tranche", spent=both(used, source, say))
        if cap is None
        else say(
            "tranche",
            cap=both(cap, source, say),
            spent=both(used, source, say),
            left=both(source.reserved, source, say),
        )
    )
    headings = columns(
        (say("emergency"), "code"),
        (say("open_for"), "words"),
        (say("opened_by"), "code"),
        (say("debits"), "number"),
        (say("releases"), "number"),
        (say("used"), "number"),
        (say("looked_into"), "words"),
        (say("entry"), "entry"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            shown(one.name, 28),
            Term(say.moment(one.starts), say.moment(one.ends)),
            say("comma").join(short_key(name) for name in one.by[:4]),
            say.count(one.counts["debit"] - one.counts["cancellation"]),
            say.count(one.counts["release"]),
            spent(one.spent),
            say.moment(one.reviewed) if one.reviewed else say("not_looked_into"),
            one.position,
        )
        for one in source.emergencies[:MAX_ROWS]
    ]
    lead = f"{kept}{say('gap')}{say('emergencies_text')}"
    left_out = further(rows, source.counts["emergency"])
    return Sheet(
        id, say("emergencies"), lead, headings, tuple(rows), left_out, say("no_emergencies")
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


def latest(source: SourceFigures, span: Span, most: int) -> list[PeriodFigures]:
    """Give the last periods of a kind, the last one first."""
    return [*source.periods[span].values()][::-1][:most]
