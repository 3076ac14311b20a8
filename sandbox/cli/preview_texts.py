"""What `datarange policy preview` says, in both languages."""

from sandbox.cli.language import Phrase

QUESTION = Phrase("What can be asked", "可提出的查询")
CELLS = Phrase("Cells", "单元格")
HALF_WIDTH = Phrase("95 % ±", "95% 误差 ±")
UNDER_ZCDP = Phrase("± a year, zcdp", "全年均摊 ±（zcdp）")
UNDER_PURE = Phrase("± a year, pure", "全年均摊 ±（pure）")
PRICE = Phrase("Price of one answer", "单次结果的隐私损失")
HOPELESS = Phrase("(useless)", "（无参考价值）")
NEVER = Phrase("too little", "预算不足")
ANSWERS = Phrase(
    "At this price the whole budget buys {number} answers; one agreement buys {agreement}.",
    "按此隐私损失，全部预算可给出 {number} 次结果；单个协议可给出 {agreement} 次。",
)
LASTS = Phrase(
    "At {rate} answers a week it lasts {weeks} weeks; after that nothing more is answered.",
    "按每周 {rate} 次计，预算可用 {weeks} 周；用尽后不再给出结果。",
)
WORST = Phrase(
    "The worst case for one person: whoever knows everything about everybody else, and sees every "
    "answer until the budget is spent, guesses right whether this person is in the data in at most "
    "{guess} of 100 cases; without any answer it is 50.",
    "对个人的最坏情形：即使他人掌握其余所有人的全部信息，并看到预算用尽前的全部结果，"
    "猜中某人是否在数据中的概率至多为 {guess}%；没有任何结果时为 50%。",
)
BETTER = Phrase(
    "For a year at {rate} answers a week, `accounting: {better}` (it adds up {unit}) errs less.",
    "若一年内每周给出 {rate} 次结果，采用 accounting: {better}（按 {unit} 累加）误差更小。",
)
