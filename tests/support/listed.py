"""Records of a catalogue, complete unless a test says otherwise."""

from dataclasses import replace
from typing import Any

from policies.classes import Access, Grade, Openness
from sandbox.model.names import ColumnName, DatasetName, OwnerName, PrincipalName
from sandbox.model.record import Record, RecordColumn

BUSES = Record(
    name=DatasetName("traffic/buses"),
    owner=OwnerName("市交通局"),
    keeper=PrincipalName("owner"),
    contact="市交通局信息中心",
    theme="交通运输",
    keywords=("公交", "线路"),
    openness=Openness.CONDITIONAL,
    access=(Access.ALGORITHM,),
    grade=Grade.L2,
    conditions="仅限公共交通研究",
    update="monthly 每月",
    columns=(
        RecordColumn(ColumnName("line"), Openness.CONDITIONAL, "Line number", "线路编号"),
        RecordColumn(ColumnName("card"), Openness.CLOSED, "", "乘车卡号"),
    ),
    title="Bus lines",
    title_zh="公交线路信息",
    description="Trips of a day.",
    description_zh="每日刷卡乘车记录",
)


def listed(name: str, **changes: Any) -> Record:  # noqa: ANN401  (any field)
    """Give a record under another name, with some fields changed."""
    return replace(BUSES, name=DatasetName(name), **changes)
