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
from sandbox.model.principal import Principal
from sandbox.model.submission import Priced, PricedPlan
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.privacy.price import Offer, offer, price
from sandbox.query.compile import columns_used, compile_question
from sandbox.query.digest import digest_of
from sandbox.query.parts import parts_of
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
    paid = offered(dataset, question)
    with site.books.read() as page:
        agreement = paying_agreement(page, researcher, question, received)
        beside = policies_beside(page, agreement) if agreement else ()
        emergency = (
            page.emergencies.find(EmergencyId(question.emergency)) if question.emergency else None
        )
    ask = _ask(dataset, agreement, question, paid, received)
    priced = _price(dataset, question, ask, paid)
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


def _price(dataset: Dataset, question: Question, ask: Ask, paid: Offer) -> PricedPlan | None:
    clauses = dataset.policy.columns
    shut = {name for name, clause in clauses.items() if not clause.is_open}
    if any(used.column in shut for used in ask.columns):
        return None
    schema = schema_of(dataset.policy)
    plan = compile_question(question, schema)
    return price(plan, schema, parts_of(plan, schema), paid)
