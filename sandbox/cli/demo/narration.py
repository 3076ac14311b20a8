"""What the demo says, in both languages."""

from sandbox.cli.language import Phrase

TITLE = Phrase(
    "Data Range: questions of data that may not be handed over", "数据靶场：数据不出域，结果可利用"
)
INTRO = Phrase(
    "The data are real: 20,190 person-years of 5,912 people in the RAND Health Insurance "
    "Experiment. They never leave the site. What leaves are answers with calibrated noise, and "
    "each is paid for from a privacy budget that anybody can audit.",
    "数据是真实的：兰德健康保险实验中 5,912 人的 20,190 条人年记录。原始数据始终不出节点，"
    "对外提供的只有经校准加噪的结果；每次结果都从隐私预算中扣减，任何人均可审计。",
)
STARTING = Phrase("Starting a site …", "正在启动节点……")
STARTED = Phrase(
    "A site is running at {url}; all of its files are in {folder}.",
    "节点已启动：{url}，全部文件都在 {folder} 中。",
)
CHAPTER = Phrase("{number} of 6 · {title}", "第 {number} 步，共 6 步 · {title}")
RUNNING = Phrase("Running …", "正在执行……")
COMPUTING = Phrase("Asking …", "正在提交请求……")

# 1
DESCRIBE = Phrase("The owner describes the data", "数据开放主体登记数据")
DESCRIBE_TEXT = Phrase(
    "The owner hands in a Parquet file with a release policy: which columns are open, for what, "
    "and how much privacy may be spent. The owner's key signs the policy; the file is checked, "
    "bounded and frozen.",
    "数据开放主体提交 Parquet 文件和释放策略，写明开放哪些字段、作何用途、可消耗多少隐私预算，"
    "并以自己的密钥签署策略。数据经校验、限界后固化为不可更改的快照。",
)
OWNER_ONLY = Phrase(
    "Only the owner sees this report: its exact counts would tell others something of the rows.",
    "该报告仅数据开放主体可见：其中的精确计数会泄露数据内容。",
)

# 2
APPLY = Phrase("The researcher finds it and applies", "申请人查找数据并提出申请")
APPLY_TEXT = Phrase(
    "The catalogue shows what the policy says, and nothing that was computed from rows.",
    "目录内容完全来自释放策略，不含任何由数据计算得出的信息。",
)
COLUMNS = Phrase(
    "{shown} of {opened} open columns; {closed} more are closed.",
    "以上为 {opened} 个开放字段中的 {shown} 个，另有 {closed} 个字段不予开放。",
)
MOCK_TEXT = Phrase(
    "Mock rows, made from the policy alone, are there to develop on:",
    "可用样例数据开发调试，样例仅依据释放策略生成：",
)
SCENARIO = Phrase(
    "Compare spending between sites for a lecture on health insurance",
    "比较各地点医疗支出，用于医疗保险课程教学",
)
SAFEGUARDS = Phrase("Results stay within the working group", "结果数据仅限课题组内部使用")
APPLIED = Phrase(
    "The application is received; the clock of five working days runs.",
    "申请已受理，五个工作日的答复期限开始计算。",
)

# 3
APPLICANT = Phrase("A researcher", "研究人员")
REMARK = Phrase("In order", "符合要求")
DECIDE = Phrase("The steward decides, both sides sign", "主管部门答复，双方签署协议")
DECIDE_TEXT = Phrase(
    "The site signs for the owner, the researcher with a key of their own (Ed25519). "
    "The signed agreement opens a budget.",
    "节点代表数据开放主体签名，申请人以自己的密钥签名（Ed25519）。协议签署后即开立隐私预算账户。",
)
REASON = Phrase(
    "Teaching with safeguards is in the public interest", "教学用途，安全措施得当，同意开放"
)

