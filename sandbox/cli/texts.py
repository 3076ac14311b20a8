"""Short labels and sentences of the command line, in both languages."""

from sandbox.cli.language import Phrase

# Failures
ERROR = Phrase("Error: ", "出错：")
REFUSED = Phrase("Refused, at no cost. Reasons: {count}", "已拒绝，未扣减预算。理由共 {count} 条：")
WHERE = Phrase("where: {place}", "位置：{place}")
LINE = Phrase("line {line}, column {column}", "第 {line} 行第 {column} 列")
CLAUSE = Phrase("clause {name}", "条款 {name}")
COLUMN_OF = Phrase("column {name}", "字段 {name}")
OWNER_OF = Phrase("owner {name}", "开放主体 {name}")
CODE = Phrase("{code}, exit code {exit_code}", "{code}，退出码 {exit_code}")
ADVICE = {
    1: Phrase(
        "Nothing that you did is to blame; the site's log has the details.",
        "这不是您的操作所致，详情见节点日志。",
    ),
    3: Phrase("Correct this and try again.", "请更正后重试。"),
    4: Phrase(
        "Set DATARANGE_URL and DATARANGE_TOKEN to a site and a token of the right role; "
        "`datarange up` prints them when a site starts for the first time.",
        "请将 DATARANGE_URL 和 DATARANGE_TOKEN 设为节点地址与相应角色的令牌；"
        "节点首次启动时，datarange up 会打印这些令牌。",
    ),
    5: Phrase(
        "List what there is: `datarange dataset list`, `application list`, `agreement list`.",
        "可用 datarange dataset list、application list、agreement list 查看现有内容。",
    ),
    6: Phrase("Look at the present state, then decide again.", "请查看当前状态后再作决定。"),
    7: Phrase(
        "Change the question, or ask the owner to change the clause.",
        "请修改请求，或商请数据开放主体调整相应条款。",
    ),
    8: Phrase("Do not rely on this.", "请勿采信。"),
    9: Phrase("Nothing was released. Try again later.", "没有释放任何数据，请稍后重试。"),
}
"""What to do next, by exit code."""
ADVICE_OF_CODE = {
    "owner.key": Phrase(
        "Sign with the key that the source is in the care of: --key FILE.",
        "请用管理该数据来源的密钥签署：--key 文件。",
    ),
    "emergency.same_person": Phrase(
        "Ask another steward to confirm it.", "请由主管部门的另一名工作人员确认。"
    ),
    "rule.forbids": Phrase(
        "Somebody else has to do this; the rule above says why.",
        "请由其他有权人员办理，理由见上述规则。",
    ),
}
"""What to do next where the exit code alone does not say it."""

WORKING = Phrase("Working …", "正在处理……")
READ_SO_FAR = Phrase("Read so far: {count} …", "已读取 {count} 条……")

# A site
SERVING = Phrase("Data Range is at {url}", "数据靶场已启动：{url}")
DATA_IN = Phrase(
    "Its data are in {folder}; Ctrl-C stops it.", "数据保存在 {folder}；按 Ctrl-C 停止。"
)
TOKENS = Phrase(
    "First tokens. They are shown once, now; keep them.", "首批令牌，仅显示这一次，请妥善保存。"
)
USE_TOKEN = Phrase("Work as one of them:", "以其中一种角色开展工作：")
PROGRAMS_HELD = Phrase(
    "Researchers' programs are held by {name}.", "研究人员的程序由 {name} 隔离运行。"
)
PROGRAMS_NOT_HELD = Phrase(
    "Researchers' programs are not run: no way of holding them passed its self-test here. "
    "`datarange doctor` says why.",
    "本机没有通过自检的隔离方式，不运行研究人员的程序；原因见 `datarange doctor`。",
)
PROGRAMS_OFF = Phrase("Researchers' programs are not run here.", "本节点不运行研究人员的程序。")
STARTING = Phrase(
    "Starting; what holds programs is tried by real attacks …",
    "正在启动，并以真实攻击检验隔离环境……",
)
STOPPED = Phrase("Stopped.", "已停止。")
UPGRADED = Phrase("The books in {folder} are up to date.", "{folder} 中的账册已是最新版本。")
SITE_REKEYED = Phrase(
    "The site signs with a new key from now on, and the ledger says so. The public key:",
    "节点自即日起使用新密钥签署，变更已记入账本。新公钥：",
)
REOFFERED = Phrase(
    "Agreements offered but not yet signed: {count}. They are signed anew with this key; whoever "
    "was about to sign reads them again.",
    "已发出、尚未签署的协议共 {count} 份，已用新密钥重新签发；拟签署方请重新查阅后再签署。",
)
TOKEN_ADDED = Phrase(
    "{name} may now work as {role}. The token is shown once, now:",
    "{name} 现可以{role}身份工作。令牌仅显示这一次：",
)
ROLES = {
    "owner": Phrase("data owner", "数据开放主体"),
    "steward": Phrase("steward", "主管部门"),
    "researcher": Phrase("researcher", "申请人"),
    "auditor": Phrase("auditor", "审计"),
    "administrator": Phrase("administrator", "管理员"),
}

