"""Ask: the whole way of a question, in the order that the promise demands."""

from collections.abc import Callable
from dataclasses import asdict

from sandbox.errors import NotFound
from sandbox.flow.authorise import may, of_submission
from sandbox.flow.execute import execute
from sandbox.flow.hopeless import refuse_hopeless
from sandbox.flow.over import hold_back_if_over
from sandbox.flow.record import receipt_of, record
from sandbox.flow.release import release
from sandbox.flow.reserve import reserve
from sandbox.flow.site import Site
from sandbox.flow.submit import Submitted, submit
from sandbox.flow.workspace import opened
from sandbox.ledger.canonical import canonical
from sandbox.model.names import SubmissionId
from sandbox.model.principal import Principal
from sandbox.model.step import Step
from sandbox.model.submission import PricedAlgorithm, PricedPlan, Reservation, Submission
from sandbox.model.verb import Verb
from sandbox.wire import Question


def ask(site: Site, researcher: Principal, question: Question) -> bytes:
    """Answer a question: canonical JSON of a `wire.Released`.

    Raises:
        BadInput, NotFound, NotPermitted: the question is malformed; free.
        Refused: the policy says no; recorded and free.
        Unavailable: the site failed; if it had begun to read, the debit stands.
    """
    submitted, outcome = pay(site, researcher, question)
    if isinstance(outcome, Reservation):
        outcome = run(site, submitted, outcome)
    return released(site, outcome)


def pay(
    site: Site, researcher: Principal, question: Question
) -> tuple[Submitted, Reservation | Submission]:
    """Take a question up to its debit: nothing was read yet."""
    submitted = submit(site, researcher, question)
    refuse_hopeless(submitted)
    return pay_for(site, submitted)


def pay_for(site: Site, submitted: Submitted) -> tuple[Submitted, Reservation | Submission]:
    """Take what was submitted up to its debit: nothing was read yet."""
    site.onlooker.passed(Step.SUBMITTED)
    outcome = reserve(site, submitted)
    if isinstance(outcome, Reservation):
        site.onlooker.passed(Step.RESERVED)
    return submitted, outcome


def at_once() -> None:
    """Wait for nothing."""


def run(
    site: Site,
    submitted: Submitted,
    reservation: Reservation,
    wait: Callable[[], None] = at_once,
) -> Submission:
    """Compute, add noise and, after a wait, record what has been paid for."""
    match submitted.priced:
        case PricedPlan() as plan:
            total = execute(site, site.engine, reservation, plan)
        case PricedAlgorithm() as algorithm if site.blocks is not None:
            total = execute(site, site.blocks, reservation, algorithm)
        case _:
            raise NotFound("There is nothing to run", code="submission.unknown")
    answer = release(submitted, submitted.priced, reservation, total)
    site.onlooker.passed(Step.MEASURED)
    wait()
    return record(site, reservation, answer)


def released(site: Site, submission: Submission) -> bytes:
    """Give the stored answer with its receipt: the same bytes each time.

    Raises:
        NotFound: nothing has been released yet.
        Unavailable: the agreement's key is missing.
    """
    if submission.release is None:
        raise NotFound("This submission has no answer yet", code="submission.unanswered")
    answer = opened(site, submission)
    receipt = canonical(asdict(receipt_of(site, submission.release)))
    return b'{"answer":' + answer + b',"receipt":' + receipt + b"}"


def find_submission(site: Site, researcher: Principal, id: str) -> bytes:  # noqa: A002  (the field's name)
    """Give an answer again to whoever paid for it.

    Raises:
        NotFound: there is none, or it is another's.
        Conflict: code `agreement.over`.
    """
    with site.books.read() as page:
        submission = page.submissions.find(SubmissionId(id))
    if submission is None or not may(researcher, Verb.READ_SUBMISSION, of_submission(submission)):
        raise NotFound("You have no such submission", code="submission.unknown")
    hold_back_if_over(site, submission.agreement)
    return released(site, submission)
