"""What each reason says, in English and Chinese; nothing in it comes from rows."""

from policies.verdict import Reason

_TEXTS = {
    "agreement.missing": (
        "There is no agreement on this dataset yet; apply to its owner, {owner}, first.",
        "尚未就该数据集签订开放利用协议，请先向数据开放主体（{owner}）提出开放申请。",
    ),
    "agreement.not_in_force": (
        "Agreement {agreement} is not in force; both sides must have signed it.",
        "开放利用协议（{agreement}）尚未生效，须经双方签署后方可使用。",
    ),
    "agreement.ended": (
        "Agreement {agreement} has ended; nothing is asked under it any more.",
        "开放利用协议（{agreement}）已终止，不得再据此提出请求。",
    ),
    "agreement.dataset": (
        "Agreement {agreement} does not cover the dataset '{dataset}'.",
        "开放利用协议（{agreement}）的开放数据清单中不包含数据集“{dataset}”。",
    ),
    "agreement.lane": (
        "Agreement {agreement} does not grant the {lane} lane.",
        "开放利用协议（{agreement}）约定的利用通道中不包含{lane_zh}。",
    ),
    "agreement.not_started": (
        "The period of agreement {agreement} has not begun; it starts on {day}.",
        "开放利用协议（{agreement}）约定的使用期限自 {day} 起算，目前尚未开始。",
    ),
    "agreement.expired": (
        "The period of agreement {agreement} is over; it ended on {day}.",
        "开放利用协议（{agreement}）约定的使用期限已于 {day} 届满。",
    ),
    "purpose.not_agreed": (
        "The agreement is for the purpose '{agreed}', not for '{asked}'.",
        "本次请求的利用目的“{asked}”与协议约定的利用目的“{agreed}”不一致。",
    ),
    "purpose.not_in_policy": (
        "The release policy does not allow the purpose '{asked}'.",
        "释放策略允许的利用目的中不包含“{asked}”。",
    ),
    "dataset.other": (
        "This release policy is for the dataset '{dataset}', not for the one asked about.",
        "该释放策略仅适用于数据集“{dataset}”，不适用于本次请求的数据集。",
    ),
    "openness.closed": (
        "The dataset is closed; no result computed from it may leave.",
        "该数据集属于不予开放类，由其计算得出的任何结果均不得对外提供。",
    ),
    "access.no_algorithm": (
        "The ways in which the dataset '{dataset}' is opened do not include the {lane} lane.",
        "数据集“{dataset}”的开放方式不支持通过{lane_zh}获取结果数据。",
    ),
    "lane.off": (
        "The {lane} lane is not open for the dataset '{dataset}'.",
        "数据集“{dataset}”未开通{lane_zh}。",
    ),
    "lane.blocks": (
        "An algorithm runs over {least} to {most} blocks here, not over {asked}.",
        "该数据集的算法须在 {least} 至 {most} 个数据块上运行，不能为 {asked} 个。",
    ),
    "lane.time": (
        "Each block of an algorithm takes at most {limit} seconds here, not {asked}.",
        "该数据集的算法在每个数据块上的运行时间不得超过 {limit} 秒，本次申请为 {asked} 秒。",
    ),
    "column.unknown": (
        "'{column}' is not an open column of this dataset.",
        "“{column}”不是该数据集的开放字段。",
    ),
    "column.closed": (
        "Column '{column}' is closed.",
        "字段“{column}”不予开放。",
    ),
    "column.use": (
        "Column '{column}' is open for {allowed} only, not for {asked}.",
        "字段“{column}”仅可用于{allowed_zh}，不得用于{asked_zh}。",
    ),
    "budget.per_submission": (
        "One answer may have an epsilon of {limit} at most; this one asks for {asked}.",
        "单次提交的隐私损失 ε 不得超过 {limit}，本次请求为 {asked}。",
    ),
    "budget.exceeded": (
        "The request costs {unit} = {asked}, but {cap}, account {account}, has {left} left.{later}",
        "隐私预算不足：需扣减 {unit_zh} = {asked}，{cap_zh}（{account}）仅余 {left}。{later_zh}",
    ),
    "emergency.not_open": (
        "No such emergency is open for this data source now; two officials must have opened it.",
        "该数据来源目前没有处于开启状态的此项突发事件，须经两名工作人员先后确认后方可使用。",
    ),
    "emergency.not_approved": (
        "In an emergency only what the owner ({owner}) approved beforehand may be asked.",
        "突发事件期间，仅可提出数据开放主体（{owner}）事先批准的查询，本次请求不在其列。",
    ),
    "emergency.epsilon": (
        "'{template}' is approved by {owner} up to an epsilon of {limit}; this asks for {asked}.",
        "{owner}批准的应急查询“{template}”，隐私损失 ε 不得超过 {limit}，本次请求为 {asked}。",
    ),
}

_CAPS = {
    "privacy.budget": ("the budget for the source's whole life", "该数据来源的存续期预算总额"),
    "agreement.budget": ("the budget that the agreement grants", "本协议约定的隐私预算"),
    "privacy.per_person": (
        "what one person may use of this source, over all of their agreements",
        "同一申请人在该数据来源全部协议项下的合计额度",
    ),
    "privacy.per_period.day": ("what the source may lose today", "该数据来源的本日额度"),
    "privacy.per_period.month": ("what the source may lose this month", "该数据来源的本月额度"),
    "privacy.per_period.quarter": (
        "what the source may lose this quarter",
        "该数据来源的本季度额度",
    ),
    "privacy.emergency": ("the source's reserve for emergencies", "该数据来源的突发事件预留额度"),
}
"""What is full, by the clause that set the cap."""

_LATER = {
    "privacy.per_period.day": ("tomorrow", "次日"),
    "privacy.per_period.month": ("next month", "次月"),
    "privacy.per_period.quarter": ("next quarter", "下一季度"),
}

CODES = frozenset(_TEXTS)
"""Every code that a verdict can carry."""


def full_cap(clause: str, account: str) -> dict[str, str]:
    """Give the words on a cap that is full, and on when there may be room again."""
    cap, cap_zh = _CAPS.get(clause, ("its cap", "该额度"))
    words = {"account": account, "cap": cap, "cap_zh": cap_zh, "later": "", "later_zh": ""}
    if clause in _LATER:
        start, start_zh = _LATER[clause]
        words["later"] = (
            f" There may be room again {start}, UTC, but other caps may be full by then,"
            " also the one for the source's whole life."
        )
        words["later_zh"] = (
            f"{start_zh}（UTC）起可能恢复额度，但届时其他额度（包括存续期预算总额）也可能已用完。"
        )
    return words


def reason(code: str, clause: str, owner: str, column: str | None = None, **words: str) -> Reason:
    """Write a reason in both languages; `words` fill the gaps of its text, braces and all.

    Raises:
        KeyError: there is no text for the code, or a gap without a word.
    """
    english, chinese = _TEXTS[code]
    words |= {"owner": owner, "column": column or ""}
    return Reason(
        code=code,
        clause=clause,
        message=english.format_map(words),
        message_zh=chinese.format_map(words),
        column=column,
        owner=owner,
    )
