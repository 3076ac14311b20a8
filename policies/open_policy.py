"""The policy of unconditional data: whoever signs in may have the file, so nothing is rationed.

It is a release policy without `privacy`, `lanes`, `purposes` and `timing`: nobody's privacy is at
stake, or the data would not be unconditional. So there is no column that names people, and no
people behind the data whose budget could be drawn on.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from policies.classes import Access, Grade, Openness
from policies.clause import Clause, Fault, fail
from policies.metadata import Metadata
from policies.scalars import ColumnText, Prose

HIGHEST_GRADE = Grade.L2
"""A leak of these may not do serious harm; whatever could is not given to everybody."""


class OpenColumn(Clause):
    """One column of the file: handed out, or left out of it."""

    openness: Literal[Openness.UNCONDITIONAL, Openness.CLOSED] = Openness.UNCONDITIONAL
    description: Prose = ""
    description_zh: Prose = ""


class OpenPolicy(Clause):
    """A whole policy of unconditional data; it exists only if every clause is in order."""

    api_version: Literal["datarange/v1"] = Field(alias="apiVersion")
    kind: Literal["ReleasePolicy"]
    metadata: Metadata
    openness: Literal[Openness.UNCONDITIONAL]
    access: Annotated[tuple[Access, ...], Field(min_length=1, max_length=len(Access))]
    grade: Grade
    columns: Annotated[Mapping[ColumnText, OpenColumn], Field(min_length=1, max_length=10_000)]
    """Columns by name, in the document's order."""

    @property
    def owner(self) -> str:
        """Name the accountable body."""
        return self.metadata.owner

    @field_validator("access")
    @classmethod
    def _is_downloaded(cls, access: tuple[Access, ...]) -> tuple[Access, ...]:
        """Refuse a way that is not there, or stands there twice."""
        if Access.DOWNLOAD not in access or len(set(access)) < len(access):
            message = "Unconditional data are opened by download; name each way once"
            fail({(): Fault("policy.access", message)})
        return access

    @field_validator("grade")
    @classmethod
    def _harmless(cls, grade: Grade) -> Grade:
        """Refuse what the law's floor for this grade does not allow."""
        if grade > HIGHEST_GRADE:
            message = f"Data above grade {HIGHEST_GRADE.value} are not unconditional"
            fail({(): Fault("policy.floor", message)})
        return grade

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Refuse people behind the data, hidden data, and a file without columns."""
        if self.metadata.source is not None:
            message = "Data with people behind them have a privacy clause and are not unconditional"
            fail({("metadata", "source"): Fault("policy.openness", message)})
        if not self.metadata.listed:
            message = "Only closed data may be hidden"
            fail({("metadata", "listed"): Fault("policy.openness", message)})
        if all(column.openness is Openness.CLOSED for column in self.columns.values()):
            message = "At least one column is unconditional"
            fail({("columns",): Fault("policy.openness", message)})
        return self
