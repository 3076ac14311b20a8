"""What the page of emergencies says, in both languages."""

ENGLISH = {
    "emergencies": "Emergencies",
    "lead": "What two officials have opened for a time, and who looks into it afterwards.",
    "none": "There are no emergencies that concern you.",
    "source": "Source",
    "ends": "Ends",
    "review_due": "Review due by",
    "review_late": "Review OVERDUE since",
    "reviewed": "Reviewed",
    "provisional": " (provisional)",
    "next": "Next page",
}
CHINESE = {
    "emergencies": "应急开放",
    "lead": "由两名工作人员先后确认、限时开放的事项，以及事后复核情况。",
    "none": "暂无与您有关的应急开放。",
    "source": "数据来源",
    "ends": "截止",
    "review_due": "复核期限",
    "review_late": "复核已逾期，期限为",
    "reviewed": "已复核",
    "provisional": "（暂定）",
    "next": "下一页",
}
STATES = {
    "en": {"declared": "declared", "open": "open", "over": "over"},
    "zh-CN": {"declared": "待确认", "open": "已生效", "over": "已结束"},
}
