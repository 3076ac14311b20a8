"""Words of an application's course, in both languages."""

from sandbox.cli.language import Phrase

CLOCK = Phrase("Clock", "办理时限")
DUE = Phrase(
    "{used} of 5 working days used; due {due}; {stage}",
    "已用 {used} 个工作日（共 5 个），期限 {due}；{stage}",
)
DUE_WITHIN_HOURS = Phrase(
    "{used} of 24 hours used (an emergency); due {due}; {stage}",
    "突发事件申请，已用 {used} 小时（共 24 小时），期限 {due}；{stage}",
)
PROVISIONAL = Phrase(
    " (provisional: the holidays of that year are not announced yet)",
    "（暂定：该年放假安排尚未公布）",
)
STAGES = {
    "not_started": Phrase("not started", "尚未开始"),
    "running": Phrase("running", "计时中"),
    "day_three": Phrase("day three: answer soon", "第三日：请尽快办理"),
    "day_four": Phrase("day four: answer by tomorrow", "第四日：请于次一工作日前答复"),
    "half_time": Phrase("half time: answer soon", "时限过半：请尽快办理"),
    "due_today": Phrase("DUE TODAY", "今日到期"),
    "overdue": Phrase("OVERDUE", "已逾期"),
    "paused": Phrase("stands: a supplement is asked for", "暂停：等待补正"),
    "stopped": Phrase("stopped", "已停止"),
}
DUE_DAY = Phrase("Due", "期限")
NEXT = Phrase("Next", "下一步")
WHO = {
    "applicant": Phrase("applicant", "申请人"),
    "owner": Phrase("data owner", "数据开放主体"),
    "steward": Phrase("steward", "主管部门"),
    "reviewer": Phrase("auditor, or another steward", "审计或者其他主管部门人员"),
    "nobody": Phrase("nobody", "无需操作"),
}
FURTHER = Phrase("Further datasets", "其他数据集")
SUPPLEMENT = Phrase("Supplement asked for", "补正要求")
REVISION = Phrase("Revision", "补正次数")
CONSENT = Phrase("Consent for {name}", "{name} 开放意见")
UNANSWERED = Phrase("{owner} has not answered", "{owner} 尚未答复")
YES = Phrase("{owner}: yes. {reason}", "{owner}：同意。{reason}")
NO = Phrase("{owner}: no. {reason}", "{owner}：不同意。{reason}")
MET = Phrase("met. {remark}", "通过。{remark}")
UNMET = Phrase("NOT met. {remark}", "未通过。{remark}")
SAFES = {
    "project": Phrase("Project: is this an appropriate use?", "项目：利用目的是否适当？"),
    "people": Phrase("People: can they be trusted?", "人员：申请人是否可信？"),
    "setting": Phrase("Setting: do safeguards suffice?", "环境：安全保障是否足够？"),
    "data": Phrase("Data: needed, and no more?", "数据：是否必要且最少？"),
    "outputs": Phrase("Outputs: do they disclose nobody?", "结果：是否不泄露个人？"),
}
PROOF = Phrase("Proof of who applies", "申请人身份证明")
KINDS = {
    "natural_person": Phrase("natural person", "自然人"),
    "legal_person": Phrase("legal person", "法人"),
    "organisation": Phrase("other organisation", "非法人组织"),
}
NOTHING_OVERDUE = Phrase("Nothing is overdue.", "没有逾期的申请。")

# Versions and feedback
AMENDS = Phrase("Changes agreement", "变更的协议")
RENEWS = Phrase("Renews agreement", "续期的协议")
VERSION = Phrase("Version", "版本")
FEEDBACK = Phrase("Feedback on use", "利用情况反馈")
FEEDBACK_STATES = {
    "not_due": Phrase("not due before the end", "期满后反馈"),
    "due": Phrase("DUE by {day}", "应于 {day} 前反馈"),
    "overdue": Phrase("OVERDUE since {day}", "逾期未反馈（期限 {day}）"),
    "filed": Phrase("filed", "已反馈"),
}
FILED = Phrase(
    "Your feedback is on record; steward and owner can read it.",
    "利用情况反馈已登记，主管部门和数据开放主体可以查看。",
)
NO_FEEDBACK = Phrase("Nothing was reported yet.", "尚未反馈利用情况。")
FEEDBACK_GONE = Phrase("(deleted)", "（已删除）")
