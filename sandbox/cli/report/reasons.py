"""Why requests are refused and debits given back, as briefly as legends and tables need it."""

from sandbox.cli.language import Phrase

REASONS = {
    "agreement.missing": Phrase("no agreement", "没有协议"),
    "agreement.not_in_force": Phrase("agreement not in force", "协议未生效"),
    "agreement.ended": Phrase("agreement ended", "协议已终止"),
    "agreement.dataset": Phrase("dataset not in the agreement", "数据集不在协议内"),
    "agreement.not_started": Phrase("period not begun", "使用期限未开始"),
    "agreement.expired": Phrase("period over", "使用期限届满"),
    "agreement.lane": Phrase("lane not in the agreement", "协议未约定该通道"),
    "purpose.not_agreed": Phrase("purpose not agreed", "利用目的与协议不符"),
    "purpose.not_in_policy": Phrase("purpose not allowed", "策略不允许的利用目的"),
    "dataset.other": Phrase("policy of another dataset", "策略不适用"),
    "openness.closed": Phrase("dataset closed", "数据集不予开放"),
    "access.no_algorithm": Phrase("lane not among the ways of access", "开放方式不支持"),
    "lane.off": Phrase("lane off", "通道未开通"),
    "lane.blocks": Phrase("blocks beyond the lane", "数据块数量超出通道规定"),
    "lane.time": Phrase("time beyond the lane", "数据块运行时间超出通道规定"),
    "column.unknown": Phrase("no such open column", "不是开放字段"),
    "column.closed": Phrase("column closed", "字段不予开放"),
    "column.use": Phrase("column not open for this use", "字段不得用于该用途"),
    "budget.per_submission": Phrase("too much for one answer", "超出单次上限"),
    "budget.exceeded": Phrase("budget used up", "预算不足"),
    "emergency.not_open": Phrase("no such emergency open", "应急开放未生效"),
    "emergency.not_approved": Phrase("question not approved for emergencies", "非获批的应急查询"),
    "emergency.epsilon": Phrase("too much for an approved question", "超出应急查询的上限"),
}
"""By the code of `policies.wording`; another code speaks for itself."""

GIVEN_BACK = {
    "engine.busy": Phrase("queue full", "队列已满"),
}
"""Why debits are given back, by the code of the refusal."""
