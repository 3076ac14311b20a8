"""Explain: cost and error of a question before it is paid; reads books and policy, never rows."""

from dataclasses import replace

from policies.verdict import Verdict
from sandbox.errors import Refused
from sandbox.flow.authorise import demand
from sandbox.flow.budget import way_of
from sandbox.flow.check import check, reasons_of
from sandbox.flow.release import cost_message
from sandbox.flow.site import Site
from sandbox.flow.submit import Submitted, rows_declared, submit
from sandbox.model.cost import Accounting, brief, text
from sandbox.model.principal import Principal
from sandbox.model.submission import Priced, PricedPlan, Submission, SubmissionState
from sandbox.model.verb import Verb
from sandbox.query.accuracy import hopeless
from sandbox.query.cells import cells
from sandbox.query.digest import digest
from sandbox.query.estimate import forecast
from sandbox.query.levers import levers
from sandbox.query.show import as_sql, as_tree
from sandbox.wire import Explanation, Question, ReasonMessage

ZCDP_NOTE = (
    "This answer alone is ({epsilon}, {delta})-private; it costs the rho of that, "
    "and rho adds up more slowly than epsilon, so the cap lasts longer."
)
ZCDP_NOTE_ZH = (
    "仅就本次结果而言满足 ({epsilon}, {delta})-差分隐私；按其对应的 ρ 计费，"
    "ρ 的累加慢于 ε，因此预算更耐用。"
)
PURE_NOTE = "This answer is {epsilon}-private and costs {epsilon}; epsilons add up."
PURE_NOTE_ZH = "本次结果满足 {epsilon}-差分隐私，花费 {epsilon}；各次 ε 直接相加。"
NOTES = {
    Accounting.ZCDP: (ZCDP_NOTE, ZCDP_NOTE_ZH),
    Accounting.PURE: (PURE_NOTE, PURE_NOTE_ZH),
}


def explain(site: Site, researcher: Principal, question: Question) -> Explanation:
    """Say what a question costs, how wide its noise is, and whether it would be permitted.

    Raises:
        BadInput, NotFound, NotPermitted: as for asking.
        Refused: it names a closed column, so there is no plan to explain.
    """
    demand(researcher, Verb.EXPLAIN)
    submitted = submit(site, researcher, question)
    with site.books.read() as page:
        known = page.submissions.find(submitted.id) if submitted.priced else None
        now = site.clock.now()
        way = way_of(page, submitted, now)
        verdict = check(submitted, way, now, paid_already=is_paid(known))
    priced = submitted.priced
    if not isinstance(priced, PricedPlan):
        raise Refused(reasons_of(verdict))
    return _explanation(
        submitted,
        priced,
        remaining=text(way.path.leaves[0].remaining) if submitted.agreement else None,
        reasons=reason_messages(verdict),
    )


def is_paid(known: Submission | None) -> bool:
    """Tell whether an equal request was debited, and not given back."""
    return known is not None and known.state is not SubmissionState.CANCELLED


def reason_messages(verdict: Verdict) -> tuple[ReasonMessage, ...]:
    """Write a verdict's reasons for the wire."""
    return tuple(
        ReasonMessage(r.code, r.clause, r.message, r.message_zh, r.column, r.owner)
        for r in reasons_of(verdict)
    )


def notes(priced: Priced) -> tuple[str, str]:
    """Say what the price means, in English and Chinese."""
    words = {"epsilon": cost_message(priced).epsilon, "delta": brief(priced.delta)}
    note, note_zh = NOTES[priced.accounting]
    return note.format(**words), note_zh.format(**words)


def _explanation(
    submitted: Submitted,
    priced: PricedPlan,
    *,
    remaining: str | None,
    reasons: tuple[ReasonMessage, ...],
) -> Explanation:
    rows = rows_declared(submitted.dataset, priced.plan)
    vain = hopeless(priced, rows)
    note, note_zh = notes(priced)
    return Explanation(
        plan=as_tree(priced.plan, priced.schema),
        sql=as_sql(priced.plan, priced.schema),
        digest=digest(priced.plan),
        cells=cells(priced.plan, priced.table),
        cost=cost_message(priced),
        remaining=remaining,
        outputs=tuple(replace(one, hopeless=one.name in vain) for one in forecast(priced, rows)),
        permitted=not reasons,
        reasons=reasons,
        note=note,
        note_zh=note_zh,
        levers=levers(priced, rows),
    )
