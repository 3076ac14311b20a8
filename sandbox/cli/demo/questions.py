"""Chapter 4: price, error, answer, proof; and every number beside the truth."""

from collections.abc import Mapping, Sequence

from sandbox.cli.amounts import charged, left, unit_of
from sandbox.cli.demo import narration, truth
from sandbox.cli.demo.beside import beside, compare
from sandbox.cli.demo.cast import DATASET, Cast
from sandbox.cli.demo.stage import Stage, broken
from sandbox.cli.language import Phrase
from sandbox.cli.tables import number
from sandbox.client import Answer, Dataset, Query, mean, people
from sandbox.client import sum as total
from sandbox.wire import AgreementCard, DatasetCard

ADULTS = "xage >= 18"
SQL = (
    "SELECT site, female, AVG(meddol) AS mean, SUM(meddol) AS total FROM hie "
    "WHERE xage >= 18 GROUP BY site, female"
)
"""The second question once more; the site compiles both to one plan."""
FIRST, SECOND = "0.5", "1"
"""Epsilon of the two answers that cost something; `narration.BUDGET` names them."""


def ask(stage: Stage, cast: Cast) -> None:
    """Ask three questions; the third is the second again, so it costs nothing."""
    stage.chapter(4, narration.ASK, narration.ASK_TEXT)
    researcher = cast.range_of("researcher")
    hie = researcher.dataset(DATASET)
    first = _people_by_site(stage, hie)
    second = _spending(stage, hie)
    _same_in_sql(stage, hie, second)
    for answer in (first, second):
        answer.receipt.verify()
    stage.say(narration.RECEIPTS, style="green")
    (agreement,) = researcher.agreements()
    _show_budget(stage, hie, agreement)


def _people_by_site(stage: Stage, hie: Dataset) -> Answer:
    stage.typed("researcher", 'q = hie.group_by("site").measure(dr.people())')
    query = hie.group_by("site").measure(people())
    answer = _released(stage, query, FIRST)
    stage_truth = {"people": [float(n) for n in truth.people_by_site(stage.folder.data)]}
    _beside(stage, answer, stage_truth, narration.PEOPLE)
    stage.say(narration.TRUTH_TEXT, style="dim")
    return answer


def _spending(stage: Stage, hie: Dataset) -> Answer:
    stage.typed(
        "researcher",
        f'q = hie.where("{ADULTS}").group_by("site", "female")'
        '.measure(dr.mean("meddol"), dr.sum("meddol"))',
    )
    measures = (mean("meddol", name="mean"), total("meddol", name="total"))
    query = hie.where(ADULTS).group_by("site", "female").measure(*measures)
    answer = _released(stage, query, SECOND)
    bound = _upper_bound(hie.card, "meddol")
    cells = truth.spending_of_adults(stage.folder.data, bound)
    exact = {"mean": [cell[0] for cell in cells], "total": [cell[1] for cell in cells]}
    _beside(stage, answer, exact, narration.SPENDING)
    stage.say(narration.BOUND_TEXT, style="dim", bound=number(bound))
    return answer


def _released(stage: Stage, query: Query, epsilon: str) -> Answer:
    """Look at the price, then pay it."""
    stage.typed("researcher", f"q.explain(epsilon={epsilon})")
    forecast = query.explain(epsilon=epsilon)
    widths = ", ".join(f"{one.name} {number(one.half_width, 3)}" for one in forecast.outputs)
    stage.say(
        narration.FORECAST,
        unit=unit_of(forecast.cost.accounting),
        charged=charged(forecast.cost.charged),
        remaining=left(forecast.remaining or "0"),
        half_widths=widths,
    )
    stage.typed("researcher", f"q.release(epsilon={epsilon})")
    with stage.waiting(narration.COMPUTING):
        return query.release(epsilon=epsilon)


def _beside(
    stage: Stage, answer: Answer, truths: Mapping[str, Sequence[float]], title: Phrase
) -> None:
    compared = compare(answer.columns, truths)
    held = [each for one in compared for each in one.held]
    stage.show(beside(answer.columns, compared, title(stage.lang), stage.lang))
    stage.say(narration.HELD, held=sum(held), all=len(held))
    stage.facts.setdefault("intervals", []).append({"held": sum(held), "all": len(held)})


def _same_in_sql(stage: Stage, hie: Dataset, known: Answer) -> None:
    stage.say(narration.SQL_TEXT)
    stage.typed("researcher", f'hie.sql("{SQL}", epsilon={SECOND})')
    again = hie.sql(SQL, epsilon=SECOND)
    if again.raw != known.raw:
        broken("the same question gave other bytes")
    stage.say(narration.SAME, style="green")


def _show_budget(stage: Stage, hie: Dataset, agreement: AgreementCard) -> None:
    readable = hie.group_by("site").measure(people()).explain(rho=agreement.remaining)
    stage.say(
        narration.BUDGET,
        unit=unit_of(agreement.accounting),
        spent=charged(agreement.spent),
        cap=left(agreement.cap),
        left=left(readable.cost.epsilon),
    )


def _upper_bound(card: DatasetCard, name: str) -> float:
    (column,) = [column for column in card.columns if column.name == name]
    return float(column.bounds[1])
