"""Guide: what has to be done next with an application, by whom, in words and as a command."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sandbox.model.application import Application
from sandbox.model.application import ApplicationState as State
from sandbox.model.deadline import ClockStage, Deadline
from sandbox.model.names import DatasetName, PrincipalName
from sandbox.wire import NextStep


@dataclass(frozen=True, slots=True)
class Situation:
    """What the advice depends on."""

    application: Application
    stage: State
    deadline: Deadline
    owners: Mapping[DatasetName, PrincipalName]
    unsigned: tuple[str, ...]
    """Agreements that wait for the applicant's signature."""
    outdated: tuple[str, ...] = ()
    """Those among them that the policies no longer allow."""
    later: tuple[str, ...] = ()
    """Versions in force in the place of those that were offered here."""
    undisposed: tuple[str, ...] = ()
    """Agreements that are over, by their last versions, and not disposed of."""
    unreported: Mapping[str, date] = field(default_factory=dict)
    """Agreements that are over and lack feedback, with the last day for it."""
    over: tuple[str, ...] = ()
    """All that are over."""

    @property
    def id(self) -> str:
        """Name the application."""
        return self.application.id


def guide(now: Situation) -> tuple[NextStep, ...]:
    """Say what comes next; more than one step where several people are waited for."""
    return _ADVICE[now.stage](now)


def _draft(now: Situation) -> tuple[NextStep, ...]:
    return (
        NextStep(
            "applicant",
            "A draft, which nobody else sees: complete it and submit it; the clock starts then.",
            "草稿仅申请人可见：补全后提交，提交后开始计时。",
            f"datarange application submit {now.id}",
        ),
    )


def _review(now: Situation) -> tuple[NextStep, ...]:
    assess = NextStep(
        "steward",
        "Assess it: answer the five questions, each with a remark; or ask for a supplement, "
        f"or refuse it with a reason. {_due(now.deadline)}",
        "进行评估：逐项回答五个问题并附意见；也可要求补正，或附理由不予开放。"
        + _due_zh(now.deadline),
        f"datarange application assess {now.id}{_read(now)}",
    )
    return (assess, *_consents(now))


def _waiting(now: Situation) -> tuple[NextStep, ...]:
    reason = now.application.pauses[-1].reason if now.application.pauses else ""
    return (
        NextStep(
            "applicant",
            f"A supplement is asked for: {reason} The clock stands until you resubmit.",
            f"需要补正：{reason} 重新提交之前暂停计时。",
            f"datarange application resubmit {now.id}",
        ),
    )


def _assessed(now: Situation) -> tuple[NextStep, ...]:
    waiting = _consents(now)
    if waiting:
        return waiting
    unmet = now.application.assessment.unmet if now.application.assessment else ()
    grantable = not unmet and now.application.consented
    text = (
        "Decide: grant or refuse it, with a reason."
        if grantable
        else (
            "Refuse it with a reason, or ask for a supplement: an item is unmet or nobody consents."
        )
    )
    text_zh = (
        "作出答复：同意或不予开放，并说明理由。"
        if grantable
        else ("附理由不予开放，或要求补正：有评估项未通过，或没有数据开放主体同意。")
    )
    command = f"datarange application decide {now.id} --{'grant' if grantable else 'refuse'}"
    return (
        NextStep(
            "steward",
            f"{text} {_due(now.deadline)}",
            text_zh + _due_zh(now.deadline),
            f"{command}{_read(now)} --reason ...",
        ),
    )


def _consents(now: Situation) -> tuple[NextStep, ...]:
    """Ask each owner who has not answered; the first dataset's leads the others."""
    lead = now.application.dataset
    return tuple(
        NextStep(
            "owner",
            f"{now.owners.get(name, '?')}: consent to opening {name}, or decline, with a reason."
            + (" You lead: see to it that the other owners answer." if _leads(now, name) else ""),
            f"{now.owners.get(name, '?')}：就 {name} 答复同意或不同意，并说明理由。"
            + ("您为牵头方，请协调其他数据开放主体答复。" if _leads(now, name) else ""),
            f"datarange application consent {now.id} {name}{_read(now)} --reason ...",
        )
        for name in sorted(now.application.unanswered, key=lambda name: name != lead)
    )


def _read(now: Situation) -> str:
    """Name the version that the advice is about, so that no newer one is answered unread."""
    return f" --revision {now.application.revision}"


def _leads(now: Situation, name: DatasetName) -> bool:
    return name == now.application.dataset and len(now.application.datasets) > 1


def _offered(now: Situation) -> tuple[NextStep, ...]:
    return tuple(
        _void(name)
        if name in now.outdated
        else NextStep(
            "applicant",
            "Read the agreement and sign it; it binds from then on.",
            "阅读并签署开放利用协议，签署后生效。",
            f"datarange agreement sign {name}",
        )
        for name in now.unsigned
    )


