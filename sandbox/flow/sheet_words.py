"""The words of a catalogue's CSV file, in English and Chinese."""

import re
from collections.abc import Mapping

from policies.classes import Access, Grade, Openness

SEPARATORS = re.compile("[;；、|]")
"""What stands between keywords, or between ways of access, in one cell."""

RECORD_CELLS: Mapping[str, tuple[str, ...]] = {
    "name": ("数据集标识", "标识"),
    "title": ("英文名称",),
    "title_zh": ("名称", "数据集名称", "中文名称"),
    "description": ("英文说明",),
    "description_zh": ("说明", "数据集说明", "描述"),
    "keywords": ("关键词", "关键字"),
    "theme": ("主题", "所属主题"),
    "owner": ("数据开放主体", "开放主体"),
    "contact": ("联系部门",),
    "origin": ("来源地区",),
    "openness": ("开放类别", "开放属性"),
    "access": ("开放方式",),
    "grade": ("数据分级", "安全等级"),
    "conditions": ("开放条件", "使用条件"),
    "update": ("更新频率", "更新周期"),
    "listed": ("是否列出",),
}
"""Cells of a record, with the Chinese headings that they may have instead."""
COLUMN_CELLS: Mapping[str, tuple[str, ...]] = {
    "column": ("字段", "字段名", "数据项"),
    "column_openness": ("字段开放类别",),
    "column_description": ("字段英文说明",),
    "column_description_zh": ("字段说明",),
}
CELLS = (*RECORD_CELLS, *COLUMN_CELLS)
HEADINGS: Mapping[str, str] = {
    heading: name
    for name, others in (*RECORD_CELLS.items(), *COLUMN_CELLS.items())
    for heading in (name, *others)
}

OPENNESS: Mapping[str, Openness] = {
    **{one.value: one for one in Openness},
    "无条件开放": Openness.UNCONDITIONAL,
    "有条件开放": Openness.CONDITIONAL,
    "不予开放": Openness.CLOSED,
}
ACCESS: Mapping[str, Access] = {
    **{one.value: one for one in Access},
    "下载": Access.DOWNLOAD,
    "接口": Access.API,
    "算法模型": Access.ALGORITHM,
    "以算法模型获取结果数据": Access.ALGORITHM,
    "其他": Access.OTHER,
}
GRADES: Mapping[str, Grade] = {one.value.casefold(): one for one in Grade}
LISTED: Mapping[str, bool] = {"true": True, "false": False, "是": True, "否": False}
