"""Approve: the questions that an owner's policy opens in an emergency, compiled."""

from collections.abc import Iterator

from policies.document import read
from policies.errors import PolicyError, PolicyErrors
from policies.schema import ApprovedQuestion, Policy
from sandbox.errors import BadInput
from sandbox.model.dataset import Dataset
from sandbox.model.label import of_source
from sandbox.model.names import SourceName
from sandbox.model.plan import Plan
from sandbox.ports import Page
from sandbox.query.approved import is_approved, without_value
from sandbox.query.compile import columns_used, compile_question
from sandbox.query.schema import schema_of
from sandbox.wire import Question

Fault = tuple[str, str]
"""The clause of an approved question that is wrong, and what is wrong with it."""


def approved_questions(policy: Policy) -> tuple[ApprovedQuestion, ...]:
    """Give what may be asked in an emergency."""
    emergency = policy.privacy.emergency
    return emergency.questions if emergency else ()


def questions_over(page: Page, source: SourceName) -> Iterator[tuple[Dataset, ApprovedQuestion]]:
    """Give what may be asked in an emergency of a source, dataset by dataset."""
    for dataset in page.datasets.labelled(of_source(source)):
        yield from ((dataset, question) for question in approved_questions(dataset.policy))


def check_questions(policy: Policy, policy_text: str) -> None:
    """Compile what a policy approves, as it is published.

    Raises:
        PolicyErrors: some question could never be asked; each with its place in the policy.
    """
    found = [
        _placed(policy_text, at, *fault)
        for at, question in enumerate(approved_questions(policy))
        for fault in _faults(policy, question)
    ]
    if found:
        raise PolicyErrors(tuple(found))


def template_of(policy: Policy, plan: Plan) -> str | None:
    """Name the approved question that this is; of several, the one that may cost the most."""
    schema = schema_of(policy)
    fitting = [
        question
        for question in approved_questions(policy)
        if is_approved(plan, _compiled(policy, question), question.parameters, schema)
    ]
    return max(fitting, key=lambda question: question.epsilon).name if fitting else None


def _compiled(policy: Policy, question: ApprovedQuestion) -> Plan:
    return compile_question(_asked(policy, question), schema_of(policy))


def _asked(policy: Policy, question: ApprovedQuestion) -> Question:
    return Question(dataset=policy.metadata.dataset, sql=question.sql)


def _faults(policy: Policy, question: ApprovedQuestion) -> list[Fault]:
    """Find why a question could never be asked, or its parameters never be set."""
    schema = schema_of(policy)
    try:
        plan = _compiled(policy, question)
    except BadInput as invalid:
        at = invalid.place
        where = f"At {at.line}:{at.column} of the question: " if at and at.line else ""
        return [("sql", f"{where}{invalid}")]
    uses = columns_used(_asked(policy, question), schema)
    shut = [(name, use) for name, use in uses if use not in policy.columns[name].use]
    if shut:
        return [("sql", f"Column '{name}' is not open for the use '{use}'") for name, use in shut]
    return [
        ("parameters", f"The question compares '{name}' with no value within its bounds")
        for name in without_value(plan, question.parameters, schema)
    ]


def _placed(policy_text: str, at: int, clause: str, message: str) -> PolicyError:
    path = ("privacy", "emergency", "questions", at, clause)
    spot = read(policy_text).spot(path).value
    return PolicyError("policy.question", ".".join(map(str, path)), message, *spot)
