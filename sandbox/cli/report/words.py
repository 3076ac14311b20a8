"""What the report says, in both languages; see also `reasons.py` and `claims.py`."""

from sandbox.cli.language import Phrase

PHRASES = {
    # The page
    "lang": Phrase("en", "zh-CN"),
    "product": Phrase("Data Range", "数据靶场"),
    "title": Phrase("Auditor’s report", "审计报告"),
    "skip": Phrase("Skip to the verdict", "跳到核验结论"),
    "as_of": Phrase("As of entry {entry}, {time} UTC", "截至第 {entry} 条记录，{time}（UTC）"),
    "as_of_nothing": Phrase("The ledger has no entries", "账本中没有任何记录"),
    "only": Phrase("Limited to the source {source}", "仅限数据来源：{source}"),
    "contents": Phrase("Contents", "目录"),
    "colon": Phrase(": ", "："),
    "comma": Phrase(", ", "、"),
    "nothing": Phrase("–", "—"),
    "data": Phrase("Show as a table", "以表格查看"),
    "entry": Phrase("Entry", "记录"),
    "entries": Phrase("Entries", "记录"),
    "and_more": Phrase("and {count} more", "另有 {count} 条"),
    "rows_cut": Phrase("{count} further rows are left out.", "另有 {count} 行未列出。"),
    "back": Phrase("Back to the top", "返回顶部"),
    # The verdict
    "verdict": Phrase("Verdict", "核验结论"),
    "verified": Phrase("Verified", "核验通过"),
    "verified_text": Phrase(
        "The log’s key signed exactly these {size} entries. Every budget was added up again, in "
        "exact numbers, and no entry breaks a rule.",
        "账本密钥所签署的正是这 {size} 条记录。全部预算均已按精确数值逐笔重算，"
        "没有任何记录违反规则。",
    ),
    "not_verified": Phrase("Not verified", "核验未通过"),
    "not_verified_text": Phrase(
        "Kinds of error: {count}. Do not rely on this ledger. Whatever follows was computed from "
        "entries that cannot be believed, and only serves to find out what happened.",
        "共有 {count} 类错误，请勿采信该账本。以下内容均由不可采信的记录计算得出，"
        "仅供查明事实之用。",
    ),
    "warnings": Phrase("Kinds of warning: {count}", "警告：{count} 类"),
    "findings": Phrase("What was found", "核验发现"),
    "error": Phrase("error", "错误"),
    "warning": Phrase("warning", "警告"),
    "origin": Phrase("Site", "节点"),
    "key": Phrase("Verified with the key", "核验所用密钥"),
    "root": Phrase("Root of the tree", "默克尔树根"),
    "size": Phrase("Entries", "记录数"),
    "first": Phrase("First entry", "首条记录"),
    "last": Phrase("Last entry", "末条记录"),
    "repeat": Phrase("To check it yourself", "自行核验"),
    # The site
    "site": Phrase("The site as a whole", "节点概况"),
    "sources": Phrase("Sources", "数据来源"),
    "source": Phrase("Source", "数据来源"),
    "datasets": Phrase("Datasets", "数据集"),
    "agreements": Phrase("Agreements", "开放利用协议"),
    "researchers": Phrase("Researchers", "利用方"),
    "answers": Phrase("Answers released", "已释放结果"),
    "refused": Phrase("Requests refused", "已拒绝请求"),
    "failed": Phrase("Runs that failed", "运行失败"),
    "open": Phrase("Paid, not answered", "已扣减、未释放"),
    "incidents": Phrase("Worth a look", "值得关注"),
    "budgets": Phrase("Budget used, by source", "各数据来源的预算使用情况"),
    "budgets_text": Phrase(
        "A source is the people behind one or more datasets. Its cap holds for everybody who asks, "
        "together and for good.",
        "数据来源指一个或多个数据集背后的同一群人。其上限由所有利用方共用，用完为止，不再恢复。",
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
        "Answers released, runs that failed and requests refused, by {step}, UTC.",
        "按{step}统计的已释放结果、运行失败和已拒绝请求（UTC）。",
    ),
    "released_one": Phrase("released", "已释放"),
    "failed_one": Phrase("failed", "失败"),
    "refused_one": Phrase("refused", "已拒绝"),
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
    # A source
    "owner": Phrase("Data owner", "数据开放主体"),
    "accounting": Phrase("Accounting", "计量方式"),
    "zcdp": Phrase("zCDP: ρ adds up", "zCDP（ρ 逐笔相加）"),
    "pure": Phrase("pure: ε adds up", "纯差分隐私（ε 逐笔相加）"),
    "cap": Phrase("Cap", "上限"),
    "used": Phrase("Spent", "已用"),
    "remaining": Phrase("Remaining", "剩余"),
    "share": Phrase("Share of the cap", "占上限比例"),
    "burn_down": Phrase("How the budget was used up", "预算消耗过程"),
    "burn_down_text": Phrase(
        "What all answers about {source} together had cost, in {unit}: {spent} of {cap}, which is "
        "{percent}, by {time} UTC. The dashed line is the cap.",
        "截至 {time}（UTC），有关 {source} 的全部结果累计花费 {unit} {spent}，"
        "上限为 {cap}，已用 {percent}。虚线为上限。",
    ),
    "implied": Phrase(
        "At δ = {delta} this implies ε ≤ {spent} of {cap} (Canonne, Kamath, Steinke 2020).",
        "取 δ = {delta} 时，相当于 ε ≤ {spent}，上限 {cap}（Canonne、Kamath、Steinke 2020）。",
    ),
    "no_delta": Phrase(
        "The ledger counts in ρ and does not hold the policy’s δ, so no ε is stated here; give "
        "--delta to read it.",
        "账本以 ρ 计量，且不含策略中的 δ，故此处不列 ε；可用 --delta 指定后查看。",
    ),
    "implied_heading": Phrase("ε at δ = {delta}", "δ = {delta} 时的 ε"),
    "implied_cap": Phrase("ε of the cap at δ = {delta}", "δ = {delta} 时上限的 ε"),
    "nothing_spent": Phrase("Nothing has been spent.", "尚未花费。"),
    "by_time": Phrase("Until (UTC)", "截至（UTC）"),
    "step_note": Phrase(
        "As it stood at the end of each {step} in which something was spent.",
        "仅列有花费的时段，以每{step}结束时为准。",
    ),
    "by_agreement": Phrase("Spent, by agreement", "按开放利用协议统计的花费"),
    "by_agreement_text": Phrase(
        "Bars are shares of the source’s cap; the mark is the agreement’s own cap. An agreement is "
        "capped for itself and by what its source has left.",
        "条形长度为占来源上限的比例，竖线为协议自身的上限。协议既受自身上限约束，"
        "也受来源剩余预算约束。",
    ),
    "agreement": Phrase("Agreement", "开放利用协议"),
    "researcher": Phrase("Researcher", "利用方"),
    "period": Phrase("Period", "使用期限"),
    "span": Phrase("{first} to {last}", "{first} 至 {last}"),
    "to": Phrase("to", "至"),
    "releases": Phrase("Answers", "结果"),
    "refusals": Phrase("Refusals", "拒绝"),
    "failures": Phrase("Failures", "失败"),
    "no_agreements": Phrase(
        "There is no agreement on this source.", "该数据来源尚无开放利用协议。"
    ),
    "without_agreement": Phrase("no agreement", "无协议"),
    "by_researcher": Phrase("Spent, by researcher", "按利用方统计的花费"),
    "by_researcher_text": Phrase(
        "A researcher appears as the fingerprint of the key that signed the agreements: the first "
        "twelve digits of its SHA-256. One person with two keys appears twice.",
        "利用方以其签署协议所用密钥的指纹表示，即公钥 SHA-256 的前十二位。"
        "一人持有两把密钥时会出现两次。",
    ),
    "caps_of": Phrase("Sum of their caps", "各协议上限之和"),
    "refusals_over_time": Phrase("Refusals, by reason", "按理由统计的拒绝"),
    "refusals_text": Phrase(
        "A refusal costs nothing and may have several reasons. Requests refused: {count}; counted "
        "by {step}, UTC.",
        "拒绝不扣减预算，一次拒绝可以有多条理由。共拒绝请求 {count} 次，按{step}统计（UTC）。",
    ),
    "no_refusals": Phrase("Nothing was refused.", "没有被拒绝的请求。"),
    "other_reasons": Phrase("other reasons", "其他理由"),
    "changes": Phrase("Policies, caps and snapshots", "策略、上限与数据快照"),
    "changes_text": Phrase(
        "What the owner published, in order. A first policy sets the source’s cap.",
        "数据开放主体先后发布的内容。首份策略确定来源的上限。",
    ),
    "change": Phrase("Change", "变更"),
    "change_policy": Phrase("Policy", "释放策略"),
    "change_first": Phrase("First policy, sets the cap", "首份策略，确定上限"),
    "change_cap": Phrase("Policy changes the cap", "策略变更上限"),
    "change_dataset": Phrase("New snapshot", "新数据快照"),
    "per_agreement": Phrase("Cap of one agreement", "单个协议的上限"),
    "policy_digest": Phrase("Digest of the policy", "策略摘要"),
    "time": Phrase("Time (UTC)", "时间（UTC）"),
    "dataset": Phrase("Dataset", "数据集"),
    "applications": Phrase("Applications", "开放申请"),
    "applications_of": Phrase(
        "{count} received, {declined} declined", "{count} 份，未获同意 {declined} 份"
    ),
    # Incidents
    "incidents_text": Phrase(
        "Patterns that an auditor should look at. None proves that anything is wrong; each "
        "links to "
        "the entries that it was found in. {hours}",
        "审计人员应当查看的几类情形。它们并不说明一定有问题，每一条都可链接到相应的记录。{hours}",
    ),
    "hours": Phrase(
        "Working hours are {opens}:00 to {closes}:00 from Monday to Friday, {zone}.",
        "工作时间为周一至周五 {opens}:00 至 {closes}:00（时区 {zone}）。",
    ),
    "rule": Phrase("Pattern", "情形"),
    "rule_words": Phrase("What counts", "判定规则"),
    "found": Phrase("Found", "发现次数"),
    "bursts": Phrase("Bursts of requests", "请求突增"),
    "bursts_rule": Phrase(
        "At least {least} requests under one agreement within {within}.",
        "同一协议在 {within}内至少提交 {least} 次请求。",
    ),
    "same_price": Phrase("Questions that look alike", "相近的重复提问"),
    "same_price_rule": Phrase(
        "At least {least} debits under one agreement on one dataset within {within}, at prices "
        "that agree in their first two digits. The ledger does not show questions, only their "
        "prices.",
        "同一协议就同一数据集在 {within}内至少扣减 {least} 笔，且价格前两位有效数字相同。"
        "账本不显示提问内容，只能比较价格。",
    ),
    "after_hours": Phrase("Outside working hours", "非工作时间的请求"),
    "after_hours_rule": Phrase(
        "At least {least} requests under one agreement outside working hours within {within}.",
        "同一协议在非工作时间的 {within}内至少提交 {least} 次请求。",
    ),
    "failures_rule": Phrase(
        "At least {least} failed runs on one source within {within}.",
        "同一数据来源在 {within}内至少有 {least} 次运行失败。",
    ),
    "failures_name": Phrase("Failures that cluster", "集中出现的失败"),
    "probing": Phrase("Refusals just before an answer", "释放前的连续拒绝"),
    "probing_rule": Phrase(
        "At least {least} refusals under one agreement within {within} before a release under the "
        "same agreement: the question may have been changed until it passed.",
        "同一协议在某次释放之前 {within}内至少被拒绝 {least} 次：提问可能被反复修改直至通过。",
    ),
    "minutes": Phrase("{count} minutes", " {count} 分钟"),
    "hour_one": Phrase("an hour", " 1 小时"),
    "hours_long": Phrase("{count} hours", " {count} 小时"),
    "incident": Phrase("{count} events, {span} UTC", "共 {count} 次，{span}（UTC）"),
    "no_incidents": Phrase("No such pattern was found.", "未发现上述情形。"),
    # The entries
    "cited": Phrase("Entries that this report refers to", "本报告引用的记录"),
    "cited_text": Phrase(
        "As they stand in the export, by their position, counted from 0. The log commits to "
        "questions, reasons and answers by digest; it does not hold them.",
        "以下为导出文件中的原文，按位置排列，从 0 起计。账本只记录提问、理由和结果的摘要，"
        "不含其内容。",
    ),
    "cited_cut": Phrase(
        "{count} further entries are referred to; `datarange audit show` prints them all.",
        "另有 {count} 条引用的记录未列出，可用 datarange audit show 查看全部记录。",
    ),
    "entry_cut": Phrase("cut here; {count} characters in all", "此处截断，原文共 {count} 个字符"),
    # How it was made
    "method": Phrase("How to read these figures", "数字说明"),
    "method_exact": Phrase(
        "All sums are exact fractions. Where an amount is too long to print, spending is "
        "rounded up "
        "and what remains is rounded down.",
        "所有合计均为精确分数。数值过长无法列印时，已用部分向上取整，剩余部分向下取整。",
    ),
    "method_composition": Phrase(
        "All debits of a source are added up. No debit is discounted for touching other people "
        "than "
        "another one did (parallel composition); somebody who appears in two parts of a source is "
        "counted in both.",
        "同一来源的扣减全部相加，不因涉及的人不同而抵减（不采用并行组合）。"
        "某人若出现在来源的两个部分中，两处均计入。",
    ),
    "method_log": Phrase(
        "The report knows what the ledger says. It cannot tell that a debit was the right price of "
        "its question, nor what was copied past the site, nor whether an older history was cut "
        "off: "
        "hold older heads and receipts against this one.",
        "本报告只知道账本所述。它无法判断某笔扣减是否为该提问的正确价格，"
        "无法得知是否有人绕过节点复制数据，也无法得知更早的历史是否被截去："
        "请用此前留存的检查点和回执与之比对。",
    ),
    "method_same": Phrase(
        "The same export gives the same report, byte for byte. It holds no script and loads "
        "nothing.",
        "同一份导出得到的报告逐字节相同。报告不含脚本，不加载任何外部内容。",
    ),
    "footer": Phrase("Made by Data Range {version}", "由数据靶场 {version} 生成"),
}
"""By key; `{name}` stands for a part that is filled in."""
