"""The claim sheet: what privacy is promised, in the terms of NIST SP 800-226, and what is not.

NIST SP 800-226 (March 2025), "Guidelines for Evaluating Differential Privacy Guarantees", asks of
every claim: whom it protects, against which change of the data, in which variant and with which
parameters, by which mechanisms, under which trust, and what lies outside. What is promised is what
`THREATS.md` promises; what the ledger alone cannot show is said to be so.
"""

from sandbox.cli.language import Phrase

TITLE = Phrase("Claim sheet", "隐私保护声明")
LEAD = Phrase(
    "What this site promises about privacy, in the terms of NIST SP 800-226. The figures are the "
    "ledger’s; the sentences are the product’s promises, which the ledger alone cannot prove.",
    "本节点对隐私保护的承诺，按 NIST SP 800-226 的要素列出。数字出自账本；"
    "文字为产品的承诺，仅凭账本无法证明。",
)
ELEMENT = Phrase("Element", "要素")
CLAIM = Phrase("Claim", "声明")
NOT_COVERED = Phrase("What is not covered", "不在保护范围之内")
PARAMETERS = Phrase("Parameters, by source", "各来源的参数")
DELTA = Phrase("δ", "参数 δ")

CLAIMS = (
    (
        Phrase("Unit of privacy", "隐私单元"),
        Phrase(
            "A person, with all their rows in a snapshot. The release policy names the column that "
            "tells people apart and the number of rows that are kept of each; the ledger holds the "
            "policy’s digest.",
            "一个人，连同其在数据快照中的全部记录行。"
            "识别个人的字段以及每人保留的行数由释放策略规定，"
            "账本中记有策略摘要。",
        ),
    ),
    (
        Phrase("Neighbouring datasets", "相邻数据集"),
        Phrase(
            "Two datasets that differ by one person being added or removed (unbounded "
            "differential privacy).",
            "增加或删除一个人后得到的两个数据集（无界差分隐私）。",
        ),
    ),
    (
        Phrase("Variant and composition", "变体与组合"),
        Phrase(
            "Zero-concentrated differential privacy, where ρ adds up (Bun, Steinke 2016), or pure "
            "differential privacy, where ε adds up; each source has one of them, fixed. All "
            "answers about a source compose, adaptively too, up to its cap, those in emergencies "
            "included. Under zCDP, ε is read at the δ that the owner signed.",
            "零集中差分隐私（ρ 逐笔相加，Bun、Steinke 2016）或纯差分隐私（ε 逐笔相加），"
            "每个来源固定采用其中一种。同一来源的所有结果（包括自适应提问和应急开放）"
            "累计不超过其上限。采用零集中差分隐私时，ε 按数据开放主体签署的 δ 折算。",
        ),
    ),
    (
        Phrase("Parallel composition", "并行组合"),
        Phrase(
            "Only over a partition of the people that the owner declared and ingest keeps: nobody "
            "is in more parts than declared. A question whose filters confine it to some parts is "
            "charged to these; the source pays for as many of the dearest parts of a snapshot as "
            "one person can be in (McSherry 2009). Somebody in several parts is counted in each.",
            "仅限于数据开放主体声明、且数据入库时予以保证的人群分区：任何人所属分区数不超过声明值。"
            "筛选条件限定在部分分区内的提问只计入这些分区；"
            "数据来源按每份快照中用量最高的若干分区承担花费，个数等于每人至多可属的分区数"
            "（McSherry 2009）。属于多个分区的人，在每个分区中均计入。",
        ),
    ),
    (
        Phrase("Budget tree", "预算树"),
        Phrase(
            "A debit has to fit at every account on its way: agreement, researcher, the limited "
            "periods, the source; in an emergency, at what is kept back for it and at the source. "
            "Limits of researchers and periods ration the source’s cap and add nothing to it.",
            "每笔扣减须在其路径上的所有账户中都有余额：协议、申请人、设有限额的时段和数据来源；"
            "应急期间则为应急预留和数据来源。申请人和时段的限额只是对来源上限的分配，不增加上限。",
        ),
    ),
    (
        Phrase("Who can change a cap", "上限的变更"),
        Phrase(
            "The owner alone: policies and changes of caps are signed with a key that the site "
            "does not hold, and so is the key that follows it. No cap can be lowered below what is "
            "spent. A raise weakens the promise made before, and stays on record.",
            "仅限数据开放主体：策略与上限变更须以节点不持有的密钥签署，后继密钥亦由其签署指定。"
            "上限不得下调至已用数额以下。上调会削弱此前的承诺，并永久留痕。",
        ),
    ),
    (
        Phrase("Mechanisms", "机制"),
        Phrase(
            "Sums over people of clamped values on an integer lattice, with noise of the discrete "
            "Gaussian (zCDP) or the discrete Laplace distribution (pure), drawn by OpenDP. Equal "
            "questions get the stored answer. No thresholds and no data-dependent keys.",
            "按人累加整数格点上的截断值，再加入由 OpenDP 生成的离散高斯噪声（zCDP）"
            "或离散拉普拉斯噪声（纯差分隐私）。相同的提问返回已存的结果。"
            "不使用阈值，也不使用取自数据的分组键。",
        ),
    ),
    (
        Phrase("Post-processing", "后处理"),
        Phrase(
            "Means and intervals are computed from noisy integers only.",
            "均值与区间仅由加噪后的整数计算得出。",
        ),
    ),
    (
        Phrase("Query model", "查询模型"),
        Phrase(
            "Interactive: researchers choose questions after seeing answers. The budget is debited "
            "before rows are read; once they were, nothing is given back. A cap belongs to the "
            "people of a source, whoever asks, so no honesty among researchers is assumed.",
            "交互式：申请人可在看到结果之后再提问。读取数据之前先行扣减预算，一经读取，概不退还。"
            "上限属于来源中的人，与由谁提问无关，因此不假定申请人之间互不串通。",
        ),
    ),
    (
        Phrase("Trust model", "信任模型"),
        Phrase(
            "Central: the site and its operator see the rows; researchers and the public do not.",
            "中心式：节点及其运维人员可以看到原始数据，申请人和公众看不到。",
        ),
    ),
    (
        Phrase("Side channels", "侧信道"),
        Phrase(
            "Arithmetic on integers leaves no floating-point channel; no question can fail because "
            "of a row; answers appear at whole time quanta; refusals and errors depend on the "
            "request, the policy and the budget alone.",
            "全部采用整数运算，不存在浮点信道；任何提问都不会因某一行数据而失败；"
            "结果只在整数倍时间量子出现；拒绝与报错仅取决于请求、策略和预算。",
        ),
    ),
)
"""Each element of a claim, and what is claimed."""

