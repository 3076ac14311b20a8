"""What may be asked of one column, and the public lattice or keys it is asked on."""

from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from policies.classes import Openness
from policies.clause import Clause, Fault, Path, fail
from policies.scalars import Label, Number, Positive, Prose, day

MAX_STEPS = 2**31 - 1
"""Lattice steps that a bound may lie from zero, so that no sum over a snapshot can overflow."""
MAX_KEYS = 10_000
"""Declared categories of one column."""

Use = Literal["group", "filter", "measure"]


def _default_openness(read: dict[str, Any]) -> Openness:
    """Take a column without use for closed, any other for conditionally open."""
    return Openness.CONDITIONAL if read.get("use") else Openness.CLOSED


class ColumnClause(Clause):
    """One column: closed, or open for some uses on declared keys or bounds.

    Keys and bounds are public and come from the owner's knowledge, never from the rows: a key
    that appeared only when somebody has it would itself be a disclosure.
    """

    use: tuple[Use, ...]
    """What a question may do with it; empty for a closed column."""
    type: Literal["date"] | None = None
    """`date`: bounds are dates such as 2015-01-01, a step is a day; left out, it follows."""
    keys: Annotated[tuple[Label, ...], Field(max_length=MAX_KEYS)] = ()
    """Categories in their order, for grouping and filtering; empty for numbers."""
    resolution: Positive = Fraction(1)
    """Size of one lattice step, in the column's unit."""
    bounds: tuple[Number, Number] | None = None
    """Least and greatest value, inclusive; rows beyond are clamped to them."""
    openness: Openness = Field(default_factory=_default_openness)
    """Class of this column by itself; left out, it follows from `use`."""
    description: Prose = ""
    description_zh: Prose = ""

    @property
    def is_open(self) -> bool:
        """Whether any question may touch it."""
        return bool(self.use)

    @field_validator("use", "keys")
    @classmethod
    def _unique(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse repeats: two equal keys would answer for the same people twice."""
        seen: set[str] = set()
        faults: dict[Path, Fault] = {}
        for index, value in enumerate(values):
            if value in seen:
                faults[index,] = Fault("policy.repeated", "This entry stands here already")
            seen.add(value)
        fail(faults)
        return values

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, read: Any) -> Any:  # noqa: ANN401  (whatever the document holds)
        """Read the bounds of a column of dates as days after 1970-01-01."""
        if not isinstance(read, dict) or read.get("type") != "date":
            return read
        bounds, faults = read.get("bounds"), dict[Path, Fault]()
        if not isinstance(bounds, list):
            return read
        days: list[object] = list(bounds)
        for index, bound in enumerate(bounds):
            try:
                days[index] = day(bound)
            except Fault as fault:
                faults["bounds", index] = fault
        fail(faults)
        return read | {"bounds": days}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Refuse clauses that contradict each other."""
        fail(self._domain_faults() | self._bounds_faults() | self._openness_faults())
        return self

    def _domain_faults(self) -> dict[Path, Fault]:
        """Find what is wrong between use, keys and bounds."""
        if self.type is not None and (self.keys or not self.bounds or self.resolution != 1):
            message = "A column of dates has bounds such as 2015-01-01, and steps of a day"
            return {("type",): Fault("policy.domain", message)}
        if self.keys and self.bounds:
            return {("keys",): Fault("policy.domain", "Give either keys or bounds, not both")}
        if self.is_open and not self.keys and not self.bounds:
            return {(): Fault("policy.domain", "An open column needs keys or bounds")}
        if "measure" in self.use and not self.bounds:
            return {("use",): Fault("policy.domain", "A column to measure needs bounds, not keys")}
        return {}

    def _bounds_faults(self) -> dict[Path, Fault]:
        """Find bounds that are crossed, off the lattice or out of its reach."""
        if self.bounds is None:
            return {}
        faults: dict[Path, Fault] = {}
        for index, bound in enumerate(self.bounds):
            steps = bound / self.resolution
            if steps.denominator != 1:
                faults["bounds", index] = Fault(
                    "policy.lattice", "A bound must be a whole multiple of the resolution"
                )
            if abs(steps) > MAX_STEPS:
                faults["bounds", index] = Fault(
                    "policy.range", f"A bound lies at most {MAX_STEPS} resolution steps from 0"
                )
        if self.bounds[0] > self.bounds[1]:
            faults["bounds",] = Fault("policy.range", "The lower bound is above the upper one")
        return faults

    def _openness_faults(self) -> dict[Path, Fault]:
        """Find a declared openness that the use contradicts."""
        if (self.openness is Openness.CLOSED) == self.is_open:
            message = "A closed column has an empty use, and an open column some use"
            return {("openness",): Fault("policy.openness", message)}
        return {}
