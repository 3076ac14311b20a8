"""What is said of emergencies: where they stand, what comes next, and what they open."""

from shlex import quote

from policies.schema import ApprovedQuestion
from sandbox.flow.after_action import what_is_next
from sandbox.flow.authorise import emergency_state
from sandbox.flow.site import Site
from sandbox.model.cost import text
from sandbox.model.dataset import Dataset
from sandbox.model.emergency import Emergency, review_due
from sandbox.wire import ApprovedCard, EmergencyCard


def emergency_card(site: Site, emergency: Emergency) -> EmergencyCard:
    """Say where an emergency stands."""
    now = site.clock.now()
    due = review_due(emergency, site.calendar, now, site.zone)
    confirmed, reviewed = emergency.confirmed, emergency.reviewed
    return EmergencyCard(
        id=emergency.id,
        source=emergency.source,
        reason=emergency.reason,
        state=emergency_state(emergency, now),
        declared=emergency.declared.isoformat(),
        declared_by=emergency.declared_by,
        ends=emergency.ends.isoformat(),
        confirmed=confirmed.isoformat() if confirmed else None,
        confirmed_by=emergency.confirmed_by,
        entry=emergency.entry,
        review_due=due.day.isoformat() if due else None,
        review_late=due is not None and due.late,
        review_provisional=due is not None and due.provisional,
        reviewed=reviewed.isoformat() if reviewed else None,
        next=(what_is_next(emergency, due, now),),
    )


def approved_card(
    emergency: Emergency, dataset: Dataset, question: ApprovedQuestion
) -> ApprovedCard:
    """Write an approved question out, ready to be asked."""
    sql, epsilon = question.sql.strip(), text(question.epsilon)
    return ApprovedCard(
        dataset=dataset.name,
        name=question.name,
        sql=sql,
        parameters=question.parameters,
        epsilon=epsilon,
        command=f"datarange submission ask {quote(dataset.name)} --sql {quote(sql)}"
        f" --epsilon {epsilon} --emergency {quote(emergency.id)}",
    )
