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
            "answers about a source compose, adaptively too, up to its cap.",
            "零集中差分隐私（ρ 逐笔相加，Bun、Steinke 2016）或纯差分隐私（ε 逐笔相加），"
            "每个来源固定采用其中一种。同一来源的所有结果（包括自适应提问）累计不超过其上限。",
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
            "before rows are read and never refunded. A cap belongs to the people of a source, "
            "whoever asks, so no honesty among researchers is assumed.",
            "交互式：利用方可在看到结果之后再提问。读取数据之前先行扣减预算，且不退还。"
            "上限属于来源中的人，与由谁提问无关，因此不假定利用方之间互不串通。",
        ),
    ),
    (
        Phrase("Trust model", "信任模型"),
        Phrase(
            "Central: the site and its operator see the rows; researchers and the public do not.",
            "中心式：节点及其运维人员可以看到原始数据，利用方和公众看不到。",
        ),
    ),
    (
        Phrase("Side channels", "侧信道"),
        Phrase(
            "Arithmetic on integers leaves no floating-point channel; no question can fail because "
            "of a row; answers appear at whole time quanta; refusals and errors depend on the "
            "request and the policy alone.",
            "全部采用整数运算，不存在浮点信道；任何提问都不会因某一行数据而失败；"
            "结果只在整数倍时间量子出现；拒绝与报错仅取决于请求和策略。",
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
