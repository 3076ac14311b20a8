"""Catalogues in CSV, as bodies hand them in."""

from pathlib import Path

from sandbox.flow.compile_list import take_list
from sandbox.model.listing import Taken
from sandbox.model.principal import Principal
from tests.support.town import Town

CHINESE = (
    "数据集标识,名称,说明,关键词,所属主题,数据开放主体,联系部门,开放类别,开放方式,"
    "数据分级,开放条件,更新频率,字段,字段开放类别,字段说明\n"
)
ENGLISH = (
    "name,title_zh,description_zh,keywords,theme,owner,contact,openness,access,"
    "grade,conditions,update,column,column_openness,column_description_zh\n"
)


def line(name: str = "city/buses", owner: str = "市交通局", **cells: str) -> str:
    """Write one record with its first column."""
    known = {
        "title": "公交线路",
        "description": "全市线路",
        "keywords": "公交；线路",
        "theme": "交通",
        "contact": "信息科",
        "openness": "有条件开放",
        "access": "接口;以算法模型获取结果数据",
        "grade": "L2",
        "conditions": "签订协议",
        "update": "每月",
        "column": "编号",
        "column_openness": "有条件开放",
        "column_description": "线路编号",
    } | cells
    first = ("title", "description", "keywords", "theme")
    rest = [key for key in known if key not in first]
    return ",".join([name, *(known[key] for key in first), owner, *(known[k] for k in rest)]) + "\n"


def hand_in(town: Town, who: Principal, text: str | bytes) -> Taken:
    """Import a list; give what its last line of progress says."""
    file: Path = town.folder / "list.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    *_, last = take_list(town.site, who, file)
    return last