# Catalogue and policies
DATASET = Phrase("Dataset", "数据集")
TITLE = Phrase("Title", "名称")
OPENNESS = Phrase("Openness", "开放属性")
GRADE = Phrase("Grade", "分级")
OWNER = Phrase("Owner", "开放主体")
PURPOSES = Phrase("Purposes", "利用目的")
UNIT = Phrase("Person", "隐私单元")
UNIT_ROWS = Phrase("column {unit}, at most {rows} rows each", "字段 {unit}，每人至多 {rows} 行")
PER_ANSWER = Phrase("One answer", "单次上限")
PER_ANSWER_EPSILON = Phrase(
    "at most (ε {epsilon}, δ {delta}), {accounting}", "至多（ε {epsilon}，δ {delta}），{accounting}"
)
COLUMN = Phrase("Column", "字段")
KIND = Phrase("Kind", "类型")
USE = Phrase("Use", "可用于")
VALUES = Phrase("Keys or bounds", "取值范围")
MEANING = Phrase("Meaning", "含义")
CLOSED_COLUMNS = Phrase("Closed columns: ", "不予开放的字段：")
NO_DATASETS = Phrase("The catalogue lists nothing that fits.", "目录中没有符合条件的数据集。")
KINDS = {
    "category": Phrase("category", "类别"),
    "number": Phrase("number", "数值"),
    "date": Phrase("date", "日期"),
    "person": Phrase("person", "个人标识"),
    "closed": Phrase("closed", "不予开放"),
}
OPENNESSES = {
    "unconditional": Phrase("unconditional", "无条件开放"),
    "conditional": Phrase("conditional", "有条件开放"),
    "closed": Phrase("closed", "不予开放"),
}
USES = {
    "group": Phrase("group", "分组"),
    "filter": Phrase("filter", "筛选"),
    "measure": Phrase("measure", "度量"),
}
MOCK = Phrase(
    "Mock rows of {name}: invented from the public schema, nothing real in them",
    "{name} 的样例数据：仅依据公开结构虚构，不含真实数据",
)
ADDED = Phrase("{name} is listed; snapshot {snapshot}", "{name} 已编入目录，快照 {snapshot}")
ADDED_ROWS = Phrase(
    "{read} rows read, {kept} kept, {people} people",
    "读入 {read} 行，保留 {kept} 行，共 {people} 人",
)
CHANGES = Phrase(
    "What was changed on the way in (for the owner only)", "入库时的处理（仅供开放主体查看）"
)
CLOSED_NOT_COPIED = Phrase(
    "Closed columns stayed outside: {names}", "不予开放的字段未入库：{names}"
)
POLICY_VALID = Phrase("{file}: a valid release policy for {name}", "{file}：{name} 的释放策略有效")
POLICY_INVALID = Phrase("{file}: {count} error(s)", "{file}：共 {count} 处错误")

# Applications and agreements
ID = Phrase("Id", "编号")
STATE = Phrase("State", "状态")
PURPOSE = Phrase("Purpose", "利用目的")
PERIOD = Phrase("Period", "使用期限")
APPLICANT = Phrase("Applicant", "申请人")
SCENARIO = Phrase("Scenario", "应用场景")
SAFEGUARDS = Phrase("Safeguards", "安全保障措施")
RECEIVED = Phrase("Received", "受理时间")
DECISION = Phrase("Decision", "答复意见")
AGREEMENT = Phrase("Agreement", "开放利用协议")
SPENT = Phrase("Spent", "已用")
CAP = Phrase("Cap", "上限")
LANES = Phrase("Lanes", "利用通道")
LANE_NAMES = {
    "query": Phrase("query", "查询通道"),
    "algorithm": Phrase("algorithm", "算法通道"),
    "reviewed": Phrase("reviewed", "审核通道"),
}
GRANTED = Phrase("Budget granted", "约定的隐私预算")
REMAINING = Phrase("Remaining", "余额")
NO_APPLICATIONS = Phrase("There are no applications.", "暂无开放申请。")
NO_AGREEMENTS = Phrase("There are no agreements.", "暂无开放利用协议。")
STATES = {
    "draft": Phrase("draft", "草稿"),
    "supplement_requested": Phrase("supplement requested", "待补正"),
    "resubmitted": Phrase("resubmitted", "已补正"),
    "assessed": Phrase("assessed", "已评估"),
    "withdrawn": Phrase("withdrawn", "已撤回"),
    "signed": Phrase("signed", "已签署"),
    "submitted": Phrase("submitted", "已受理"),
    "granted": Phrase("granted", "同意开放"),
    "refused": Phrase("refused", "不予开放"),
    "offered": Phrase("offered", "待签署"),
    "in_force": Phrase("in force", "已生效"),
    "superseded": Phrase("superseded", "已变更"),
    "ended": Phrase("ended", "已终止"),
}
BUDGET = Phrase("Budget ({unit})", "隐私预算（{unit}）")

