"""Words of emergencies, in both languages."""

from sandbox.cli.language import Phrase

NONE = Phrase("There are no emergencies.", "暂无应急开放。")
SOURCE = Phrase("Source", "数据来源")
REASON = Phrase("Reason", "事由")
DECLARED = Phrase("Declared", "提出")
CONFIRMED = Phrase("Confirmed", "确认")
ENTRY = Phrase("Entry of the ledger", "账本条目")
ENDS = Phrase("Ends", "截止")
BY = Phrase("{time} by {name}", "{time}，由 {name} 办理")
STATES = {
    "declared": Phrase("declared", "待确认"),
    "open": Phrase("open", "已生效"),
    "over": Phrase("over", "已结束"),
}

REVIEW = Phrase("Review", "事后复核")
REVIEW_DUE = Phrase("review due by {day}", "复核期限 {day}")
REVIEW_LATE = Phrase("review OVERDUE since {day}", "复核已逾期，期限为 {day}")
REVIEWED = Phrase("on record since {day}", "{day} 已复核")

QUESTION = Phrase("{dataset}, ε = {epsilon} at most.", "{dataset}，ε 上限 {epsilon}。")
APPROVED = Phrase(
    "In a declared emergency these questions may be asked, and no others:",
    "宣布突发事件后，仅可提出以下查询：",
)
AT_MOST = Phrase("ε = {epsilon} at most.", "ε 上限 {epsilon}。")
PARAMETERS = Phrase(
    "Other declared values may be written for: {columns}.",
    "以下字段可改用其他已声明的取值：{columns}。",
)
NO_QUESTIONS = Phrase(
    "The owner has approved no question for emergencies.", "数据开放主体未批准任何应急查询。"
)
