"""Rule R17: the steps of an application between its receipt and its decision, and their order.

The product's own table is `sandbox.model.course`; this one is written separately, from the rule.
Versions before this one had no steps: what was granted before a log's first one is judged by the
other rules alone.
"""

from collections.abc import Mapping

from sandbox.ledger import records
from sandbox.ledger.findings import shown
from sandbox.ledger.standing import Broken, Course, Standing

DRAFT, OPEN, WAITING, ASSESSED, OVER = "draft", "open", "waiting", "assessed", "over"

_NEXT: Mapping[tuple[str, str], str] = {
    (DRAFT, "edit"): DRAFT,
    (DRAFT, "withdraw"): OVER,
    **{(state, "supplement"): WAITING for state in (OPEN, ASSESSED)},
    **{(state, "assess"): ASSESSED for state in (OPEN, ASSESSED)},
    **{(state, "withdraw"): OVER for state in (OPEN, WAITING, ASSESSED)},
    **{(state, move): state for state in (OPEN, ASSESSED) for move in ("consent", "decline")},
    (WAITING, "resubmit"): OPEN,
}
"""Where a step leads; what does not stand here is out of order."""
_APPLICANTS = frozenset(("draft", "edit", "resubmit", "withdraw"))
_OWNERS = frozenset(("consent", "decline"))


def step(stands: Standing, step: records.Step) -> Broken:
    """Take one step (R17)."""
    stands.stepped = True
    course = stands.courses.get(step.application)
    if step.move == "draft":
        if course is not None:
            yield "step.order", f"{shown(step.application)} was begun before"
        stands.courses.setdefault(step.application, Course(DRAFT, step.by, steps=1))
        return
    if course is None:
        yield "step.application", f"There is no application {shown(step.application)}"
        return
    course.steps += 1
    yield from _by(course, step)
    yield from _about(stands, step)
    after = _NEXT.get((course.state, step.move))
    if after is None:
        yield "step.order", f"No {shown(step.move)} while the application is {course.state}"
        return
    _take(course, step, after)


def receive(stands: Standing, application: records.Application) -> Broken:
    """Let an application be submitted, from its draft or at once."""
    course = stands.courses.setdefault(application.application, Course(OPEN))
    if course.state == DRAFT:
        course.state = OPEN
    elif course.steps:
        yield "step.order", f"{shown(application.application)} was withdrawn, or received before"


def decide(stands: Standing, decision: records.Decision) -> Broken:
    """Let an application be decided, if what must come before a grant has come."""
    course = stands.courses.get(decision.application)
    if course is None:
        return
    if course.steps and course.state in {DRAFT, OVER}:
        yield "decision.application", f"{shown(decision.application)} waited for no decision"
    course.bare = not stands.stepped
    if decision.granted and course.state != ASSESSED and not course.bare:
        yield "decision.unassessed", f"{shown(decision.application)} was {course.state}"
    course.state = OVER


def covered(stands: Standing, agreement: records.Agreement) -> Broken:
    """Find what an agreement covers, and should not (R6)."""
    application = stands.applications.get(agreement.application)
    course = stands.courses.get(agreement.application)
    if course is None or application is None:
        return
    if course.bare:
        if application.dataset not in agreement.datasets:
            yield "agreement.datasets", f"{shown(application.dataset)} was applied for"
        return
    if course.applicant not in {None, agreement.researcher}:
        yield "agreement.researcher", "Somebody else than its applicant has signed"
    if not agreement.datasets:
        yield "agreement.datasets", "It covers nothing that was applied for"
    for name in agreement.datasets:
        if not course.consents.get(name):
            yield "agreement.consent", f"The owner of {shown(name)} has not consented"


def _by(course: Course, step: records.Step) -> Broken:
    """Hold all moves of the applicant's to one person."""
    if step.move in _APPLICANTS:
        course.applicant = course.applicant or step.by
        if step.by != course.applicant:
            yield "step.by", f"Somebody else than the applicant did {shown(step.move)}"


def _about(stands: Standing, step: records.Step) -> Broken:
    """Find consents for nothing, and datasets where none belongs."""
    if (step.move in _OWNERS) != (step.dataset is not None):
        yield "step.dataset", f"{shown(step.move)} names a dataset where none belongs, or none"
    elif step.dataset is not None and step.dataset not in stands.policies:
        yield "step.dataset", f"There is no dataset {shown(step.dataset)}"


def _take(course: Course, step: records.Step, after: str) -> None:
    course.state = after
    if step.move == "resubmit":
        course.consents.clear()
    elif step.move in _OWNERS and step.dataset is not None:
        course.consents[step.dataset] = step.move == "consent"
