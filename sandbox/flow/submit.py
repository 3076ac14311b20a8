"""Submit: a question becomes a priced submission with an id of its own; nothing is read or paid."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from fractions import Fraction

from policies.ask import Ask, ColumnUse
from policies.schema import Policy
from sandbox.errors import BadInput, NotFound, Place
from sandbox.flow.approve import template_of
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.fill import find_dataset
from sandbox.flow.site import Site
from sandbox.flow.strictest import policies_beside
from sandbox.flow.versions import latest
from sandbox.ledger.canonical import canonical, sha256
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.cost import Accounting, text
from sandbox.model.dataset import Dataset
from sandbox.model.emergency import Emergency
from sandbox.model.label import whose
from sandbox.model.names import AgreementId, EmergencyId, Pseudonym, SubmissionId
from sandbox.model.plan import Plan
from sandbox.model.principal import Principal
from sandbox.model.submission import Priced
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.privacy.price import LEAST_EPSILON, Offer, offer
from sandbox.query.accuracy import aim_of, cheapest, price_plan
from sandbox.query.compile import columns_used, compile_question
from sandbox.query.digest import digest_of
from sandbox.query.schema import schema_of
from sandbox.wire import AlgorithmForm, Question

LANE = "query"
MAX_PURPOSE = 128
"""Characters; a policy's purposes have no more."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A well-formed question or algorithm, ready to be judged."""

    researcher: Principal
    pseudonym: Pseudonym
    dataset: Dataset
    agreement: Agreement | None
    emergency: Emergency | None
    """The emergency that the question names, if there is such a one."""
    question: Question | AlgorithmForm
    """As it was sent."""
    ask: Ask
    received: datetime
    beside: tuple[Policy, ...]
    """Policies of all datasets that were granted together, if several: the strictest counts."""
    priced: Priced | None
    """None where the request names a closed column: then the policy has reasons to give."""

    @property
    def id(self) -> SubmissionId:
        """Digest what was asked of what, by whom and for how much.

        Equal plans at equal prices over the same snapshot and agreement are the same submission,
        however they were written: averaging over rephrased questions gains nothing. So does
        asking them again under the agreement's next version.
        """
        content = {
            "agreement": self.agreement.root if self.agreement else None,
            "snapshot": self.dataset.snapshot.id,
            "plan": digest_of(self.priced) if self.priced else None,
            "epsilon": text(self.ask.epsilon),
            "charge": text(self.ask.charge),
        }
        return SubmissionId(sha256(canonical(content)))

    @property
    def quantum(self) -> Fraction:
        """Seconds between the ticks at which its answer may appear: the longest of all policies."""
        policies = (self.dataset.policy, *self.beside)
        return max(policy.timing.quantum for policy in policies)

    @property
    def request(self) -> bytes:
        """Canonical JSON of the question as sent, for the ledger's commitment."""
        kind = "question" if isinstance(self.question, Question) else "algorithm"
        return canonical({"researcher": self.researcher.name, kind: asdict(self.question)})

    @property
    def names_emergency(self) -> bool:
        """Whether an emergency is to pay for it."""
        return isinstance(self.question, Question) and self.question.emergency is not None


def submit(site: Site, researcher: Principal, question: Question) -> Submitted:
    """Read, compile and price a question.

    Raises:
        BadInput: the question is malformed, or its price absurd.
        NotFound: no such dataset, or no such agreement of this researcher's.
        NotPermitted: not a researcher.
    """
    demand(researcher, Verb.ASK)
    received = site.clock.now()
    with site.books.read() as page:
        dataset = find_dataset(page, question.dataset)
    plan = _compiled(dataset, question)
    paid = _paid(dataset, question, plan)
    with site.books.read() as page:
        agreement = paying_agreement(page, researcher, question, received)
        beside = policies_beside(page, agreement) if agreement else ()
        emergency = (
            page.emergencies.find(EmergencyId(question.emergency)) if question.emergency else None
        )
    ask = _ask(dataset, agreement, question, paid, received)
    priced = None if plan is None else price_plan(plan, schema_of(dataset.policy), paid)
    if priced is not None and question.emergency is not None:
        ask = replace(ask, template=template_of(dataset.policy, priced.plan))
    return Submitted(
        researcher=researcher,
        pseudonym=site.pseudonyms.of(researcher.name),
        dataset=dataset,
        agreement=agreement,
        emergency=emergency,
        question=question,
        ask=ask,
        received=received,
        beside=beside,
        priced=priced,
    )


