"""A rehearsal: what a program gave, and said, for one block of invented rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One block of a rehearsal; none of it is secret."""

    values: tuple[tuple[float, ...], ...]
    """Of each output, as they would be counted."""
    usable: bool
    """Whether what came back had the declared form; else the values are defaults."""
    seconds: float
    """Until the program answered or was killed."""
    said: str
    """What it wrote on standard output and error, up to a bound."""