EXCLUDED = (
    Phrase(
        "An operator with root on the site can read the rows, and snapshots lie unencrypted on its "
        "disk. The ledger shows what left through the site, not what somebody copied.",
        "拥有节点最高权限的运维人员可以读取数据，数据快照在磁盘上未加密。"
        "账本显示的是经节点释放的内容，不包括他人自行复制的内容。",
    ),
    Phrase(
        "The ledger alone does not stop an operator from showing two histories to two auditors: "
        "compare heads.",
        "仅凭账本无法防止运维人员向两位审计人员出示两套历史，须比对检查点。",
    ),
    Phrase(
        "That a debit was given back before any row was read is the site’s word; the ledger shows "
        "each such entry, and cannot show what was read.",
        "“退还扣减时尚未读取数据”系节点的陈述；账本逐条列示此类记录，但无法证明是否读取过数据。",
    ),
    Phrase(
        "That a person is in no more parts than declared is kept by ingest; the ledger, which "
        "holds no rows, cannot show it.",
        "“每人所属分区数不超过声明值”由数据入库保证；账本不含数据，无法对此予以证明。",
    ),
    Phrase(
        "Whoever holds an owner’s key can raise the caps of that owner’s sources. Whether an "
        "emergency was one is for people to judge: the ledger shows who opened it, when, and what "
        "was spent.",
        "持有数据开放主体密钥者即可上调其数据来源的上限。应急开放是否确属必要，须由人来判断："
        "账本只列示由谁开启、何时开启、花费多少。",
    ),
    Phrase(
        "Groups: for people who are close to each other, such as a family, the bound grows with "
        "the "
        "size of the group.",
        "群体：对于关系密切的人（如一家人），隐私损失的界限随人数增大。",
    ),
    Phrase(
        "A second dataset over the same people shares their cap only if its owner declares the "
        "same "
        "source.",
        "涉及同一群人的另一个数据集，只有在数据开放主体声明同一来源时才共用上限。",
    ),
    Phrase(
        "What is public stays public: declared keys, bounds and resolutions, the owner’s estimates "
        "of size, the catalogue.",
        "本已公开的内容不受保护：声明的分组键、取值范围和精度、数据开放主体估计的规模以及目录。",
    ),
    Phrase(
        "Where ε is read from ρ, an answer may say more than ε with probability δ.",
        "由 ρ 换算 ε 时，结果有至多 δ 的概率泄露多于 ε 所示的信息。",
    ),
    Phrase(
        "A site so loaded that a computation passes a quantum shows the number of quanta it took.",
        "节点负载过高、计算超过一个时间量子时，会暴露所用的量子个数。",
    ),
    Phrase(
        "Learning about a person what is true of people like them is no breach of this claim.",
        "由群体规律推知某人的情况，不违反本声明。",
    ),
)
"""What the claim does not cover."""
