"""What those did who answer for a source and a site, as tables: owners, stewards, auditors."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sandbox.cli.report.implied import Implied, implied_of, short
from sandbox.cli.report.reasons import GIVEN_BACK
from sandbox.cli.report.sheets import MAX_ROWS, Cell, Marked, Sheet, columns, further
from sandbox.cli.report.wording import Wording, short_key, shown, spent, unit
from sandbox.ledger.figures import CapStep, Change, Chronicle, Deed, KeyStep, SourceFigures
from sandbox.ledger.records import Caps

LIMITS = ("source", "person", "day", "month", "quarter", "emergency", "delta")
"""Caps in the order in which people read them."""


def caps_and_keys(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """List what the owner's key did: each cap that moved on a row of its own."""
    headings = columns(
        (say("time"), "time"),
        (say("what_changed"), "name"),
        (say("change"), "words"),
        (say("before"), "number"),
        (say("after"), "number"),
        (say("signed_by"), "code"),
        (say("entry"), "entry"),
    )
    rows = [
        *(row for step in source.cap_steps for row in _cap_rows(step, source, say)),
        *(_key_row(step, say("key_of_owner"), say) for step in source.key_steps),
    ]
    rows.sort(key=_position)
    lead = say("caps_and_keys_text", owner_key=short_key(source.owner_key))
    total = source.counts["cap_change"] + source.counts["key_change"]
    left_out = max(0, total - len(source.cap_steps) - len(source.key_steps)) + further(rows)
    return Sheet(
        id,
        say("caps_and_keys"),
        lead,
        headings,
        tuple(rows[:MAX_ROWS]),
        left_out,
        say("no_caps_and_keys"),
    )


