"""The lanes: which kinds of submission are taken, and how their results are released."""

from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policies.clause import Clause, Fault, fail
from policies.scalars import Bytes, Positive, Seconds, Whole

MIN_CONTRIBUTORS = 10
"""People behind each reviewed cell (ACRO's default `safe_threshold`)."""
MAX_BLOCKS = 10_000
MAX_TIME = Fraction(3600)
"""Seconds that one block may take."""
MAX_MEMORY = 2**40
"""Bytes that one block may use."""


class QueryLane(Clause):
    """Counts, sums and means, noised and released at once."""

    release: Literal["automatic"] = "automatic"


class Blocks(Clause):
    """Disjoint groups of people that a black-box algorithm runs on (GUPT 2012)."""

    min: Annotated[Whole, Field(ge=2, le=MAX_BLOCKS)]
    max: Annotated[Whole, Field(ge=2, le=MAX_BLOCKS)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse an empty range."""
        if self.min > self.max:
            fail({("max",): Fault("policy.range", "The most blocks are fewer than the least")})
        return self


class AlgorithmLane(Clause):
    """A researcher's own program, run once a block; its results are averaged and noised."""

    release: Literal["automatic"] = "automatic"
    blocks: Blocks
    time: Annotated[Seconds, Field(gt=0, le=MAX_TIME)] = Fraction(20)
    """Seconds that each block takes, whatever the data."""
    memory: Annotated[Bytes, Field(ge=2**24, le=MAX_MEMORY)] = 2**30
    """Bytes that each block may use."""


class Dominance(Clause):
    """The (n, k) rule: the n largest contributors make up at most k of a cell's total."""

    n: Annotated[Whole, Field(ge=1, le=100)] = 1
    k: Annotated[Positive, Field(le=1)] = Fraction(7, 10)


class ReviewedLane(Clause):
    """Exact aggregates that pass disclosure checks and two people's eyes."""

    release: Literal["two-person"] = "two-person"
    min_contributors: Annotated[Whole, Field(ge=1, le=1_000_000)] = MIN_CONTRIBUTORS
    dominance: Dominance = Dominance()


class Lanes(Clause):
    """The lanes that are on; one that is left out is off."""

    query: QueryLane | None = None
    algorithm: AlgorithmLane | None = None
    reviewed: ReviewedLane | None = None

    @property
    def on(self) -> frozenset[str]:
        """Names of the lanes that take submissions."""
        lanes = {"query": self.query, "algorithm": self.algorithm, "reviewed": self.reviewed}
        return frozenset(name for name, lane in lanes.items() if lane is not None)
