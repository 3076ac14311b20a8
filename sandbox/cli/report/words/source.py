"""What a page says of a source."""

from sandbox.cli.language import Phrase

SOURCE = {
    # A source
    "owner": Phrase("Data owner", "数据开放主体"),
    "accounting": Phrase("Accounting", "计量方式"),
    "zcdp": Phrase("zCDP: ρ adds up", "zCDP（ρ 逐笔相加）"),
    "pure": Phrase("pure: ε adds up", "纯差分隐私（ε 逐笔相加）"),
    "cap": Phrase("Cap", "上限"),
    "used": Phrase("Spent", "已用"),
    "remaining": Phrase("Remaining", "剩余"),
    "share": Phrase("Share of the cap", "占上限比例"),
    "burn_down": Phrase("How the budget was used up", "预算消耗过程"),
    "burn_down_text": Phrase(
        "What all answers about {source} together had cost, in {unit}: {spent} of {cap}, which is "
        "{percent}, by {time} UTC. The dashed line is the cap.",
        "截至 {time}（UTC），有关 {source} 的全部结果累计花费 {unit} {spent}，"
        "上限为 {cap}，已用 {percent}。虚线为上限。",
    ),
    "implied": Phrase(
        "At δ = {delta} this implies ε ≤ {spent} of {cap} (Canonne, Kamath, Steinke 2020).",
        "取 δ = {delta} 时，相当于 ε ≤ {spent}，上限 {cap}（Canonne、Kamath、Steinke 2020）。",
    ),
    "no_delta": Phrase(
        "The δ in force is no probability between 0 and 1, so no ε can be stated.",
        "现行 δ 不是 0 与 1 之间的概率，无法折算 ε。",
    ),
    "delta": Phrase("δ, as signed", "所签 δ"),
    "owner_key": Phrase("Owner’s key in force", "现行密钥"),
    "only_in_emergency": Phrase(
        "of which only for emergencies: {amount}", "其中仅供应急开放：{amount}"
    ),
    "implied_heading": Phrase("ε at δ = {delta}", "δ = {delta} 时的 ε"),
    "nothing_spent": Phrase("Nothing has been spent.", "尚未花费。"),
    "by_time": Phrase("Until (UTC)", "截至（UTC）"),
    "step_note": Phrase(
        "As it stood at the end of each {step} in which something was spent.",
        "仅列有花费的时段，以每{step}结束时为准。",
    ),
    "by_agreement": Phrase("Spent, by agreement", "按开放利用协议统计的花费"),
    "by_agreement_text": Phrase(
        "Bars are shares of the source’s cap; the mark is the agreement’s own cap. An agreement is "
        "capped for itself and by what its source has left.",
        "条形长度为占来源上限的比例，竖线为协议自身的上限。协议既受自身上限约束，"
        "也受来源剩余预算约束。",
    ),
    "agreement": Phrase("Agreement", "开放利用协议"),
    "researcher": Phrase("Researcher", "申请人"),
    "period": Phrase("Period", "使用期限"),
    "span": Phrase("{first} to {last}", "{first} 至 {last}"),
    "to": Phrase("to", "至"),
    "releases": Phrase("Answers", "结果"),
    "refusals": Phrase("Refusals", "拒绝"),
    "failures": Phrase("Failures", "失败"),
    "no_agreements": Phrase(
        "There is no agreement on this source.", "该数据来源尚无开放利用协议。"
    ),
    "without_agreement": Phrase("no agreement", "无协议"),
    "refusals_over_time": Phrase("Refusals, by reason", "按理由统计的拒绝"),
    "refusals_text": Phrase(
        "A refusal costs nothing and may have several reasons. Requests refused: {count}; counted "
        "by {step}, UTC.",
        "拒绝不扣减预算，一次拒绝可以有多条理由。共拒绝请求 {count} 次，按{step}统计（UTC）。",
    ),
    "no_refusals": Phrase("Nothing was refused.", "没有被拒绝的请求。"),
    "other_reasons": Phrase("other reasons", "其他理由"),
    "time": Phrase("Time (UTC)", "时间（UTC）"),
    "dataset": Phrase("Dataset", "数据集"),
    "applications": Phrase("Applications", "开放申请"),
    "applications_of": Phrase(
        "{count} received, {declined} declined", "{count} 份，未获同意 {declined} 份"
    ),
}
