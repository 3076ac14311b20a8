"""What a policy tells the catalogue of its dataset; the catalogue asks for six groups of it."""

from typing import Annotated

from pydantic import Field

from policies.clause import Clause
from policies.scalars import DatasetText, Flag, Label, Line, Prose, SourceText, Whole

MAX_KEYWORDS = 50


class Size(Clause):
    """The owner's public estimate, for error forecasts; never a count taken from rows."""

    people: Annotated[Whole, Field(ge=1, le=10**10)]
    rows: Annotated[Whole, Field(ge=1, le=10**12)]


class Metadata(Clause):
    """What the catalogue says of the dataset.

    Names that are left out are taken from other names. Whatever else is left out must stand in the
    catalogue's record already: what lacks a group of metadata is not listed.
    """

    name: Label
    """Name of this policy document."""
    dataset: DatasetText
    owner: Label = Field(default_factory=lambda read: read["dataset"].split("/")[0])
    """The body that is accountable 数据开放主体; left out, the dataset's first part."""
    source: SourceText | None = None
    """The people behind the dataset: datasets of one source share one budget."""
    title: Label = Field(default_factory=lambda read: read["dataset"])
    title_zh: Label = Field(default_factory=lambda read: read["title"])
    description: Prose = ""
    description_zh: Prose = ""
    keywords: Annotated[tuple[Label, ...], Field(max_length=MAX_KEYWORDS)] = ()
    """Words to find it by 关键词."""
    theme: Line = ""
    """The field of work that it belongs to 所属主题."""
    contact: Line = ""
    """The office to turn to 联系部门; an office, not a person."""
    origin: Line = ""
    """The region that the data were obtained from 来源地区; empty for one's own."""
    conditions: Prose = ""
    """On which conditions the data may be used 开放条件; left out, the policy's purposes."""
    listed: Flag = True
    """Whether the catalogue shows it; only closed data may be hidden 是否列入公开目录."""
    update: Label = "none"
    """How often a new snapshot comes 更新频率; `none` for data that stay as they are."""
    size: Size | None = None