def _void(name: str) -> NextStep:
    return NextStep(
        "applicant",
        f"The policies allow less by now than {name} grants, so it cannot be signed: apply anew.",
        f"协议 {name} 发出后释放策略已收紧，不能再签署：请重新提出申请。",
        "datarange application draft",
    )


def _signed(now: Situation) -> tuple[NextStep, ...]:
    starts = now.application.starts
    return (
        *_offered(now),
        NextStep(
            "nobody",
            f"Signed by both sides; questions may be asked from {starts}.",
            f"双方已签署；{starts} 起可以提交请求。",
        ),
    )


def _in_force(now: Situation) -> tuple[NextStep, ...]:
    ends, name = now.application.ends, now.application.agreement or "..."
    return (
        *_offered(now),
        NextStep(
            "applicant",
            f"In force: ask until {ends}; then dispose of what you got, and say so. "
            "To change a clause before, apply for the next version.",
            f"协议已生效：{ends} 前可提交请求；期满后请处置数据并声明。"
            "期间如需变更条款，请提出变更申请。",
            f"datarange application draft --amends {name}",
        ),
    )


def _superseded(now: Situation) -> tuple[NextStep, ...]:
    return _later(now) or _ended(now)


def _later(now: Situation) -> tuple[NextStep, ...]:
    return tuple(
        NextStep(
            "nobody",
            f"Changed: version {name} is in force in its place.",
            f"协议已变更：现行版本为 {name}。",
            f"datarange agreement show {name}",
        )
        for name in now.later
    )


def _ended(now: Situation) -> tuple[NextStep, ...]:
    """Ask for disposal and for feedback, and name the certificate; a renewal may follow."""
    asked = (*map(_dispose, now.undisposed), *_reports(now))
    steps = (*_later(now), *asked, *map(_certificate, now.over))
    if now.unreported or not now.over:
        return steps or _closed(now)
    renewal = NextStep(
        "applicant",
        "Over, and reported on: if you need the data again, apply for a renewal.",
        "协议已终止，利用情况已反馈：如仍需利用，可申请续期。",
        f"datarange application draft --renews {now.over[0]}",
    )
    return (*steps, renewal)


def _dispose(name: str) -> NextStep:
    return NextStep(
        "applicant",
        "Over: declare that you have disposed of what you got.",
        "协议已期满：请声明期满处置。",
        f"datarange agreement dispose {name} --statement ...",
    )


def _certificate(name: str) -> NextStep:
    return NextStep(
        "nobody",
        "The site destroys the agreement's key and certifies its end within a minute.",
        "节点将在一分钟内销毁该协议的密钥，并出具处置证明。",
        f"datarange agreement certificate {name}",
    )


def _reports(now: Situation) -> Iterator[NextStep]:
    for name, day in now.unreported.items():
        yield NextStep(
            "applicant",
            f"File feedback on your use until {day}; without it nothing further is granted.",
            f"请于 {day} 前反馈利用情况；未反馈的，不再同意开放。",
            f"datarange agreement feedback {name} --statement ...",
        )


def _closed(now: Situation) -> tuple[NextStep, ...]:  # noqa: ARG001  (advice takes a situation)
    return (
        NextStep(
            "nobody",
            "Closed: nothing more can be done here. A new application may be made at any time.",
            "已办结，无需进一步操作。可随时重新申请。",
        ),
    )


def _due(deadline: Deadline) -> str:
    guess = " (provisional: the calendar of that year is not published)"
    late = {ClockStage.OVERDUE: "OVERDUE since", ClockStage.DUE_TODAY: "Due TODAY,"}
    word = late.get(deadline.stage, "Due by")
    return f"{word} {_moment(deadline)}{guess if deadline.provisional else ''}."


def _due_zh(deadline: Deadline) -> str:
    guess = "（暂定，该年放假安排尚未公布）"
    late = {ClockStage.OVERDUE: "已逾期，期限为", ClockStage.DUE_TODAY: "今日到期："}
    word = late.get(deadline.stage, "答复期限：")
    return f"{word}{_moment(deadline)}{guess if deadline.provisional else ''}。"


def _moment(deadline: Deadline) -> str:
    """Write a last day, or in an emergency the last minute, local."""
    return f"{deadline.until:%Y-%m-%d %H:%M UTC%z}" if deadline.until else str(deadline.due)


_ADVICE: Mapping[State, Callable[[Situation], tuple[NextStep, ...]]] = {
    State.DRAFT: _draft,
    State.SUBMITTED: _review,
    State.SUPPLEMENT_REQUESTED: _waiting,
    State.RESUBMITTED: _review,
    State.ASSESSED: _assessed,
    State.GRANTED: _closed,
    State.REFUSED: _closed,
    State.WITHDRAWN: _closed,
    State.OFFERED: _offered,
    State.SIGNED: _signed,
    State.IN_FORCE: _in_force,
    State.SUPERSEDED: _superseded,
    State.ENDED: _ended,
}
