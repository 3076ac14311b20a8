"""What a page says of patterns that are worth a look."""

from sandbox.cli.language import Phrase

PATTERNS = {
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
    "given_back": Phrase("Debits given back that cluster", "集中退还的扣减"),
    "given_back_rule": Phrase(
        "At least {least} debits on one source given back within {within}: each says that no row "
        "had been read, which only the site can know.",
        "同一数据来源在 {within}内至少退还 {least} 笔扣减："
        "每笔均称尚未读取数据，而这只有节点知晓。",
    ),
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
}