def publications(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """List policies and snapshots in order."""
    headings = columns(
        (say("time"), "time"),
        (say("change"), "name"),
        (say("dataset"), "words"),
        (say("per_agreement"), "number"),
        (say("policy_digest"), "code"),
        (say("entry"), "entry"),
    )
    seen = source.changes[:MAX_ROWS]
    rows = tuple(_publication(one, one.position == source.position, say) for one in seen)
    total = source.counts["policy"] + source.counts["dataset"]
    return Sheet(id, say("changes"), say("changes_text"), headings, rows, further(rows, total))


def given_back(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """List the debits that were given back."""
    headings = columns(
        (say("time"), "time"),
        (say("reason"), "words"),
        (say("given"), "number"),
        (say("debit"), "entry"),
        (say("entry"), "entry"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            say.moment(one.time),
            GIVEN_BACK[one.code](say.language) if one.code in GIVEN_BACK else shown(one.code, 40),
            spent(one.amount),
            one.debit,
            one.position,
        )
        for one in source.cancelled[:MAX_ROWS]
    )
    count = source.counts["cancellation"]
    amount = f"{unit(source.accounting)} {spent(source.given_back)}"
    lead = say("given_back_text", count=say.count(count), amount=amount)
    title, empty = say("given_back_title"), say("nothing_given_back")
    return Sheet(id, title, lead if rows else "", headings, rows, further(rows, count), empty)


def deeds(source: SourceFigures, say: Wording, id: str) -> Sheet:  # noqa: A002
    """List reviews, disposals, certificates, feedback and erasures about a source."""
    kinds = ("review", "disposal", "certificate", "feedback", "erasure")
    total = sum(source.counts[kind] for kind in kinds)
    return _deeds(source.deeds, total, say, id)


def of_the_site(told: Chronicle, say: Wording) -> Iterator[Sheet]:
    """List what concerns the whole ledger: reviews of it, the site's keys, co-signed heads."""
    if told.deeds:
        yield _deeds(told.deeds, 0, say, "site-reviews")
    if told.key_steps:
        headings = columns(
            (say("time"), "time"),
            (say("what_changed"), "name"),
            (say("change"), "words"),
            (say("before"), "number"),
            (say("after"), "number"),
            (say("signed_by"), "code"),
            (say("entry"), "entry"),
        )
        rows = tuple(_key_row(one, say("key_of_site"), say) for one in told.key_steps[:MAX_ROWS])
        left_out = further(told.key_steps)
        yield Sheet("site-keys", say("site_keys"), say("site_keys_text"), headings, rows, left_out)
    headings = columns(
        (say("time"), "time"),
        (say("size"), "number"),
        (say("witnesses"), "words"),
        (say("entry"), "entry"),
    )
    anchored: tuple[tuple[Cell, ...], ...] = tuple(
        (
            say.moment(one.time),
            say.count(one.size),
            say("comma").join(_witness(key) for key in one.witnesses[:8]) or say("nothing"),
            one.position,
        )
        for one in reversed(told.anchors)
    )
    left_out = told.counts["anchor"] - len(anchored)
    lead = say("anchors_text") if anchored else ""
    yield Sheet("anchors", say("anchors"), lead, headings, anchored, left_out, say("no_anchors"))


def _deeds(listed: Sequence[Deed], total: int, say: Wording, id: str) -> Sheet:  # noqa: A002
    headings = columns(
        (say("time"), "time"),
        (say("deed"), "name"),
        (say("subject"), "code"),
        (say("outcome"), "words"),
        (say("by"), "code"),
        (say("entry"), "entry"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            say.moment(one.time),
            say(one.kind),
            shown(one.subject, 48),
            _outcome(one, say),
            short_key(one.by) if one.by else say("the_site"),
            one.position,
        )
        for one in listed[:MAX_ROWS]
    )
    lead = say("deeds_text") if rows else ""
    return Sheet(
        id,
        say("deeds"),
        lead,
        headings,
        rows,
        further(rows, max(total, len(listed))),
        say("no_deeds"),
    )


_OF_DOWNLOADS = {"opening": "opened", "withdrawal": "withdrawn"}


def _outcome(one: Deed, say: Wording) -> Cell:
    if one.kind == "erasure":
        return say("papers", count=say.count(one.payloads))
    if one.kind in _OF_DOWNLOADS:
        return say(_OF_DOWNLOADS[one.kind])
    if one.kind == "certificate":
        return say("cause_disposed" if one.outcome == "disposed" else "cause_expired")
    if one.outcome == "objection":
        return Marked(say("objection"), "objection")
    return say("in_order") if one.kind == "review" else say("ended")


def _cap_rows(step: CapStep, source: SourceFigures, say: Wording) -> Iterator[tuple[Cell, ...]]:
    """Give a row for each cap that moved; a change that moves none is told of all the same."""
    implied = implied_of(source)
    moved = [name for name in LIMITS if getattr(step.before, name) != getattr(step.after, name)]
    for name in moved:
        yield (
            say.moment(step.time),
            say(f"cap_{name}"),
            _direction(name, step.before, step.after, say),
            _amount(name, step.before, implied, say),
            _amount(name, step.after, implied, say),
            short_key(step.key),
            step.position,
        )
    if not moved:
        nothing = say("nothing")
        yield (
            say.moment(step.time),
            say("no_cap"),
            say("unchanged"),
            nothing,
            nothing,
            short_key(step.key),
            step.position,
        )


def _direction(name: str, before: Caps, after: Caps, say: Wording) -> Marked:
    """Say whether more may now be learned, or less; a limit that is dropped allows more."""
    old: Fraction | None = getattr(before, name)
    new: Fraction | None = getattr(after, name)
    if old is None:
        return Marked(say("limited"), "lowered")
    if new is None:
        return Marked(say("lifted"), "raised")
    return Marked(say("raised"), "raised") if new > old else Marked(say("lowered"), "lowered")


def _amount(name: str, caps: Caps, implied: Implied, say: Wording) -> str:
    cap: Fraction | None = getattr(caps, name)
    if cap is None:
        return say("nothing")
    if name == "delta":
        return short(cap)
    if not implied.known:
        return spent(cap)
    return say("both", amount=spent(cap), epsilon=implied.short(cap))


def _key_row(step: KeyStep, whose: str, say: Wording) -> tuple[Cell, ...]:
    return (
        say.moment(step.time),
        whose,
        say("replaced"),
        short_key(step.old),
        short_key(step.new),
        say("both_keys"),
        step.position,
    )


def _publication(one: Change, first: bool, say: Wording) -> tuple[Cell, ...]:  # noqa: FBT001
    return (
        say.moment(one.time),
        _kind(one, first, say),
        shown(one.dataset),
        spent(one.per_agreement) if one.per_agreement is not None else "",
        one.digest[:16],
        one.position,
    )


def _kind(one: Change, first: bool, say: Wording) -> Cell:  # noqa: FBT001
    if one.kind == "dataset":
        return say("change_dataset")
    if one.departs:
        return Marked(say("change_departs"), "departs")
    return (
        say("change_first") if first else say("change_policy", version=say.count(one.version or 0))
    )


def _position(row: tuple[Cell, ...]) -> int:
    last = row[-1]
    return last if isinstance(last, int) else 0


def _witness(vkey: str) -> str:
    """Name a witness by its key; text that is no key is cut like any other."""
    return shown(vkey.split("+", 1)[0], 40)
