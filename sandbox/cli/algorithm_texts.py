"""Labels and sentences of `datarange algorithm`, in both languages."""

from sandbox.cli.language import Phrase

BLOCKS = Phrase("Blocks", "数据块数")
PEOPLE = Phrase("People a block", "每块人数")
ROWS = Phrase("Rows a block", "每块行数")
ABOUT = Phrase("about {count}", "约 {count}")
UNPUBLISHED = Phrase("the owner has published no size", "数据开放主体未公布规模")
SECONDS = Phrase("Time of a block", "每块用时")
DURATION = Phrase("Answer after", "出结果用时")
IN_SECONDS = Phrase("{count} s", "{count} 秒")
REMAINING = Phrase("Agreement has left", "协议余额")
STATISTIC = Phrase("Statistic", "统计方式")
STATISTICS = {
    "mean": Phrase("mean of the blocks", "各数据块均值"),
    "median": Phrase("median of the blocks", "各数据块中位数"),
}
OF_RANGE = Phrase("Of its range", "占取值范围")
OFF_BY = Phrase("{share} of the blocks", "{share} 的数据块")
CAUTION = Phrase("Caution: ", "提示：")

BLOCK = Phrase("Block", "数据块")
USABLE = Phrase("Usable", "可用")
YES = Phrase("yes", "是")
NO = Phrase("no: the defaults stand in", "否，以缺省值代替")
ALL_USABLE = Phrase(
    "Every block gave an answer of the declared form. Mock rows are invented: the numbers mean "
    "nothing.",
    "各数据块的输出均符合声明。样例数据纯属虚构，数值没有含义。",
)
NOT_USABLE = Phrase(
    "Blocks without a usable answer: {count}. On real rows nobody would tell you.",
    "有 {count} 个数据块没有可用的输出。在真实数据上运行时，不会有任何提示。",
)
SAID = Phrase("What the program said", "程序的输出信息")

COMES_IN = Phrase("The answer comes in {count} s …", "{count} 秒后出结果……")
RUNS = Phrase(
    "Submission {id} is paid for and runs; its answer comes at {due}, in {count} s. Type the same "
    "command again to collect it; that costs nothing.",
    "提交 {id} 已扣减预算并开始运行，结果将于 {due}（{count} 秒后）给出。"
    "届时再次执行同一命令即可领取，不重复扣减。",
)

PYTHON = Phrase("Python", "Python 版本")
LANE = Phrase("Held by", "隔离方式")
NO_LANE = Phrase("nothing: this site runs no programs", "无：本节点不运行程序")
WORKERS = Phrase("Blocks at once", "同时运行的数据块数")
PACKAGE = Phrase("Package", "软件包")
VERSION = Phrase("Version", "版本")
