"""Refuse what nobody should pay for: noise that is wider than all that the answer could be."""

from sandbox.errors import BadInput, Place
from sandbox.flow.submit import Submitted, rows_declared
from sandbox.model.submission import PricedPlan
from sandbox.query.accuracy import hopeless
from sandbox.query.wording import shown
from sandbox.wire import Question


def refuse_hopeless(submitted: Submitted) -> None:
    """Stop a question whose answer would say nothing, unless it is forced.

    Raises:
        BadInput: code `question.hopeless`; nothing was paid.
    """
    question, priced = submitted.question, submitted.priced
    if not isinstance(question, Question) or not isinstance(priced, PricedPlan) or question.force:
        return
    named = hopeless(priced, rows_declared(submitted.dataset, priced.plan))
    if named:
        message = (
            f"At this price the noise of {', '.join(map(shown, named))} is wider than all that it "
            "could be; pay more, ask for less, or force it"
        )
        raise BadInput(message, code="question.hopeless", place=Place(clause="epsilon"))
