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
    "policy.version": "已被替换的策略不得不经记录重新生效。",
    "policy.owner_key": "由数据来源开放主体以外的人决定可以泄露多少。",
    "policy.signature": "除节点自身外，无人为该策略的含义负责。",
    "policy.partition": "不能把人区分开的划分，无法公平分担预算。",
    "cap.before": "变更前的上限与当时生效的不符，说明此前有变更被隐瞒。",
    "cap.owner_key": "由数据来源开放主体以外的人变更了上限。",
    "cap.signature": "除节点自身外，无人证明开放主体确要变更上限。",
    "cap.change": "一次签名只用一次：此处或为重放，或其前有变更缺失。",
    "cap.below_spent": "上限低于已用预算，等于谎称泄露得更少。",
    "key.old": "未生效的密钥不能指定其后继密钥。",
    "key.signature": "缺少新旧两把密钥的签名，新密钥可能为他人所有，或无人持有。",
    "key.change": "一次签名只用一次：此处或为重放，或其前有变更缺失。",
    "dataset.policy": "数据入库所依据的策略当时并未生效。",
    "dataset.snapshot": "同一名称对应两个版本，无从得知所问的是哪一个。",
    "application.dataset": "所申请的数据集不在目录之中。",
    "application.repeated": "两份申请同名，一份获准会被用于另一份。",
    "decision.application": "所答复的申请从未受理。",
    "decision.repeated": "每份申请只答复一次。",
    "decision.unassessed": "未经评估即予批准，说明无人审慎考虑。",
    "step.application": "办理步骤所属的申请不存在。",
    "step.order": "办理步骤顺序不对：有人被越过，或意见来得太晚。",
    "step.by": "只有申请人本人可以修改、补正或撤回申请。",
    "step.dataset": "没有指明数据集，或数据集不存在，这样的同意没有意义。",
    "agreement.consent": "数据开放主体并未同意开放这些数据。",
    "agreement.researcher": "一人申请，却给了另一人。",
    "agreement.application": "没有获准的申请；访问权限须以记录在案的答复为据。",
    "agreement.repeated": "一次批准在每个数据来源只开立一个账户，再开一个等于预算翻倍。",
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
    "debit.parts": "扣减记在并不存在的部分人群名下，涉及的人就被少算了。",
    "debit.emergency": "没有针对这批人的应急开放，却动用了应急预留。",
    "debit.template": "应急期间只能提出开放主体事先批准的查询，其他时候则与此无关。",
    "debit.reserve": "开放主体的应急预留被挪作他用。",
    "debit.over_cap": "所消耗的隐私预算超出了开放主体的授权。",
    "debit.repeated": "一次提交只扣减一次；第二笔扣减意味着另一个结果或差错。",
    "release.debit": "有结果未经扣减即被释放。",
    "release.repeated": "一笔扣减释放了两个结果，第二个未付代价。",
    "release.cancelled": "扣减已退回，结果却已释放，等于没有付出代价。",
    "release.agreement": "协议已经结束，结果却仍据此释放。",
    "failure.debit": "没有扣减的运行读取了数据，却无人为此付出预算。",
    "cancellation.debit": "从未扣减的预算无从退回。",
    "cancellation.late": "该笔扣减可能已经读取数据，或此前已经退回。",
    "cancellation.balances": "账本所称退回的数额与当初扣减的不符。",
    "emergency.source": "应急开放所指的人群不在任何策略之中。",
    "emergency.repeated": "两次应急开放同名，一次的扣减会被当作另一次的。",
    "emergency.by": "应急预留由一名人员即可独自开放。",
    "emergency.period": "应急开放止于起始之前，任何时刻都未生效。",
    "emergency.unreviewed": "上一次应急开放结束后，尚无人复核。",
    "review.by": "应急开放的宣布人和确认人不得自行认定其妥当。",
    "review.subject": "对并不存在的对象作出的审查，不足为凭。",
    "disposal.agreement": "从未签署的协议，没有可处置的数据。",
    "disposal.repeated": "一份协议只终止一次。",
    "disposal.by": "只有该协议的利用方本人才能声明数据已处置。",
    "erasure.subject": "所删资料的对象并不存在，无从得知删除了什么。",
    "anchor.size": "见证方不可能见过当时尚不存在的记录。",
    "anchor.cosignature": "称见证方见过该检查点，而其并未签名。",
    "anchor.root": "见证方所见的是另一份历史。",
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
