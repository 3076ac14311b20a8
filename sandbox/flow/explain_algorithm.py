"""Explain an algorithm before it is paid: books and policy are read, no rows; nothing is run."""

from sandbox.errors import Refused
from sandbox.flow.authorise import demand
from sandbox.flow.budget import way_of
from sandbox.flow.check import check, reasons_of
from sandbox.flow.explain import is_paid, notes, reason_messages
from sandbox.flow.lane import require_lane
from sandbox.flow.release import cost_message
from sandbox.flow.site import Site
from sandbox.flow.submit import Submitted
from sandbox.flow.submit_algorithm import submit_algorithm
from sandbox.model.cost import text
from sandbox.model.principal import Principal
from sandbox.model.submission import PricedAlgorithm
from sandbox.model.verb import Verb
from sandbox.query.algorithm import forecast_algorithm
from sandbox.query.cautions import cautions
from sandbox.query.digest import digest_of
from sandbox.wire import AlgorithmExplanation, AlgorithmForm, ReasonMessage


def explain_algorithm(
    site: Site, researcher: Principal, form: AlgorithmForm
) -> AlgorithmExplanation:
    """Say what an algorithm costs, how wide its noise is, how long it takes, and what is unwise.

    Raises:
        BadInput, NotFound, NotPermitted, Unavailable: as for submitting it.
        Refused: it names a closed column.
    """
    demand(researcher, Verb.EXPLAIN)
    submitted = submit_algorithm(site, researcher, form)
    with site.books.read() as page:
        known = page.submissions.find(submitted.id) if submitted.priced else None
        now = site.clock.now()
        way = way_of(page, submitted, now)
        verdict = check(submitted, way, now, paid_already=is_paid(known))
    priced = submitted.priced
    if not isinstance(priced, PricedAlgorithm):
        raise Refused(reasons_of(verdict))
    return _explanation(
        submitted,
        priced,
        workers=require_lane(site).workers,
        remaining=text(way.path.leaves[0].remaining) if submitted.agreement else None,
        reasons=reason_messages(verdict),
    )


def _explanation(
    submitted: Submitted,
    priced: PricedAlgorithm,
    *,
    workers: int,
    remaining: str | None,
    reasons: tuple[ReasonMessage, ...],
) -> AlgorithmExplanation:
    algorithm, size = priced.algorithm, submitted.dataset.policy.metadata.size
    outputs = forecast_algorithm(priced)
    people = size.people // algorithm.blocks if size else None
    note, note_zh = notes(priced)
    return AlgorithmExplanation(
        digest=digest_of(priced),
        blocks=algorithm.blocks,
        people_a_block=people,
        rows_a_block=size.rows // algorithm.blocks if size else None,
        seconds=text(algorithm.seconds),
        duration=algorithm.schedule(workers).duration,
        cost=cost_message(priced),
        remaining=remaining,
        outputs=outputs,
        cautions=cautions(outputs, people),
        permitted=not reasons,
        reasons=reasons,
        note=note,
        note_zh=note_zh,
    )
