"""How an audit's report looks in a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.amounts import charged
from sandbox.cli.findings import what, why
from sandbox.cli.language import Language
from sandbox.cli.tables import account, number, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.errors import NotVerified
from sandbox.ledger.balance import Balance
from sandbox.ledger.findings import Finding
from sandbox.ledger.verify import Report
from sandbox.model.cost import text

MAX_SHOWN = 20
"""Findings that a person is shown; `--json` has them all."""
MAX_DIGITS = 20
"""Characters of a balance in a table."""


def outcome_of(report: Report) -> Outcome:
    """Say whether a ledger holds; if not, name every entry that does not."""

    def view(lang: Language) -> RenderableType:
        parts: list[RenderableType] = [_headline(report, lang)]
        if report.findings:
            parts.append(_findings(report.findings, lang))
        if report.cosigned:
            parts.append(_witnesses(report.cosigned, lang))
        if report.verified:
            parts += [_counts(report.counts, lang), _balances(report.balances, lang)]
        return Group(*parts)

    return Outcome(_data(report), view, 0 if report.verified else NotVerified.exit_code)


def _headline(report: Report, lang: Language) -> RenderableType:
    size = number(report.size)
    if report.verified:
        return Text(texts.VERIFIED(lang, size=size, root=report.root[:16]), style="bold green")
    count = sum(finding.severity == "error" for finding in report.findings)
    return Text(texts.NOT_VERIFIED(lang, count=count, size=size), style="bold red")


def _findings(findings: Sequence[Finding], lang: Language) -> RenderableType:
    headings = (texts.ENTRY, texts.FINDING, texts.WHY)
    rows = [
        (
            "" if finding.index is None else str(finding.index),
            Text(printable(what(finding, lang)), style="red"),
            why(finding, lang),
        )
        for finding in findings[:MAX_SHOWN]
    ]
    return table([heading(lang) for heading in headings], rows, right=[0])


def _witnesses(cosigned: Mapping[str, int], lang: Language) -> RenderableType:
    rows = [(name, _moment(time)) for name, time in cosigned.items()]
    return table([texts.WITNESS(lang), texts.SIGNED_AT(lang)], rows)


def _moment(time: int) -> str:
    """Write POSIX seconds as a time in UTC, if a calendar has it."""
    try:
        return datetime.fromtimestamp(time, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return str(time)


def _counts(counts: Mapping[str, int], lang: Language) -> RenderableType:
    parts = [f"{_kind(name, lang)} {count}" for name, count in counts.items()]
    return Text(printable(" · ".join(parts)), style="dim")


def _kind(name: str, lang: Language) -> str:
    phrase = texts.ENTRY_KINDS.get(name)
    return phrase(lang) if phrase else name


def _balances(balances: Mapping[str, Balance], lang: Language) -> RenderableType:
    headings = (texts.ACCOUNT, texts.ACCOUNTING, texts.SPENT, texts.CAP)
    rows = [
        (account(name), balance.accounting, _amount(balance.spent), _cap(name, balances))
        for name, balance in balances.items()
    ]
    return table([heading(lang) for heading in headings], rows, right=[2, 3])


def _cap(name: str, balances: Mapping[str, Balance]) -> str:
    """Write a cap; a person without a limit of their own has one that nobody can reach."""
    kind, _, rest = name.partition("/")
    source = balances.get(f"source/{rest.rpartition('/')[0]}") if kind == "person" else None
    cap = balances[name].cap
    return "–" if source is not None and cap > source.cap else _amount(cap)


def _amount(value: Fraction) -> str:
    """Write a balance exactly, so that it can be added up by hand; an absurd one is cut."""
    exact = text(value)
    return exact if len(exact) <= MAX_DIGITS else charged(exact)


def _data(report: Report) -> dict[str, Any]:
    balances = {
        name: {
            "accounting": balance.accounting,
            "cap": text(balance.cap),
            "spent": text(balance.spent),
        }
        for name, balance in report.balances.items()
    }
    return {
        "verified": report.verified,
        "size": report.size,
        "root": report.root,
        "findings": [asdict(finding) for finding in report.findings],
        "counts": dict(report.counts),
        "balances": balances,
        "cosigned": dict(report.cosigned),
    }
