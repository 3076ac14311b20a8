"""What `datarange doctor` says, in both languages."""

from sandbox.cli.language import Phrase

TITLE = Phrase("How programs of strangers are held", "外来程序的隔离方式")
NAME = Phrase("Back end", "隔离方式")
KERNEL = Phrase("Kernel", "内核")
STATE = Phrase("Self-test", "自检")
WHY = Phrase("Why not, and what to do", "未通过的原因与处理办法")
OWN_KERNEL = Phrase("its own", "独立内核")
SHARED_KERNEL = Phrase("shared with the host", "与主机共用")
PASSED = Phrase("passed", "通过")
NOT_PASSED = Phrase("not passed", "未通过")
NOT_TRIED = Phrase("not tried", "未检测")
CHOSEN = Phrase("Programs of strangers are held by {name}.", "本机采用 {name} 隔离外来程序。")
NONE = Phrase(
    "No back end passed: this machine runs no program of a stranger. Questions are answered all "
    "the same.",
    "没有可用的隔离方式：本机不运行外来程序，查询通道不受影响。",
)
PACKAGES = Phrase("What programs may import: {names}", "程序可使用的软件包：{names}")
MISSING = {
    "gvisor": Phrase(
        "runsc is not installed. On Debian 12 it is in bookworm-backports; in this repository, "
        "`make runsc` fetches it. Then put it on the path, or name it with --runsc.",
        "未安装 runsc。Debian 12 可从 bookworm-backports 获取，也可在本仓库运行 make runsc；"
        "之后将其加入 PATH，或用 --runsc 指定。",
    ),
    "bubblewrap": Phrase(
        'bwrap is not installed: pip install "datarange[isolation]", or apt-get install '
        "bubblewrap.",
        '未安装 bwrap：请运行 pip install "datarange[isolation]" 或 apt-get install bubblewrap。',
    ),
}
FAILINGS = {
    "filter": Phrase(
        "pyseccomp is not installed, and without its filter the kernel is wide open: "
        'pip install "datarange[isolation]".',
        '未安装 pyseccomp，无法过滤系统调用：请运行 pip install "datarange[isolation]"。',
    ),
    "shared_kernel": Phrase(
        "Its programs call the host's own kernel, whose faults would be a way out. Use it only if "
        "you accept that: --shared-kernel.",
        "外来程序会直接调用主机内核，内核漏洞可能被利用。如接受该风险，请加 --shared-kernel。",
    ),
    "start": Phrase(
        "A box did not start: {detail}",
        "隔离环境无法启动：{detail}",
    ),
    "honest": Phrase(
        "An honest program was not answered: the machine may be too slow or short of memory.",
        "正常程序未得到结果，可能是机器过慢或内存不足。",
    ),
}
"""Why it was not tried, or could not be."""
ATTACKS = {
    "file": Phrase("A program read a file of the host.", "程序读到了主机上的文件。"),
    "loopback": Phrase("A program reached a port of the host.", "程序连接到了主机端口。"),
    "abstract": Phrase(
        "A program reached a local socket of the host.", "程序连接到了主机的本地套接字。"
    ),
    "processes": Phrase("A program saw other processes.", "程序看到了其他进程。"),
    "environment": Phrase(
        "A program saw variables that are not its own.", "程序看到了不属于它的环境变量。"
    ),
    "descriptors": Phrase(
        "A program inherited an open file of the host.", "程序继承了主机打开的文件。"
    ),
    "writing": Phrase(
        "A program wrote outside of its own places.", "程序写入了规定位置以外的地方。"
    ),
    "privileges": Phrase("A program has privileges.", "程序拥有特权。"),
    "memory": Phrase("The limit of memory does not hold.", "内存上限未生效。"),
    "time": Phrase("The limit of time does not hold.", "时间上限未生效。"),
    "disk": Phrase("The limit of space does not hold.", "存储空间上限未生效。"),
}
"""Parts of the self-test that did what they must not."""
OPEN_DOOR = Phrase(
    "This machine does not hold strangers' programs that way; do not work around it.",
    "本机不能以该方式隔离外来程序，请勿绕过。",
)
"""What to do about an attack that succeeded."""