# 4
ASK = Phrase("The researcher asks", "申请人提交请求")
ASK_TEXT = Phrase(
    "From a notebook, over HTTP. First the price and the error, then the answer.",
    "在笔记本中经 HTTP 提交：先看花费与误差，再取结果。",
)
FORECAST = Phrase(
    "Before paying: {unit} {charged} of {remaining}. 95 % half-widths: {half_widths}.",
    "付费之前：将花费 {unit} {charged}，现有余额 {remaining}。95 % 半宽：{half_widths}。",
)
PEOPLE = Phrase("People by site", "各地点人数")
SPENDING = Phrase(
    "Medical spending of adults by site and sex, in dollars", "各地点、性别的成年人医疗支出（美元）"
)
EXACT = Phrase("exact", "真值")
TRUTH_TEXT = Phrase(
    "“exact” is computed by the demo from the owner's file. The demo may look, "
    "the product may not.",
    "“真值”由演示程序直接读取原始文件算得。演示程序可以看，产品不可以。",
)
BOUND_TEXT = Phrase(
    "Spending above {bound} counts as {bound}, here and in “exact”: the public bound limits what "
    "one person can change.",
    "高于 {bound} 的支出按 {bound} 计，“真值”同样处理：公开的上界限定了任何一人所能造成的影响。",
)
HELD = Phrase(
    "{held} of {all} intervals hold the exact value; 95 % of them should.",
    "{all} 个区间中有 {held} 个包含真值（理论比例 95 %）。",
)
SQL_TEXT = Phrase("The same question in SQL:", "同一问题，用 SQL 提出：")
SAME = Phrase(
    "Same question, same bytes, no cost: averaging over repeats gains nothing.",
    "问题相同，返回的字节完全相同，不再扣减：重复提问再取平均得不到任何好处。",
)
RECEIPTS = Phrase(
    "Each answer has a receipt; both inclusion proofs are verified.",
    "每个结果都有回执，两份包含证明均已核验。",
)
BUDGET = Phrase(
    "Spent so far: {unit} {spent} of {cap}. Both answers together were bought for ε 0.5 and 1; "
    "adding ε up would leave 0.5, yet one more answer of ε {left} still fits.",
    "目前已用 {unit} {spent}，上限 {cap}。两次结果分别为 ε 0.5 和 1；若按 ε 直接相加只剩 0.5，"
    "实际仍可再取一次 ε 为 {left} 的结果。",
)

# 5
REFUSE = Phrase("What the policy does not permit is refused", "不符合策略的请求一律拒绝")
REFUSE_TEXT = Phrase(
    "A refusal depends on policy, budget and question, never on rows. It costs nothing and says "
    "all of its reasons.",
    "拒绝与否只取决于策略、预算和请求本身，与数据内容无关；拒绝不扣减预算，并一次列明全部理由。",
)
OVER_BUDGET = Phrase("More than the budget allows", "超出预算")
CLOSED_COLUMN = Phrase("A closed column", "不予开放的字段")
OTHER_PURPOSE = Phrase("A purpose that was not agreed", "协议之外的利用目的")
ALL_AT_ONCE = Phrase(
    "All of it at once: every reason is given, not just the first",
    "以上全部：列出所有理由，而不只是第一条",
)
MALFORMED = Phrase("Malformed SQL", "语法错误的 SQL")
RAISE = Phrase("A higher cap without the owner's key", "没有开放主体的密钥，上调上限")
RAISE_TEXT = Phrase(
    "A copy of the policy allows ε 5 where the owner signed ε 4. The owner's token alone does not "
    "make it so, nor does the site; the owner's key does.",
    "策略副本将 ε 上限由开放主体签署的 4 改为 5。仅凭开放主体的令牌不能生效，节点也无权变更，"
    "只有开放主体的密钥可以。",
)
EXPIRED = Phrase("After the agreed period", "超过使用期限")
STOPPED = Phrase(
    "The site is stopped (exit code {code}) and started again with a clock one year ahead. "
    "It finds everything as it was.",
    "停止节点（退出码 {code}），将时钟拨快一年后重新启动，一切如初。",
)
UNCHANGED = Phrase(
    "Spent before and after: {unit} {spent}.", "拒绝前后，已用预算不变：{unit} {spent}。"
)

# 6
AUDIT = Phrase("The auditor verifies it all, offline", "审计离线核验全部账目")
AUDIT_TEXT = Phrase(
    "The ledger is exported and the site is switched off. What follows needs the copy and the "
    "public key alone.",
    "导出账本后关闭节点。以下核验只需要这份副本和一把公钥。",
)
REPORT = Phrase(
    "The raised cap stands in both: one change of caps, signed by the owner's key.",
    "核验结果和报告均载明此次上调：上限变更 1 次，由开放主体的密钥签署。",
)
TAMPER_TEXT = Phrase("Three copies are tampered with:", "再篡改三份副本：")
FLIPPED = Phrase("One byte of entry {index} is flipped", "将第 {index} 条记录中的一个字节取反")
REMOVED = Phrase(
    "Entry {index}, a debit, is removed; an insider signs the shorter log with the site's own key",
    "删去第 {index} 条记录（一笔扣减），并由内部人员用节点自己的密钥重新签名",
)
FORGED = Phrase(
    "A release without a debit is added as entry {index} and signed with the site's own key",
    "添加一条没有扣减的释放（第 {index} 条），并用节点自己的密钥签名",
)
EXIT_CODE = Phrase("exit code {code}", "退出码 {code}")

# End
END = Phrase(
    "Done in {seconds} s. Nothing is left running; everything that was written is in {folder}.",
    "演示结束，用时 {seconds} 秒。没有遗留任何进程，写入的全部文件都在 {folder} 中。",
)
NEXT = Phrase("Start a site of your own: datarange up", "启动您自己的节点：datarange up")