# Questions
COST = Phrase("Cost", "花费")
COST_OF = Phrase(
    "(ε {epsilon}, δ {delta}); charged: {unit} {charged}",
    "（ε {epsilon}，δ {delta}）；计费：{unit} {charged}",
)
CELLS = Phrase("Cells", "单元格数")
OUTPUT = Phrase("Output", "输出")
HALF_WIDTH = Phrase("± (95 %)", "半宽（95 %）")
HALF_WIDTH_THEN = Phrase("± (95 %) then", "调整后半宽（95 %）")
TO_ERR_LESS = Phrase("To err less at the same price", "相同隐私损失下减小误差的办法")
ASSUMES = Phrase("Assumes", "前提")
PERMITTED = Phrase("The policy permits this.", "释放策略允许本次请求。")
NOT_PERMITTED = Phrase("The policy would refuse this:", "释放策略将拒绝本次请求：")
SUBMISSION = Phrase("Submission", "提交")
RECEIPT = Phrase(
    "Receipt: entry {index} of the ledger, proof verified", "回执：账本第 {index} 条，证明已核验"
)

# Audit
VERIFIED = Phrase("Verified: {size} entries, root {root}", "核验通过：共 {size} 条记录，根 {root}")
NOT_VERIFIED = Phrase(
    "NOT verified: {count} finding(s) in {size} entries",
    "核验未通过：{size} 条记录中发现 {count} 处问题",
)
ENTRY = Phrase("Entry", "记录")
FINDING = Phrase("Finding", "问题")
WHY = Phrase("Why it matters", "说明")
ACCOUNT = Phrase("Account", "账户")
ACCOUNTING = Phrase("Accounting", "计量方式")
ENTRY_KINDS = {
    "site": Phrase("site", "建站"),
    "policy": Phrase("policies", "释放策略"),
    "dataset": Phrase("snapshots", "数据快照"),
    "application": Phrase("applications", "开放申请"),
    "step": Phrase("steps of applications", "申请办理步骤"),
    "decision": Phrase("decisions", "答复"),
    "agreement": Phrase("agreements", "协议"),
    "refusal": Phrase("refusals", "拒绝"),
    "debit": Phrase("debits", "扣减"),
    "release": Phrase("releases", "释放"),
    "failure": Phrase("failures", "失败"),
    "cancellation": Phrase("cancellations", "撤销扣减"),
    "cap_change": Phrase("changes of caps", "上限变更"),
    "key_change": Phrase("changes of keys", "密钥更换"),
    "emergency": Phrase("emergencies", "应急开放"),
    "review": Phrase("reviews", "审查"),
    "disposal": Phrase("disposals", "期满处置"),
    "certificate": Phrase("disposal certificates", "处置证明"),
    "feedback": Phrase("feedback on use", "利用情况反馈"),
    "opening": Phrase("openings for download", "开放下载"),
    "withdrawal": Phrase("openings withdrawn", "停止开放"),
    "erasure": Phrase("erasures", "资料删除"),
    "anchor": Phrase("co-signed heads", "联署检查点"),
}
COSIGNED = Phrase("Co-signed: {size} entries of {origin}", "已联署：{origin} 的 {size} 条记录")
WITNESS = Phrase("Witness", "见证方")
SIGNED_AT = Phrase("Co-signed at", "联署时间")
EXPORTED = Phrase(
    "Exported to {folder}. Check it offline with: datarange audit verify {folder} --key KEY",
    "已导出至 {folder}。离线核验：datarange audit verify {folder} --key KEY",
)
WRITTEN = Phrase("Written: {file}", "已写入：{file}")
WRITTEN_UNVERIFIED = Phrase(
    "Written: {file}. The ledger does NOT verify; the report says why.",
    "已写入：{file}。账本核验未通过，原因见报告。",
)
