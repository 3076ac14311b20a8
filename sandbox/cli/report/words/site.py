"""What a page says of the site as a whole."""

from sandbox.cli.language import Phrase

SITE = {
    # The site
    "site": Phrase("The site as a whole", "节点概况"),
    "sources": Phrase("Sources", "数据来源"),
    "source": Phrase("Source", "数据来源"),
    "datasets": Phrase("Datasets", "数据集"),
    "agreements": Phrase("Agreements", "开放利用协议"),
    "researchers": Phrase("Researchers", "申请人"),
    "answers": Phrase("Answers released", "已释放结果"),
    "refused": Phrase("Requests refused", "已拒绝请求"),
    "cancelled": Phrase("Debits given back", "已退还扣减"),
    "changed_caps": Phrase("Changes of caps", "上限变更"),
    "openings": Phrase("Emergencies", "应急开放"),
    "objections": Phrase("Objections", "审查异议"),
    "failed": Phrase("Runs that failed", "运行失败"),
    "open": Phrase("Paid, not answered", "已扣减、未释放"),
    "incidents": Phrase("Worth a look", "值得关注"),
    "budgets": Phrase("Budget used, by source", "各数据来源的预算使用情况"),
    "budgets_text": Phrase(
        "A source is the people behind one or more datasets. Its cap holds for everybody who asks, "
        "together and for good.",
        "数据来源指一个或多个数据集背后的同一群人。其上限由所有申请人共用，用完为止，不再恢复。",
    ),
    "further_sources": Phrase(
        "{count} further sources are not shown; name one with --source.",
        "另有 {count} 个数据来源未列出，可用 --source 指定。",
    ),
    "unattributed": Phrase(
        "{count} entries are about none of the sources shown, and are in none of their figures.",
        "有 {count} 条记录不涉及所列任何数据来源，未计入各来源的数字。",
    ),
    "unread": Phrase(
        "{count} entries could not be understood and are in no figure.",
        "有 {count} 条记录无法解读，未计入任何数字。",
    ),
    "activity": Phrase("What became of requests", "请求的处理结果"),
    "activity_text": Phrase(
        "Answers released, runs that failed, requests refused and debits given back, by {step}, "
        "UTC.",
        "按{step}统计的已释放结果、运行失败、已拒绝请求和已退还扣减（UTC）。",
    ),
    "released_one": Phrase("released", "已释放"),
    "failed_one": Phrase("failed", "失败"),
    "refused_one": Phrase("refused", "已拒绝"),
    "given_back_one": Phrase("given back", "已退还"),
    "nothing_asked": Phrase("Nobody has asked anything yet.", "尚无任何请求。"),
    "week": Phrase("When people ask", "请求时段分布"),
    "week_text": Phrase(
        "Requests by weekday and hour in {zone}. Working hours, {opens}:00 to {closes}:00 from "
        "Monday to Friday, are framed; {outside} of {total} requests lie outside.",
        "按星期和小时统计的请求数（时区 {zone}）。方框内为工作时间，即周一至周五 {opens}:00 至 "
        "{closes}:00；全部 {total} 次请求中有 {outside} 次在此之外。",
    ),
    "day_0": Phrase("Mon", "周一"),
    "day_1": Phrase("Tue", "周二"),
    "day_2": Phrase("Wed", "周三"),
    "day_3": Phrase("Thu", "周四"),
    "day_4": Phrase("Fri", "周五"),
    "day_5": Phrase("Sat", "周六"),
    "day_6": Phrase("Sun", "周日"),
    "week_tip": Phrase("{day} {hour}:00, requests: {count}", "{day} {hour}:00，请求 {count} 次"),
    "hours_none": Phrase("Hours without requests are left out.", "没有请求的时段未列出。"),
    "hour": Phrase("Hour", "时段"),
    "step_1": Phrase("hour", "小时"),
    "step_24": Phrase("day", "天"),
    "step_168": Phrase("week from Monday", "周（自周一起）"),
    "step_672": Phrase("four weeks", "四周"),
    "step_long": Phrase("{days} days", "每 {days} 天"),
    "from": Phrase("From (UTC)", "起始时间（UTC）"),
    "total": Phrase("Total", "合计"),
}
