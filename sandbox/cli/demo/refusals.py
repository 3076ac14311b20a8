"""Chapter 5: what is refused, each time with every reason, and at no cost."""

from collections.abc import Callable

from sandbox.cli import failure
from sandbox.cli.amounts import charged, unit_of
from sandbox.cli.demo import narration
from sandbox.cli.demo.cast import DATASET, Cast
from sandbox.cli.demo.stage import Stage, broken
from sandbox.cli.language import Phrase
from sandbox.client import Answer, Dataset, count
from sandbox.errors import BadInput, DataRangeError, Refused

FAIR = "0.1"
"""Epsilon that would fit; what is refused is something else."""


def refuse_today(stage: Stage, cast: Cast) -> None:
    """Ask what may not be asked, five times; spend nothing."""
    stage.chapter(5, narration.REFUSE, narration.REFUSE_TEXT)
    spent = _spent(cast)
    hie = cast.range_of("researcher").dataset(DATASET)
    for title, line, ask in _requests(hie):
        _refused(stage, title, line, ask)
    _unchanged(stage, cast, spent)


def refuse_later(stage: Stage, cast: Cast) -> None:
    """Ask after the agreed period."""
    spent = _spent(cast)
    hie = cast.range_of("researcher").dataset(DATASET)
    query = hie.measure(count())
    _refused(
        stage,
        narration.EXPIRED,
        f"hie.measure(dr.count()).release(epsilon={FAIR})",
        lambda: query.release(epsilon=FAIR),
    )
    _unchanged(stage, cast, spent)


def _requests(hie: Dataset) -> list[tuple[Phrase, str, Callable[[], Answer]]]:
    rows = hie.measure(count())
    closed = "SELECT AVG(income) FROM hie"
    torn = "SELECT site, AVG(meddol FROM hie GROUP BY site"
    trade = "insurance-pricing"
    return [
        (
            narration.OVER_BUDGET,
            "hie.measure(dr.count()).release(epsilon=2)",
            lambda: rows.release(epsilon=2),
        ),
        (
            narration.CLOSED_COLUMN,
            f'hie.sql("{closed}", epsilon={FAIR})',
            lambda: hie.sql(closed, epsilon=FAIR),
        ),
        (
            narration.OTHER_PURPOSE,
            f'hie.measure(dr.count()).release(epsilon={FAIR}, purpose="{trade}")',
            lambda: rows.release(epsilon=FAIR, purpose=trade),
        ),
        (
            narration.ALL_AT_ONCE,
            f'hie.sql("{closed}", epsilon=2, purpose="{trade}")',
            lambda: hie.sql(closed, epsilon=2, purpose=trade),
        ),
        (
            narration.MALFORMED,
            f'hie.sql("{torn}", epsilon={FAIR})',
            lambda: hie.sql(torn, epsilon=FAIR),
        ),
    ]


def _refused(stage: Stage, title: Phrase, line: str, ask: Callable[[], Answer]) -> None:
    stage.gap()
    stage.say(title, style="bold")
    stage.typed("researcher", line)
    try:
        ask()
    except (Refused, BadInput) as error:
        stage.show(failure.statement(error, stage.lang))
        stage.facts.setdefault("refusals", []).append(_codes(error))
        return
    broken(f"this was not refused: {line}")


def _codes(error: DataRangeError) -> list[str]:
    if isinstance(error, Refused):
        return [reason.code for reason in error.reasons]
    return [error.code]


def _unchanged(stage: Stage, cast: Cast, before: str) -> None:
    (agreement,) = cast.range_of("researcher").agreements()
    if agreement.spent != before:
        broken("a refusal cost something")
    unit = unit_of(agreement.accounting)
    stage.say(narration.UNCHANGED, style="green", unit=unit, spent=charged(before))


def _spent(cast: Cast) -> str:
    (agreement,) = cast.range_of("researcher").agreements()
    return agreement.spent
