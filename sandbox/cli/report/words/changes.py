"""What a page says of those who answer for a source or a site, and of what they did."""

from sandbox.cli.language import Phrase

CHANGES = {
    # Caps and keys
    "caps_and_keys": Phrase("Changes of caps and keys", "上限与密钥的变更"),
    "caps_and_keys_text": Phrase(
        "Only the owner’s key can change a cap, and only the key itself can name the one that "
        "follows it. The key in force is {owner_key} (the first twelve digits of its SHA-256). "
        "A raise lets more be learned of each person than was promised before.",
        "上限只能由数据开放主体的密钥变更，密钥也只能由其自身指定后继。"
        "现行密钥为 {owner_key}（公钥 SHA-256 的前十二位）。"
        "上调意味着可能泄露的个人信息多于此前的承诺。",
    ),
    "no_caps_and_keys": Phrase(
        "The first policy’s caps and key are in force.", "首份策略所定的上限和密钥沿用至今。"
    ),
    "what_changed": Phrase("What", "事项"),
    "before": Phrase("Before", "变更前"),
    "after": Phrase("After", "变更后"),
    "signed_by": Phrase("Signed by", "签名密钥"),
    "cap_source": Phrase("Cap of the source", "数据来源上限"),
    "cap_person": Phrase("Limit of each researcher", "每名申请人限额"),
    "cap_day": Phrase("Limit of a day", "每日限额"),
    "cap_month": Phrase("Limit of a month", "每月限额"),
    "cap_quarter": Phrase("Limit of a quarter", "每季度限额"),
    "cap_emergency": Phrase("Kept for emergencies", "应急预留"),
    "cap_delta": Phrase("δ at which ε is read", "折算 ε 所用的 δ"),
    "no_cap": Phrase("No cap", "无上限变动"),
    "raised": Phrase("▲ raised", "▲ 上调"),
    "lowered": Phrase("▼ lowered", "▼ 下调"),
    "limited": Phrase("▼ limited from now on", "▼ 新设限额"),
    "lifted": Phrase("▲ limit dropped", "▲ 取消限额"),
    "unchanged": Phrase("unchanged", "未变"),
    "key_of_owner": Phrase("Owner’s key", "数据开放主体密钥"),
    "key_of_site": Phrase("Site’s key", "节点密钥"),
    "replaced": Phrase("replaced", "更换"),
    "both_keys": Phrase("both", "新旧密钥"),
    "step_label": Phrase("cap {cap}", "上限 {cap}"),
    "cap_steps": Phrase(
        "The cap was changed {count} times; each step is labelled with the new one.",
        "上限共变更 {count} 次，每一级台阶标注变更后的上限。",
    ),
    # Policies and snapshots
    "changes": Phrase("Policies and snapshots", "策略与数据快照"),
    "changes_text": Phrase(
        "What the owner signed and published, in order. The first policy opens the source’s "
        "account; later ones have to repeat the caps in force.",
        "数据开放主体先后签署并发布的内容。首份策略为数据来源开立账户，此后的策略须沿用现行上限。",
    ),
    "change": Phrase("Change", "变更"),
    "change_first": Phrase("First policy, opens the account", "首份策略，开立账户"),
    "change_policy": Phrase("Policy, version {version}", "释放策略，版本 {version}"),
    "change_departs": Phrase("Policy departs from the caps in force", "策略与现行上限不符"),
    "change_dataset": Phrase("New snapshot", "新数据快照"),
    "per_agreement": Phrase("Cap of one agreement", "单个协议的上限"),
    "policy_digest": Phrase("Digest of the policy", "策略摘要"),
    # Debits given back
    "given_back_title": Phrase("Debits given back", "退还的扣减"),
    "given_back_text": Phrase(
        "Before any row is read, a debit can be given back, by an entry that says why: {count} "
        "times, {amount} in all. That no row had been read is the site’s word.",
        "尚未读取任何数据的扣减可以退还，并须另记一条说明原因的记录：共 {count} 次，"
        "合计 {amount}。“尚未读取数据”系节点的陈述。",
    ),
    "nothing_given_back": Phrase("No debit was given back.", "没有退还的扣减。"),
    "reason": Phrase("Reason", "原因"),
    "given": Phrase("Given back", "退还"),
    "debit": Phrase("Debit", "原扣减记录"),
    "cancellations": Phrase("Given back", "退还"),
    # Reviews, disposals, erasures
    "deeds": Phrase(
        "Reviews, disposals, certificates, feedback, openings, erasures",
        "审查、数据处置、处置证明、利用反馈、开放下载与资料删除",
    ),
    "deeds_text": Phrase(
        "Who looked into what and found what, which agreements their researchers ended by disposal "
        "of what they had received or reported on, which ends the site has carried out, which "
        "unconditional data were opened for download or taken down again, and which papers "
        "were deleted. People appear as pseudonyms; what they wrote is committed to, and so are "
        "papers that are gone.",
        "列出何人审查了何事及其结论、哪些协议因申请人完成数据处置而终止、哪些已反馈利用情况、节点已对哪些协议执行终止、哪些无条件开放数据已开放下载或停止开放，以及删除了哪些资料。"
        "人员以假名表示；其书面意见以及已删除的资料在账本中仅存承诺值。",
    ),
    "no_deeds": Phrase("There is none on record.", "暂无此类记录。"),
    "deed": Phrase("Deed", "事项"),
    "review": Phrase("Review", "审查"),
    "disposal": Phrase("Disposal", "数据处置"),
    "certificate": Phrase("Disposal certificate", "处置证明"),
    "cause_expired": Phrase("period over, keys destroyed", "期限届满，密钥已销毁"),
    "cause_disposed": Phrase("disposed of, keys destroyed", "数据已处置，密钥已销毁"),
    "the_site": Phrase("the site", "节点"),
    "feedback": Phrase("Feedback on use", "利用情况反馈"),
    "opening": Phrase("Opening for download", "开放下载"),
    "opened": Phrase("open to whoever signs in", "登录后即可下载"),
    "withdrawal": Phrase("Opening withdrawn", "停止开放"),
    "withdrawn": Phrase("handed out no longer", "不再提供下载"),
    "erasure": Phrase("Erasure", "资料删除"),
    "subject": Phrase("Of", "对象"),
    "outcome": Phrase("Outcome", "结果"),
    "by": Phrase("By", "经办人"),
    "in_order": Phrase("in order", "无异议"),
    "objection": Phrase("objection", "有异议"),
    "ended": Phrase("agreement ended", "协议终止"),
    "papers": Phrase("papers deleted: {count}", "删除资料 {count} 份"),
    "disposed": Phrase("disposed of", "已处置"),
    # The site
    "oversight": Phrase("Oversight of the ledger", "对账本的监督"),
    "site_keys": Phrase("Keys of the site", "节点的密钥"),
    "site_keys_text": Phrase(
        "The site signs agreements for owners with this key; the log itself is signed by another.",
        "节点以该密钥代表数据开放主体签署协议；账本本身由另一把密钥签名。",
    ),
    "anchors": Phrase("Heads that witnesses co-signed", "见证方联署的检查点"),
    "anchors_text": Phrase(
        "The last ones on record, the newest first. Whom the witnesses answer to is not in the "
        "ledger: compare their keys with the ones that you trust.",
        "账本所记最近若干次，新者在前。见证方由谁管理，账本并无记载："
        "请将其密钥与您所信任的密钥比对。",
    ),
    "no_anchors": Phrase(
        "No head was recorded as co-signed by witnesses.", "账本中没有见证方联署检查点的记录。"
    ),
    "witnesses": Phrase("Witnesses", "见证方"),
}
