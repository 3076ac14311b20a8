"""What a page says of the accounts of a source's budget tree."""

from sandbox.cli.language import Phrase

ACCOUNTS = {
    "lanes": Phrase("Lanes", "利用通道"),
    "lane_query": Phrase("query", "查询"),
    "lane_algorithm": Phrase("algorithm", "算法"),
    "lane_reviewed": Phrase("reviewed", "审核"),
    # The tree
    "gap": Phrase(" ", ""),
    "tree": Phrase("The budget tree", "预算树"),
    "tree_text": Phrase(
        "Every debit has to fit at all accounts on its way up, or it is refused. Of each kind, the "
        "fullest account or the last one is shown; tables of all of them follow.",
        "每笔扣减须在其路径上的所有账户中都有余额，否则予以拒绝。"
        "此处每类只列用量最高或最近的一个账户，全部账户见下文各表。",
    ),
    "account": Phrase("Account, in {unit}", "账户（单位 {unit}）"),
    "limit": Phrase("Limit", "限额"),
    "epsilon": Phrase("ε", "折合 ε"),
    "whole_life": Phrase("Whole source, for good", "数据来源，全周期"),
    "kept_back": Phrase("Kept for emergencies", "应急预留"),
    "last_day": Phrase("Last day with a debit: {name}", "最近有扣减的一日：{name}"),
    "last_month": Phrase("Last month with a debit: {name}", "最近有扣减的一月：{name}"),
    "last_quarter": Phrase("Last quarter with a debit: {name}", "最近有扣减的一季：{name}"),
    "highest_person": Phrase("Highest researcher: {name}", "用量最高的申请人：{name}"),
    "highest_agreement": Phrase("Highest agreement: {name}", "用量最高的协议：{name}"),
    "dearest_part": Phrase("Dearest part: {name}", "用量最高的分区：{name}"),
    # Researchers
    "by_researcher": Phrase("Spent, by researcher", "按申请人统计的花费"),
    "by_researcher_text": Phrase(
        "A researcher, a person or a team, appears as a pseudonym that the site gives: its first "
        "twelve digits. It stays the same over agreements and keys; who it is stands in the site’s "
        "own records.",
        "申请人（个人或团队）以节点赋予的假名表示，此处取前十二位。"
        "同一申请人换用密钥、另签协议，假名不变；其真实身份只留存于节点自有档案。",
    ),
    "person_cap": Phrase(
        "Each may spend {cap} over all of their agreements, for good.",
        "每名申请人在其全部协议项下合计限额为 {cap}，用完为止。",
    ),
    "no_person_cap": Phrase(
        "There is no limit for one researcher beyond those of their agreements and of the source.",
        "除各协议及数据来源的上限外，未对单个申请人另设限额。",
    ),
    "share_of_source": Phrase("Share of the source’s cap", "占来源上限比例"),
    "share_of_own": Phrase("Share of their own limit", "占本人限额比例"),
    # Periods
    "by_period": Phrase("Spent, by quarter and month", "按季度、月份统计的花费"),
    "by_day": Phrase("Spent, by day", "按日统计的花费"),
    "by_period_text": Phrase(
        "Periods are calendar days, months and quarters in UTC; only those with a debit while a "
        "limit was in force are listed. A new period brings no new privacy: beside each stands "
        "what the whole life had cost by then, emergencies included. A question about some parts "
        "counts here in full.",
        "按 UTC 日历的日、月、季度计，仅列出设有限额且有扣减的时段。"
        "进入新的时段并不带来新的隐私预算：每行均列出截至当时的全周期累计花费（含应急开放）。"
        "只涉及部分分区的提问在此按全额计。",
    ),
    "period_of_time": Phrase("Period", "时段"),
    "spent_within": Phrase("Spent in it", "时段内花费"),
    "limit_then": Phrase("Limit at the time", "当时限额"),
    "lifetime": Phrase("Whole life by then", "截至当时的全周期累计"),
    "lifetime_share": Phrase("Share of the source’s cap", "累计占来源上限"),
    # Parts
    "by_part": Phrase("Parts of the people", "人群分区"),
    "partition": Phrase(
        "The people of {datasets} are divided by the column {column} into {keys} parts; ingest "
        "keeps nobody in more than {most}.",
        "{datasets} 按字段 {column} 划分为 {keys} 个分区，数据入库时确保每人至多属于 {most} 个。",
    ),
    "partition_text": Phrase(
        "A person in several parts is counted in each of them. A question about some parts is "
        "charged to these, and the source pays for the dearest parts of each snapshot: as many of "
        "them as one person can be in. Snapshots add up, for people may have moved in between.",
        "属于多个分区的人，在其所属的每个分区中均计入。只涉及部分分区的提问，计入所涉分区；"
        "数据来源按每份快照中用量最高的若干分区承担花费，个数等于每人至多可属的分区数。"
        "各快照之间逐一累加，因为其间可能有人变更所属分区。",
    ),
    "both": Phrase("{amount} (ε {epsilon})", "{amount}（ε {epsilon}）"),
    "of": Phrase("{count} of {all}", "{count} / {all}"),
    "parts_asked": Phrase("Parts asked about", "涉及分区"),
    "parts_together": Phrase("All parts together", "各分区合计"),
    "each_part": Phrase("Spent, by part", "按分区统计的花费"),
    "part": Phrase("Part", "分区"),
    "snapshot": Phrase("Snapshot", "快照"),
    "source_counts": Phrase("The source counts", "计入数据来源"),
    "no_parts": Phrase("No question was about some parts only.", "尚无只涉及部分分区的提问。"),
    # Emergencies
    "emergencies": Phrase("Emergencies", "应急开放"),
    "tranche": Phrase(
        "Kept for emergencies: {cap}; of it, {spent} are spent and {left} cannot be had otherwise.",
        "应急预留 {cap}，已用 {spent}；仅供应急开放使用的余额为 {left}。",
    ),
    "no_tranche": Phrase(
        "Nothing is kept for emergencies any more; {spent} were spent in them.",
        "现已不设应急预留，此前应急开放共花费 {spent}。",
    ),
    "emergencies_text": Phrase(
        "Two officials open it together, for a time. A debit in an emergency is charged to the "
        "tranche and to the source, to no agreement, no researcher and no period.",
        "须由两名工作人员共同开启，并有期限。应急期间的扣减计入应急预留和数据来源，"
        "不计入协议、申请人和时段的限额。",
    ),
    "emergency": Phrase("Emergency", "应急开放编号"),
    "open_for": Phrase("Open (UTC)", "开放时间（UTC）"),
    "opened_by": Phrase("Opened by", "开启人"),
    "debits": Phrase("Debits", "扣减"),
    "looked_into": Phrase("Reviewed after its end", "事后复核"),
    "not_looked_into": Phrase("not on record", "未见记录"),
    "no_emergencies": Phrase("No emergency has been declared.", "尚未开启过应急开放。"),
}
