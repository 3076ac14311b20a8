"""The public classes that China's open-data rules sort data by."""

from enum import StrEnum


class Openness(StrEnum):
    """Who may have data of this kind 开放类别."""

    UNCONDITIONAL = "unconditional"
    """Anybody, without applying 无条件开放."""
    CONDITIONAL = "conditional"
    """Who applied, signed an agreement and keeps to it 有条件开放."""
    CLOSED = "closed"
    """Nobody 不予开放."""


class Access(StrEnum):
    """By which way data are opened 开放方式."""

    DOWNLOAD = "download"
    """Files 下载."""
    API = "api"
    """Calls that return data 接口."""
    ALGORITHM = "algorithm"
    """Results of an algorithm or model; rows stay 以算法模型获取结果数据."""
    OTHER = "other"
    """Another way that the owner names 其他."""


class Grade(StrEnum):
    """How much harm a leak could do 数据分级; a higher grade has a stricter legal floor."""

    L1 = "L1"
    """None or slight."""
    L2 = "L2"
    """Limited, to a person or an organisation."""
    L3 = "L3"
    """Serious, to people: health, money, whereabouts."""
    L4 = "L4"
    """Grave, or harmful to the public interest."""
