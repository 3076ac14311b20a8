"""What a page says around its figures: verdict, contents, method, entries."""

from sandbox.cli.language import Phrase

PAGE = {
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
        "All debits of a source are added up. One is discounted only where the owner declared a "
        "partition of the people and ingest keeps it (parallel composition): somebody who appears "
        "in two parts is counted in both, and the source pays for as many of the dearest parts as "
        "one person can be in. What was given back before rows were read is taken off again.",
        "同一来源的扣减全部相加。仅在数据开放主体声明了人群分区、且数据入库时予以保证的情形下，"
        "才按并行组合抵减：出现在两个分区中的人，两处均计入；"
        "数据来源按用量最高的若干分区承担花费，个数等于每人至多可属的分区数。"
        "在读取数据之前退还的扣减不再计入。",
    ),
    "method_epsilon": Phrase(
        "Where the ledger counts in ρ, ε is read at the δ that the owner signed, with a proven "
        "conversion (Canonne, Kamath, Steinke 2020), rounded up. Epsilons of parts of a budget do "
        "not add up; their ρ do.",
        "以 ρ 计量时，ε 按数据开放主体签署的 δ 折算（Canonne、Kamath、Steinke 2020），向上取整。"
        "预算各部分的 ε 不可相加，ρ 可以相加。",
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