def _compiled(dataset: Dataset, question: Question) -> Plan | None:
    """Compile a question; None where it names a closed column, for the policy to say so."""
    schema = schema_of(dataset.policy)
    shut = {name for name, clause in dataset.policy.columns.items() if not clause.is_open}
    if any(column in shut for column, _ in columns_used(question, schema)):
        return None
    return compile_question(question, schema)


def _paid(dataset: Dataset, question: Question, plan: Plan | None) -> Offer:
    """Read the price that a question names, or find the one that its accuracy takes.

    Raises:
        BadInput: as `offered`, `aim_of` and `cheapest` say.
    """
    aim = aim_of(question)
    if aim is None:
        return offered(dataset, question)
    privacy = dataset.policy.privacy
    terms = Accounting(privacy.accounting), privacy.budget.delta
    if plan is None:  # Refused, whatever the price.
        return offer(*terms, epsilon=text(LEAST_EPSILON), rho=None)
    return cheapest(plan, schema_of(dataset.policy), terms, aim, rows_declared(dataset, plan))


def rows_declared(dataset: Dataset, plan: Plan) -> int | None:
    """Give the number of rows that the owner publishes; of people, where rows become people."""
    size = dataset.policy.metadata.size
    if size is None:
        return None
    return size.rows if plan.people is None else size.people


def offered(dataset: Dataset, question: Question | AlgorithmForm) -> Offer:
    """Read the price that a request names.

    Raises:
        BadInput: it is malformed or absurd.
    """
    privacy = dataset.policy.privacy
    return offer(
        Accounting(privacy.accounting),
        privacy.budget.delta,
        epsilon=question.epsilon,
        rho=question.rho,
    )


def paying_agreement(
    page: Page, researcher: Principal, question: Question | AlgorithmForm, now: datetime
) -> Agreement | None:
    """Find the agreement that pays: the one named, else the researcher's only one that could.

    Raises:
        NotFound: code `agreement.unknown`; the one named is not this researcher's.
        BadInput: code `agreement.ambiguous`.
    """
    if question.agreement is not None:
        named = page.agreements.find(AgreementId(question.agreement))
        if named is None or not may(researcher, Verb.READ_AGREEMENT, of_agreement(page, named)):
            raise NotFound(
                "You have no such agreement",
                code="agreement.unknown",
                place=Place(clause="agreement"),
            )
        return latest(page, named)
    own = [
        agreement
        for agreement in page.agreements.labelled(whose(researcher.name))
        if question.dataset in agreement.clauses.datasets
        and may(researcher, Verb.READ_AGREEMENT, of_agreement(page, agreement))
    ]
    live = [agreement for agreement in own if _could_pay(agreement, now)]
    if len(live) > 1:
        raise BadInput(
            "You have several agreements over this dataset; name one: "
            + ", ".join(agreement.id for agreement in live),
            code="agreement.ambiguous",
            place=Place(clause="agreement"),
        )
    return next(iter(live or own[-1:]), None)


def _could_pay(agreement: Agreement, now: datetime) -> bool:
    clauses = agreement.clauses
    within = clauses.starts <= now.date() <= clauses.ends
    return agreement.state is AgreementState.IN_FORCE and within


def _ask(
    dataset: Dataset,
    agreement: Agreement | None,
    question: Question,
    paid: Offer,
    now: datetime,
) -> Ask:
    used = columns_used(question, schema_of(dataset.policy))
    agreed = agreement.clauses.purpose if agreement else ""
    return Ask(
        dataset=dataset.name,
        lane=LANE,
        purpose=agreed if question.purpose is None else purpose_as_written(question.purpose),
        today=now.date(),
        columns=tuple(ColumnUse(column, use) for column, use in used),
        epsilon=paid.epsilon,
        charge=paid.cost.spent_under(paid.accounting),
    )


def purpose_as_written(written: str) -> str:
    """Give a purpose as it was written; every reason against it would quote it.

    Raises:
        BadInput: code `question.purpose`; no policy has one so long.
    """
    if len(written) > MAX_PURPOSE:
        raise BadInput(
            f"A purpose has at most {MAX_PURPOSE} characters",
            code="question.purpose",
            place=Place(clause="purpose"),
        )
    return written
