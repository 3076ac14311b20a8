"""A city's catalogue, invented: as many records, columns and bodies as Chongqing's platform lists.

Names are put together from words of such catalogues; where there is such a body, that is by chance.
"""

import csv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

RECORDS, COLUMNS, OWNERS = 52_346, 176_142, 117


def _words(text: str) -> tuple[str, ...]:
    """Read words with spaces between them."""
    return tuple(text.split())


_DISTRICTS = [f"{first}{second}区" for first in "江渝巴南北沙长永合綦" for second in "中岸州川"]
_BUREAUS = _words(
    "教育 交通 卫生健康 民政 人力社保 生态环境 水利 农业农村 商务 文化旅游 应急管理 "
    "市场监管 城市管理"
)
_SUBJECTS = _words(
    "公交线路 轨道站点 停车场 学校 幼儿园 医院 药店 社区 养老机构 公园 河流 水库 空气质量 排污单位 "
    "行政许可 行政处罚 企业登记 就业岗位 社会保险 住房保障 建筑工程 道路施工 旅游景区 文物 图书馆 "
    "食品抽检 农产品价格 耕地 地质灾害 消防设施 疫苗接种 人口统计 不动产 供水 供电 燃气 垃圾分类"
)
_SUBJECTS_EN = _words(
    "bus-lines metro-stations car-parks schools kindergartens hospitals pharmacies communities "
    "care-homes parks rivers reservoirs air-quality polluters permits penalties companies "
    "vacancies insurance housing construction road-works sights monuments libraries food-tests "
    "crop-prices farmland landslides hydrants vaccinations population real-estate water-supply "
    "power-supply gas-supply waste"
)
_FORMS = _words(
    "基本信息 名录 分布情况 统计数据 监测数据 年度汇总 月度明细 办理结果 检查记录 空间坐标"
)
_FORMS_EN = _words("facts list places statistics readings yearly monthly results inspections map")
_COLUMNS = _words(
    "编号 名称 地址 所属区县 联系电话 更新时间 经度 纬度 数量 金额 状态 类型 备注 年份 月份"
)
_OPENNESS = ("无条件开放", "有条件开放", "有条件开放", "不予开放")
_HEADER = (
    *("数据集标识", "名称", "英文名称", "说明", "英文说明", "关键词", "所属主题", "数据开放主体"),
    *("联系部门", "开放类别", "开放方式", "数据分级", "开放条件", "更新频率"),
    *("字段", "字段开放类别", "字段说明"),
)


def owners() -> list[str]:
    """Name the city's bodies."""
    named = [f"{place}{bureau}局" for bureau in _BUREAUS for place in ("市", *_DISTRICTS)]
    return named[:OWNERS]


def write(path: Path) -> None:
    """Write the catalogue as CSV; always the same."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for number in range(RECORDS):
            writer.writerows(_lines(number))


def searches() -> Iterator[str]:
    """Give what people would look for, in either language, common and rare."""
    yield from _SUBJECTS
    yield from _SUBJECTS_EN
    yield from _FORMS
    for number in range(0, RECORDS, 997):
        yield _title(number)[0]
        yield _title(number)[0][2:6]
        yield f"{number:05d}"
    yield from (
        "数",
        "数据",
        "信息",
        "区",
        "地址 经度",
        "bus map",
        "s",
        "st",
        "zeppelin",
        "飞艇航线",
    )


def _lines(number: int) -> Iterator[tuple[str, ...]]:
    dice = sha256(str(number).encode()).digest()
    body = owners()[number % OWNERS]
    title, english = _title(number)
    openness = _OPENNESS[dice[0] % len(_OPENNESS)]
    closed = openness == "不予开放"
    access = "下载;接口" if openness == "无条件开放" else "以算法模型获取结果数据"
    record = (
        f"city/{number:05d}",
        *(title, english, f"{body}提供的{title}，供公众查询和研究使用。"),
        f"{english} as kept by body {number % OWNERS}.",
        f"{title[:4]};{title[-4:]}",
        *("公共服务", body, f"{body}信息科", openness, access, f"L{dice[1] % 4 + 1}"),
        *("按开放利用协议使用", ("每日", "每月", "每年")[dice[2] % 3]),
    )
    for column in range(COLUMNS // RECORDS + (number < COLUMNS % RECORDS)):
        name = _COLUMNS[(dice[3] + column) % len(_COLUMNS)]
        yield (
            *(record if column == 0 else (record[0], *[""] * (len(record) - 1))),
            *(name, "不予开放" if closed else openness, f"{title}的{name}"),
        )


def _title(number: int) -> tuple[str, str]:
    dice = sha256(f"title {number}".encode()).digest()
    subject, form = dice[0] % len(_SUBJECTS), dice[1] % len(_FORMS)
    place, year = _DISTRICTS[dice[2] % len(_DISTRICTS)], 2015 + dice[3] % 11
    return (
        f"{place}{year}年{_SUBJECTS[subject]}{_FORMS[form]}",
        f"{_SUBJECTS_EN[subject]} {_FORMS_EN[form]} {year}",
    )
