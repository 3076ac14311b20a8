"""The release policy: one YAML document in which an owner says what may leave.

It is read strictly: no unknown clause, no default that opens anything, no number that is not
exact, and nothing below the legal floor of its grade (`policies.floor`).
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from policies.classes import Access, Grade, Openness
from policies.clause import Clause, Fault, Path, fail
from policies.columns import ColumnClause
from policies.floor import below_floor
from policies.lanes import AlgorithmLane, Blocks, Dominance, Lanes, QueryLane, ReviewedLane
from policies.metadata import Metadata, Size
from policies.privacy import (
    MAX_PARTS,
    MIN_PARTS,
    ApprovedQuestion,
    Budget,
    Cap,
    Emergency,
    Partition,
    Periods,
    Privacy,
    Unit,
)
from policies.scalars import ColumnText, Label, Seconds

__all__ = [
    "Access",
    "AlgorithmLane",
    "ApprovedQuestion",
    "Blocks",
    "Budget",
    "Cap",
    "ColumnClause",
    "Dominance",
    "Emergency",
    "Grade",
    "Lanes",
    "Metadata",
    "Openness",
    "Partition",
    "Periods",
    "Policy",
    "Privacy",
    "QueryLane",
    "ReviewedLane",
    "Size",
    "Timing",
    "Unit",
]

MAX_QUANTUM = 60
"""Seconds between two ticks at which answers appear."""


class Timing(Clause):
    """When answers appear, so that their timing says nothing of the data."""

    quantum: Annotated[Seconds, Field(gt=0, le=MAX_QUANTUM)] = Fraction(1)
    """Seconds between ticks; an answer waits for the next one."""


class Policy(Clause):
    """A whole policy; it exists only if every clause is in order."""

    api_version: Literal["datarange/v1"] = Field(alias="apiVersion")
    kind: Literal["ReleasePolicy"]
    metadata: Metadata
    openness: Openness
    access: Annotated[tuple[Access, ...], Field(min_length=1, max_length=len(Access))]
    grade: Grade
    privacy: Privacy
    columns: Annotated[Mapping[ColumnText, ColumnClause], Field(min_length=1, max_length=10_000)]
    """Columns by name, in the document's order."""
    lanes: Lanes = Lanes()
    purposes: Annotated[tuple[Label, ...], Field(min_length=1, max_length=100)]
    """Purposes that an agreement may be made for."""
    timing: Timing = Timing()

    @property
    def source(self) -> str:
        """Name the people whose budget this dataset draws on."""
        return self.metadata.source or self.metadata.dataset

    @property
    def owner(self) -> str:
        """Name the accountable body."""
        return self.metadata.owner

    @field_validator("columns")
    @classmethod
    def _unit_stays_closed(
        cls, columns: Mapping[str, ColumnClause], info: ValidationInfo
    ) -> Mapping[str, ColumnClause]:
        """Refuse any use of the column that names people."""
        privacy: Privacy | None = info.data.get("privacy")
        if privacy and privacy.unit.column in columns and columns[privacy.unit.column].is_open:
            message = "The column that names people may not be used; write use: []"
            fail({(privacy.unit.column, "use"): Fault("policy.unit", message)})
        return columns

    @field_validator("privacy", "lanes")
    @classmethod
    def _above_floor(cls, clause: Clause, info: ValidationInfo) -> Clause:
        """Refuse what the law's floor for this grade does not allow."""
        if "grade" in info.data:
            fail(below_floor(info.data["grade"], clause))
        return clause

    @field_validator("lanes")
    @classmethod
    def _closed_has_no_lanes(cls, lanes: Lanes, info: ValidationInfo) -> Lanes:
        """Refuse lanes into a dataset that is closed."""
        if info.data.get("openness") is Openness.CLOSED:
            message = "A closed dataset has no lanes"
            fail({(name,): Fault("policy.openness", message) for name in sorted(lanes.on)})
        return lanes

    @field_validator("access", "purposes")
    @classmethod
    def _unique(cls, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Refuse repeats, which would only hide a slip of the pen."""
        repeats: dict[Path, Fault] = {
            (index,): Fault("policy.repeated", "This entry stands here already")
            for index, value in enumerate(values)
            if value in values[:index]
        }
        fail(repeats)
        return values

    @model_validator(mode="after")
    def _only_closed_hides(self) -> Self:
        """Refuse to hide what may be asked of."""
        if not self.metadata.listed and self.openness is not Openness.CLOSED:
            message = "Only closed data may be hidden"
            fail({("metadata", "listed"): Fault("policy.openness", message)})
        return self

    @model_validator(mode="after")
    def _parts_are_open_keys(self) -> Self:
        """Refuse a partition that no question could ask by, or that everybody is all over."""
        partition = self.privacy.partition
        if partition is None:
            return self
        clause = self.columns.get(partition.column)
        keys = len(clause.keys) if clause else 0
        if clause is None or not {"group", "filter"}.intersection(clause.use):
            message = "Name a column that is open for grouping or filtering"
            fail({("privacy", "partition", "column"): Fault("policy.partition", message)})
        if not MIN_PARTS <= keys <= MAX_PARTS:
            message = f"A partition is by a column with {MIN_PARTS} to {MAX_PARTS} keys"
            fail({("privacy", "partition", "column"): Fault("policy.partition", message)})
        if partition.max_parts >= keys:
            message = f"Of its {keys} parts, a person may be in {keys - 1} at most"
            fail({("privacy", "partition", "max_parts"): Fault("policy.partition", message)})
        return self

    @model_validator(mode="after")
    def _parameters_are_filters(self) -> Self:
        """Refuse a parameter of an approved question that no question could compare."""
        emergency = self.privacy.emergency
        message = "Name a column that is open for filtering"
        fail(
            {
                ("privacy", "emergency", "questions", at, "parameters", place): Fault(
                    "policy.parameter", message
                )
                for at, question in enumerate(emergency.questions if emergency else ())
                for place, name in enumerate(question.parameters)
                if name not in self.columns or "filter" not in self.columns[name].use
            }
        )
        return self
