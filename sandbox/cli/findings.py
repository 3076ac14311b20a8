"""Why each of an auditor's findings matters, in Chinese; the English is the verifier's own."""

from sandbox.cli.language import Language
from sandbox.ledger.findings import Finding

CHINESE = {
    "export.torn": "无法读取的内容无法重放，其中可能隐藏了扣减记录。",
    "checkpoint.malformed": "没有签名的检查点，就没有人为这些记录负责。",
    "ledger.checkpoint": "没有账本的有效签名，就没有人为这些记录负责。",
    "ledger.size": "签名的检查点所述记录数与实际不符。",
    "ledger.root": "签名的检查点对应的是另外的记录，或另一种顺序。",
    "ledger.consistency": "旧检查点签名之后，历史记录被改写。",
    "ledger.cut_back": "账本曾签名确认更多记录，其中一部分被撤走。",
    "ledger.leaf": "该记录与计入默克尔树的哈希不符。",
    "ledger.tile": "由该分片得出的证明无法通向签名的检查点。",
    "witness.missing": "除节点自身外，无人证明所有人看到的是同一份历史。",
    "witness.signature": "见证方签名的是另一个检查点，这一个可能只给您一人看。",
    "entry.malformed": "无法解读的记录，可能是一笔未计入的扣减。",
    "entry.not_canonical": "同样的字节，另一位读者可能读出另一条记录。",
    "entry.index": "账本逐条编号，编号缺失说明有记录被抽走。",
    "site.missing": "首条记录说明由哪些密钥记账和签名，其余一切以此为据。",
    "site.repeated": "第二条建站记录会换掉一切所依据的密钥。",
    "site.origin": "这是另一个节点的账本。",
    "site.ledger_key": "该账本建立时使用的不是您所信任的密钥。",
    "policy.source": "更换数据来源，等于给同一批人另开预算。",
    "policy.terms": "可以提高或改换计量单位的上限，就不是上限。",
    "dataset.policy": "数据入库所依据的策略当时并未生效。",
    "dataset.snapshot": "同一名称对应两个版本，无从得知所问的是哪一个。",
    "application.dataset": "所申请的数据集不在目录之中。",
    "application.repeated": "两份申请同名，一份获准会被用于另一份。",
    "decision.application": "所答复的申请从未受理。",
    "decision.repeated": "每份申请只答复一次。",
    "agreement.application": "没有获准的申请；访问权限须以记录在案的答复为据。",
    "agreement.repeated": "一次批准只开立一个账户，再开一个等于预算翻倍。",
    "agreement.datasets": "协议只能涵盖所申请的、同一数据来源的数据集。",
    "agreement.researcher_signature": "利用方并未签署该协议。",
    "agreement.site_signature": "节点并未代表开放主体签署该协议。",
    "agreement.accounting": "不同单位的花费与上限无法比较。",
    "agreement.cap": "协议可用的预算超出了开放主体策略所允许的范围。",
    "agreement.period": "期限止于起始之前，不含任何一天。",
    "debit.agreement": "有人在没有协议的情况下提交了请求。",
    "debit.period": "有人在协议期限之外提交了请求。",
    "debit.dataset": "有人就协议未涵盖的数据集提交了请求。",
    "debit.snapshot": "扣减所指的不是该数据集当时的快照。",
    "debit.policy": "扣减未依据当时生效的策略裁定。",
    "debit.cost": "花费为负或自相矛盾，合计便不成立。",
    "debit.balances": "账本所称余额与其自身各笔扣减的合计不符。",
    "debit.over_cap": "所消耗的隐私预算超出了开放主体的授权。",
    "debit.repeated": "一次提交只扣减一次；第二笔扣减意味着另一个结果或差错。",
    "release.debit": "有结果未经扣减即被释放。",
    "release.repeated": "一笔扣减释放了两个结果，第二个未付代价。",
    "failure.debit": "没有扣减的运行读取了数据，却无人为此付出预算。",
    "entry.kind": "较新的核验程序或许认识这条记录，本程序已跳过。",
    "time.backwards": "节点时钟曾被回拨；期限以时钟当时所示为准。",
}
"""By the finding's code; `sandbox.ledger.findings` has the same table in English."""


def what(finding: Finding, language: Language) -> str:
    """Say what was found; a Chinese reader gets the code, for the sentence is English."""
    if language is Language.CHINESE:
        return finding.code
    return f"{finding.message}\n{finding.code}"


def why(finding: Finding, language: Language) -> str:
    """Say why it matters."""
    if language is Language.CHINESE:
        return CHINESE.get(finding.code, finding.why)
    return finding.why
