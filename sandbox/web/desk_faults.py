"""What a desk says of a refusal, in the reader's language, field by field."""

from dataclasses import dataclass

from sandbox.errors import DataRangeError, NotPermitted

_FIELDS = {
    "dataset": "请填写目录中已有的数据集名称",
    "further": "每个数据集只填一次，至多填写五个",
    "purpose": "请填写所申请数据的释放策略共同允许的利用目的",
    "scenario": "请填写 1 至 4000 字，不得含有不可见字符",
    "safeguards": "请填写 1 至 4000 字，不得含有不可见字符",
    "starts": "请填写起始日期",
    "ends": "请填写截止日期：不早于今日和起始日期，期限不超过五年",
    "public_key": "请粘贴 Ed25519 公钥（32 字节的 Base64 编码）",
    "applicant": "请填写申请人身份",
    "applicant.kind": "请选择申请人类型",
    "applicant.name": "请填写姓名或登记名称",
    "applicant.number": "请填写有效的证件号码、统一社会信用代码或登记号",
    "applicant.responsible": "法人和其他组织请填写法定代表人或负责人；自然人不填",
    "reason": "请填写 1 至 4000 字的理由，不得含有不可见字符",
    "feedback": "请填写 1 至 4000 字的反馈，不得含有不可见字符",
    "statement": "请填写 1 至 4000 字的说明，不得含有不可见字符",
    "origin_consent": "该数据来源于其他地区，请填写该地区的同意文件",
    "record": "仅在数据已开放时填写目录中的名称",
    "state": "请选择答复",
}
"""By field, what it should hold."""
_REMARK = "请填写 1 至 4000 字的评估意见，不得含有不可见字符"
_CODES = {
    "application.decided": "该申请已经答复。",
    "application.moved_on": "申请人在您阅读之后已重新提交，请重新阅读后再办理。",
    "application.draft": "该申请尚为草稿，未提交。",
    "application.submitted": "该申请正在办理。",
    "application.resubmitted": "该申请正在办理。",
    "application.supplement_requested": "该申请正在等待申请人补正。",
    "application.assessed": "该申请已评估，等待答复。",
    "application.withdrawn": "申请人已撤回该申请。",
    "application.ended": "该协议已终止。",
    "application.not_assessed": "请先完成五项评估，再同意开放。",
    "application.unknown": "您没有这份申请。",
    "agreement.unknown": "您没有这份协议。",
    "agreement.not_in_force": "该协议未生效或已终止。",
    "agreement.not_closed": "该协议尚未终止，或终止事项尚未办结。",
    "dataset.unknown": "目录中没有该数据集。",
    "openness.closed": "仅有条件开放的数据需要申请。",
    "decision.unmet": "有评估项未通过，不能同意开放。",
    "decision.no_answer": "数据开放主体尚未全部答复，不能同意开放。",
    "decision.no_consent": "没有数据开放主体同意开放，只能不予开放。",
    "demand.answered": "该需求已经答复。",
    "demand.state": "请选择答复。",
    "demand.text": "请填写答复理由。",
    "demand.record": "仅在数据已开放时填写目录中的名称。",
    "record.unknown": "目录中没有该名称。",
    "emergency.confirmed": "该应急开放已经确认。",
    "emergency.over": "该应急开放已经结束。",
    "emergency.unknown": "没有该项应急开放。",
    "emergency.other_source": "该应急开放不涉及所申请数据的来源，请仅申请其数据来源的数据。",
    "emergency.same_person": "应急开放须由另一名工作人员确认。",
    "emergency.unreviewed": "同一数据来源此前的应急开放尚未复核，请先完成复核。",
    "form.foreign": "该表单并非由本站页面提交，请重新打开页面后再试。",
    "role.missing": "您的角色不能办理此事项。",
    "rule.forbids": "按授权规则，您不能办理此事项。",
    "agreement.superseded": "该协议已有新版本，请就新版本申请变更。",
    "amendment.over": "该协议已不再有效，请重新申请或申请续签。",
    "amendment.source": "变更协议只能申请同一数据来源的数据。",
    "renewal.source": "续签申请应包含原协议数据来源的数据。",
    "feedback.many": "该协议的反馈已达上限。",
    "renewal.feedback_due": "此前协议的利用情况反馈尚未提交，请先提交反馈。",
}
"""By code, what has happened."""
_OTHERWISE = "未能办理（{code}）：{message}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and the field that it is wrong in, if any."""

    field: str
    text: str


def faults_of(error: DataRangeError, *, chinese: bool) -> tuple[Fault, ...]:
    """Say everything that is wrong."""
    if isinstance(error, NotPermitted) and error.reasons:
        return tuple(Fault("", one.message_zh if chinese else one.message) for one in error.reasons)
    if error.code in {"application.incomplete", "assessment.incomplete"}:
        lines = (line.partition(": ") for line in error.message.split("\n"))
        return tuple(Fault(name, _of_field(name, text, chinese)) for name, _, text in lines)
    field = (error.place.clause if error.place else None) or ""
    if not chinese:
        return (Fault(field, error.message),)
    said = _CODES.get(error.code)
    if said is None and field:
        said = _of_field(field, "", chinese)
    return (Fault(field, said or _OTHERWISE.format(code=error.code, message=error.message)),)


def _of_field(name: str, text: str, chinese: bool) -> str:  # noqa: FBT001  (the reader's language)
    """Say what is wrong with a field; a remark is one of the five of an assessment."""
    if not chinese:
        return text
    return _FIELDS.get(name) or (_REMARK if "remark" in name or not text else "") or text
