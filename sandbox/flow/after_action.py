"""After action: what comes next with an emergency, by whom, up to the review that closes it."""

from datetime import datetime

from sandbox.model.emergency import Emergency, ReviewDue
from sandbox.wire import NextStep


def what_is_next(emergency: Emergency, due: ReviewDue | None, now: datetime) -> NextStep:
    """Say what has to be done; `due` is None where nobody confirmed it."""
    if due is None:
        return _unopened(emergency, now)
    if emergency.is_open(now):
        return NextStep(
            "applicant",
            "Open: whoever has an agreement may ask what the owner approved, until it ends.",
            "已生效：持有协议的申请人可在截止前提出开放主体事先批准的查询。",
            f"datarange emergency questions {emergency.id}",
        )
    if emergency.reviewed is None:
        return NextStep(
            "reviewer",
            "Over: an auditor, or a steward who neither declared nor confirmed it, looks into it. "
            f"{said_due(due)} Until then no other one opens over this source.",
            "已结束：由审计人员，或者未参与宣布和确认的主管部门人员进行事后复核。"
            f"{said_due_zh(due)}复核之前，该数据来源不得再次应急开放。",
            f"datarange audit review emergency/{emergency.id} --outcome in_order --statement ...",
        )
    return NextStep(
        "nobody",
        f"Closed: the review is on record since {emergency.reviewed.date()}.",
        f"已办结：复核意见已于 {emergency.reviewed.date()} 记入账本。",
    )


def said_due(due: ReviewDue) -> str:
    """Say until when the review is due."""
    guess = " (provisional: the calendar of that year is not published)" if due.provisional else ""
    return f"Review {'OVERDUE since' if due.late else 'due by'} {due.day}{guess}."


def said_due_zh(due: ReviewDue) -> str:
    """Say the same in Chinese."""
    guess = "（暂定，该年放假安排尚未公布）" if due.provisional else ""
    return f"复核{'已逾期，期限为 ' if due.late else '期限：'}{due.day}{guess}。"


def _unopened(emergency: Emergency, now: datetime) -> NextStep:
    if now >= emergency.ends:
        return NextStep(
            "nobody",
            "Over: nobody confirmed it, so that it opened nothing.",
            "已结束：未经确认，从未生效。",
        )
    return NextStep(
        "steward",
        "It opens once another steward has confirmed it.",
        "须由另一名主管部门人员确认后方可生效。",
        f"datarange emergency confirm {emergency.id}",
    )
