"""From figures to what a page shows of them: plots, and lists of bearable length."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from sandbox.cli.findings import why
from sandbox.cli.language import Language
from sandbox.cli.report import accounts, changes, parts, tree
from sandbox.cli.report.bars import MAX_BARS, Bar, bars
from sandbox.cli.report.burn_down import burn_down
from sandbox.cli.report.drawing import Plot, Table
from sandbox.cli.report.implied import implied_of, short
from sandbox.cli.report.reasons import REASONS
from sandbox.cli.report.sheets import Sheet
from sandbox.cli.report.stacked import MAX_BARS as MAX_BARS_OVER_TIME
from sandbox.cli.report.stacked import Series, stacks, stacks_table
from sandbox.cli.report.wording import Wording, left, share, shown, spent, unit
from sandbox.ledger.anomalies import MAX_ENTRIES, RULES, Incident
from sandbox.ledger.asked import OTHER
from sandbox.ledger.figures import Chronicle, SourceFigures
from sandbox.ledger.findings import Finding

MAX_REASONS = 6
"""Reasons of refusals that a plot tells apart."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule in words, with the incidents that meet it."""

    name: str
    words: str
    count: int
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """What a page shows of one source, from top to bottom."""

    id: str
    name: str
    figures: SourceFigures
    delta: str
    reserved: str
    """What of the rest only an emergency may have; empty where nothing is kept back."""
    burn_down: Plot
    implied: str
    tree: Sheet
    by_agreement: Plot | None
    accounts: tuple[Sheet, ...]
    refusals: Plot | None
    changes: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of one code: what is wrong, why it matters, and where first."""

    code: str
    severity: str
    why: str
    messages: tuple[str, ...]
    """The first one, and those about the log as a whole."""
    entries: tuple[int, ...]
    further: int
    """Entries beyond those."""


def finding_groups(findings: Sequence[Finding], language: Language) -> Iterator[FindingGroup]:
    """Gather findings by code, errors first: a thousand small ones must not hide a grave one."""
    codes = dict.fromkeys(
        one.code for one in sorted(findings, key=lambda one: one.severity != "error")
    )
    for code in codes:
        group = [one for one in findings if one.code == code]
        placed = [one.index for one in group if one.index is not None]
        messages = [one.message for one in group[:1]]
        messages += [one.message for one in group[1:] if one.index is None]
        yield FindingGroup(
            code,
            group[0].severity,
            why(group[0], language),
            tuple(messages),
            tuple(placed[:MAX_ENTRIES]),
            max(0, len(placed) - MAX_ENTRIES),
        )


def source_views(told: Chronicle, say: Wording) -> Iterator[SourceView]:
    """Show each source, in the order of the log."""
    for number, source in enumerate(told.sources.values()):
        id_ = f"source-{number}"
        zcdp = source.accounting == "zcdp"
        reserved = f"{unit(source.accounting)} {left(source.reserved)}" if source.reserved else ""
        yield SourceView(
            id=id_,
            name=shown(source.name),
            figures=source,
            delta=short(source.caps.delta) if zcdp else "",
            reserved=reserved,
            burn_down=burn_down(source, say, f"{id_}-burn"),
            implied=_implied(source, say),
            tree=tree.tree(source, say, f"{id_}-tree"),
            by_agreement=_by_agreement(source, say, f"{id_}-agreements"),
            accounts=tuple(_accounts(source, say, id_)),
            refusals=_refusals(source, say, f"{id_}-refusals"),
            changes=tuple(
                make(source, say, f"{id_}-{name}")
                for name, make in (
                    ("given-back", changes.given_back),
                    ("caps", changes.caps_and_keys),
                    ("changes", changes.publications),
                    ("deeds", changes.deeds),
                )
            ),
        )


def _accounts(source: SourceFigures, say: Wording, id: str) -> Iterator[Sheet]:  # noqa: A002
    """Show accounts of each kind, as far as the source has them."""
    if source.agreements:
        yield accounts.agreements(source, say, f"{id}-agreement-list")
        yield accounts.people(source, say, f"{id}-people")
    yield from accounts.periods(source, say, f"{id}-periods")
    yield from parts.parts(source, say, f"{id}-parts")
    emergencies = accounts.emergencies(source, say, f"{id}-emergencies")
    if emergencies:
        yield emergencies


def budgets(told: Chronicle, say: Wording) -> Plot | None:
    """Compare what the sources have used of their caps."""
    rows, cells = [], []
    for source in told.sources.values():
        account = source.account
        used = say.percent(account.spent, account.cap)
        named = unit(account.accounting)
        note = f"{named} {spent(account.spent)} / {spent(account.cap)} · {used}"
        rows.append(Bar(shown(source.name), note, _drawn(share(account.spent, account.cap)), 1.0))
        cells.append((shown(source.name), named, spent(account.spent), spent(account.cap), used))
    if not rows:
        return None
    headings = (say("source"), say("accounting"), say("used"), say("cap"), say("share"))
    return Plot(
        "budgets",
        say("budgets"),
        say("budgets_text"),
        bars(rows),
        Table(headings, tuple(cells)),
    )


def activity(told: Chronicle, say: Wording) -> Plot | None:
    """Show what became of requests over time."""
    if not told.activity.steps():
        return None
    series = (
        Series(("release",), "s0", say("released_one")),
        Series(("failure",), "s1", say("failed_one")),
        Series(("refusal",), "s2", say("refused_one")),
        Series(("cancellation",), "s3", say("given_back_one")),
    )
    width = told.activity.spanned(MAX_BARS_OVER_TIME["wide"]).hours
    return Plot(
        "activity",
        say("activity"),
        say("activity_text", step=say.step(width)),
        stacks(told.activity, series, say),
        stacks_table(told.activity, series, say),
        tuple((one.css, one.name) for one in series),
    )


def patterns(told: Chronicle, say: Wording) -> tuple[Pattern, ...]:
    """Say each rule in words, and what met it."""
    return tuple(
        Pattern(
            say("failures_name" if name == "failures" else name),
            say(f"{name}_rule", least=rule.least, within=_duration(rule.within, say)),
            told.watch.counts[name],
            tuple(told.watch.incidents[name]),
        )
        for name, rule in RULES.items()
    )


def _duration(time: timedelta, say: Wording) -> str:
    hour = timedelta(hours=1)
    if time >= hour:
        return say("hour_one" if time == hour else "hours_long", count=time // hour)
    return say("minutes", count=time // timedelta(minutes=1))


def _implied(source: SourceFigures, say: Wording) -> str:
    """Say what rho means in epsilon, or why that is not said."""
    implied = implied_of(source)
    if source.accounting == "pure":
        return ""
    if not implied.known:
        return say("no_delta")
    return say(
        "implied",
        delta=implied.delta_text,
        spent=implied.short(source.spent),
        cap=implied.short(source.caps.source),
    )


def _by_agreement(source: SourceFigures, say: Wording, id: str) -> Plot | None:  # noqa: A002
    ordered = sorted(source.agreements, key=lambda one: one.spent, reverse=True)
    if not ordered:
        return None
    rows = []
    for agreement in ordered[:MAX_BARS]:
        whole = source.caps.source
        used = say.percent(agreement.spent, agreement.cap)
        filled, mark = share(agreement.spent, whole), share(agreement.cap, whole)
        note = f"{spent(agreement.spent)} / {spent(agreement.cap)} · {used}"
        rows.append(Bar(shown(agreement.name, 28), note, _drawn(filled), _drawn(mark)))
    elsewhere = Table((), ())  # The page lists all agreements below the drawing.
    return Plot(id, say("by_agreement"), say("by_agreement_text"), bars(rows), elsewhere)


def _refusals(source: SourceFigures, say: Wording, id: str) -> Plot | None:  # noqa: A002
    if not source.codes:
        return None
    series = tuple(_reasons(source.codes, say))
    width = source.refusals.spanned(MAX_BARS_OVER_TIME["wide"]).hours
    count = say.count(source.counts["refusal"])
    return Plot(
        id,
        say("refusals_over_time"),
        say("refusals_text", count=count, step=say.step(width)),
        stacks(source.refusals, series, say),
        stacks_table(source.refusals, series, say),
        tuple((one.css, f"{one.name} ({say.count(one.of(source.codes))})") for one in series),
    )


def _reasons(codes: Counter[str], say: Wording) -> Iterator[Series]:
    """Tell the commonest reasons apart and gather the others."""
    ordered = [code for code, _ in codes.most_common() if code != OTHER]
    for number, code in enumerate(ordered[:MAX_REASONS]):
        yield Series((code,), f"s{number}", reason(code, say))
    rest = (*ordered[MAX_REASONS:], *({OTHER} & codes.keys()))
    if rest:
        yield Series(rest, f"s{MAX_REASONS}", say("other_reasons"))


def reason(code: str, say: Wording) -> str:
    """Name a reason in words; a code that this version does not know speaks for itself."""
    known = REASONS.get(code)
    return known(say.language) if known else shown(code)


def _drawn(part: Fraction) -> float:
    """Turn a share into a place on a page, which a hostile fraction must not overflow."""
    return float(min(part, Fraction(2)))
