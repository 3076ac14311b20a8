"""Errors about programs on their way from a notebook to a site, in Chinese."""

SENTENCES = {
    "algorithm.changed": "函数所在文件在载入之后又有修改，请重新载入后再提交。",
    "algorithm.client": "程序中用到了 sandbox.client，隔离环境中没有该模块，请移出函数和随附模块。",
    "algorithm.closure": "函数用到了外层函数的局部变量，请将两者都定义在文件或单元格的最外层。",
    "algorithm.entry": "文件中没有该函数，请核对函数名。",
    "algorithm.function": "算法应为以 def 定义的函数。",
    "algorithm.lambda": "lambda 表达式不能提交，请改用 def 定义函数。",
    "algorithm.module": "没有可随附其源代码的该自有模块，请核对模块名。",
    "algorithm.name": (
        "程序用到了不能以文本提交的对象；请改用数字、文本或由其组成的列表、元组、字典，"
        "或在函数之内创建，或放入自有模块。"
    ),
    "algorithm.no_source": "找不到源代码，请在单元格或文件中定义。",
    "algorithm.outputs": "输出的写法有误，请写作 名称=下界:上界，可附 shape、default、statistic。",
    "algorithm.syntax": "该文件不是有效的 Python 程序，请更正。",
    "algorithm.two_things": "程序中同一名称指代两个不同的对象，请更名。",
    "algorithm.undefined": "程序用到了尚未定义的名称。",
}
"""By code."""
