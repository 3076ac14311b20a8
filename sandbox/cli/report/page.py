"""The page itself: templates filled with figures, escaped throughout."""

from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sandbox.cli.report import claims
from sandbox.cli.report.changes import of_the_site
from sandbox.cli.report.choices import Choices
from sandbox.cli.report.heat_map import heat_map
from sandbox.cli.report.implied import implied_of
from sandbox.cli.report.reading import Audited
from sandbox.cli.report.view import activity, budgets, finding_groups, patterns, source_views
from sandbox.cli.report.wording import Wording, left, short_key, shown, spent, unit
from sandbox.ledger.figures import Chronicle, Deed

CONTENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What the page allows itself, wherever it is opened: its own styles and nothing else."""

_STYLE = files("sandbox.cli.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
_TEMPLATES = Environment(
    loader=PackageLoader("sandbox.cli.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(
    shown=shown, spent=spent, left=left, short_key=short_key, unit=unit, implied_of=implied_of
)


def page(audited: Audited, choices: Choices) -> str:
    """Write the report as one HTML page; the same audit gives the same page."""
    say = Wording(choices.language)
    told = audited.told
    return _TEMPLATES.get_template("report.html").render(
        say=say,
        lang=choices.language,
        policy=CONTENT_POLICY,
        style=Markup(_STYLE),  # noqa: S704  (our own file, no word of the ledger's)
        choices=choices,
        report=audited.report,
        told=told,
        findings=tuple(finding_groups(audited.report.findings, choices.language)),
        researchers=len({name for one in told.sources.values() for name in one.people}),
        unanswered=max(0, told.counts["debit"] - _ended(told)),
        objections=sum(one.outcome == "objection" for one in _deeds(told)),
        budgets=budgets(told, say),
        activity=activity(told, say),
        week=heat_map(told, say, choices.zone) if told.week else None,
        patterns=patterns(told, say),
        sources=tuple(source_views(told, say)),
        oversight=tuple(of_the_site(told, say)),
        claims=claims,
        cited=audited.cited,
        positions={entry.position for entry in audited.cited},
        further=audited.further,
        version=version("datarange"),
    )


def _ended(told: Chronicle) -> int:
    """Count debits that were answered or given back."""
    return told.counts["release"] + told.counts["cancellation"]


def _deeds(told: Chronicle) -> Iterator[Deed]:
    yield from told.deeds
    for source in told.sources.values():
        yield from source.deeds
