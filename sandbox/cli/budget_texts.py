"""What the command line says of sources, their caps and keys, emergencies and records."""

from sandbox.cli.language import Phrase

# Terms that an owner signs
TERMS = Phrase("What you would sign", "您将签署的内容")
SITE = Phrase("For the site", "所在节点")
SOURCE = Phrase("Source", "数据来源")
POLICY_DIGEST = Phrase("Policy (SHA-256)", "释放策略（SHA-256）")
VERSION = Phrase("Version", "版本")
OWNER_KEY = Phrase("Owner's key", "开放主体公钥")
PARTITION = Phrase("Partition", "人群划分")
PARTITION_OF = Phrase(
    "{column}: {keys}; nobody is in more than {most}",
    "按 {column} 划分：{keys}；每人至多属于 {most} 个",
)
CAPS = {
    "source": Phrase("Cap of the source", "数据来源上限"),
    "person": Phrase("Limit of each researcher", "每名申请人限额"),
    "day": Phrase("Limit of a day", "每日限额"),
    "month": Phrase("Limit of a month", "每月限额"),
    "quarter": Phrase("Limit of a quarter", "每季度限额"),
    "emergency": Phrase("Kept for emergencies", "应急预留"),
    "delta": Phrase("δ at which ε is read", "折算 ε 所用的 δ"),
}
"""A source's caps, in the order in which people read them."""
EACH_AGREEMENT = Phrase("Cap of one agreement", "单个协议的上限")
NO_LIMIT = Phrase("no limit", "不设上限")
NOTHING = Phrase("nothing", "无")
CHANGES = Phrase(
    "The policy changes caps of {source}. This has to be signed first: datarange source cap {file}",
    "该策略将变更数据来源 {source} 的上限，须先签署上限变更：datarange source cap {file}",
)

# A change of caps
CHANGE = Phrase("Change {number} of the source {source}", "数据来源 {source} 的第 {number} 次变更")
RAISED = Phrase("raised: {before} → {after}", "上调：{before} → {after}")
LOWERED = Phrase("lowered: {before} → {after}", "下调：{before} → {after}")
LIMITED = Phrase("limited from now on: {before} → {after}", "新设上限：{before} → {after}")
LIFTED = Phrase("limit dropped: {before} → {after}", "取消上限：{before} → {after}")
MORE = Phrase(
    "More may be learned of each person than was promised so far. The ledger will say so for good.",
    "对每个人，可能泄露的信息将多于此前的承诺；账本将永久记载此次变更。",
)
SOONER = Phrase(
    "No more may be learned of anybody in the end than was promised so far, but sooner, or by "
    "fewer researchers.",
    "对任何人，可能泄露的信息总量不变，但可能更快用完，或更多地集中于少数申请人。",
)
LESS = Phrase(
    "No more may be learned of anybody than was promised so far.",
    "对任何人，可能泄露的信息都不会多于此前的承诺。",
)
CONFIRM = Phrase("Type yes to sign this:", "签署请输入 yes：")
CHANGED_CAPS = Phrase(
    "Signed and recorded. These caps hold from now on:", "已签署并记入账本，以下上限即时生效："
)
CHANGED_KEY = Phrase(
    "{source} is in the care of the new key; the old one signs nothing any more.",
    "数据来源 {source} 已改由新密钥管理，原密钥即时失效。",
)

# Sources and accounts
NO_SOURCES = Phrase("There are no sources.", "暂无数据来源。")
DATASETS = Phrase("Datasets", "数据集")
KEY_CHANGES = Phrase("Changes so far", "已变更次数")
LIMIT = Phrase("Limit", "限额")
THIS_AGREEMENT = Phrase("This agreement", "本协议")
YOURSELF = Phrase("You, over all your agreements", "您的全部协议合计")
PERIOD = {
    "day": Phrase("Everybody, on {name}", "全部申请人，{name} 当日"),
    "month": Phrase("Everybody, in {name}", "全部申请人，{name} 当月"),
    "quarter": Phrase("Everybody, in {name}", "全部申请人，{name} 当季"),
}

# Records
REVIEWED = Phrase("On record as entry {index} of the ledger.", "审查意见已记入账本第 {index} 条。")
ERASED = Phrase(
    "{subject}: {count} paper(s) deleted. The ledger keeps its commitments to them, "
    "and still verifies.",
    "{subject}：已删除 {count} 份资料。账本仅存其承诺值，仍可核验。",
)
DISPOSED = Phrase(
    "The agreement has ended; nothing can be asked or collected under it any more. The disposal "
    "certificate: datarange agreement certificate {id}",
    "协议已终止，不得再据此提交请求或者领取结果。"
    "获取处置证明：datarange agreement certificate {id}",
)

# Traces
AGREEMENT_OF_ANSWER = Phrase("Agreement", "协议")
RECIPIENT = Phrase("Recipient", "接收人（假名）")
DATASET_OF_ANSWER = Phrase("Dataset", "数据集")
PAID_FOR = Phrase("Paid for", "扣减时间")
LEFT_AT = Phrase("Released", "释放时间")
AT_ENTRY = Phrase("{time}, entry {index}", "{time}，账本第 {index} 条")
