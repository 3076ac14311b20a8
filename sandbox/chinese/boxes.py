"""Errors about programs of strangers and the boxes that hold them, in Chinese."""

SENTENCES = {
    "isolation.closed": "隔离环境池已关闭，不再接受程序。",
    "isolation.end": "隔离环境未能销毁，请联系节点管理员。",
    "isolation.none": "本节点未通过隔离自检，不运行程序；原因可用 datarange doctor 查看。",
    "isolation.start": "隔离环境未能启动，请联系节点管理员，或以 datarange doctor 查看原因。",
    "job.entry": "所指定的函数不在随附的模块之中。",
    "job.name": "模块名或函数名不是有效的 Python 名称。",
    "job.outputs": "请至少声明一项输出，名称不得重复，数值总数不得超出上限。",
    "job.size": "程序的模块数或代码长度超出上限。",
    "output.count": "输出的数值个数超出允许范围。",
    "output.default": "输出的缺省值应在其声明的范围之内。",
    "output.name": "输出项名称应为合法的 Python 标识符。",
    "output.range": "输出应有有限的取值范围，且下界小于上界。",
}
"""By code."""
