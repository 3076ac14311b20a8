"""A stranger's program: source text, and what it promises to give back."""

import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sandbox.errors import BadInput
from sandbox.model.output import MAX_VALUES, Output, Statistic

MAX_SOURCE = 2**20
"""Bytes of all modules of one program."""
MAX_MODULES = 64
MAX_MEDIANS = 100
"""Values that are medians. A selection takes up to 4 ms, and a share of a hundredth of a price
chooses almost at random."""


class Frame(StrEnum):
    """What the function is given."""

    POLARS = "polars"
    PANDAS = "pandas"
    BYTES = "bytes"
    """The Arrow IPC stream as it came; for programs that need no data frames."""


@dataclass(frozen=True, slots=True)
class Program:
    """A function of a stranger's, with the modules that it needs and what it promises to give."""

    modules: Mapping[str, str]
    """Source text by dotted module name; `pkg` is a package if there is a `pkg.part`."""
    entry: tuple[str, str]
    """Module and name of the function."""
    outputs: tuple[Output, ...]
    frame: Frame = Frame.POLARS

    def __post_init__(self) -> None:
        """Refuse a program that cannot be run whatever the rows are.

        Raises:
            BadInput: a module's name is no name, the entry is not there, the source is too long,
                or the outputs are none, too many or of one name.
        """
        module, function = self.entry
        if not all(map(_is_name, (*self.modules, function))) or "." in function:
            raise BadInput("A module or the function has no Python name", code="job.name")
        if module not in self.modules:
            raise BadInput("The function's module is not among the modules", code="job.entry")
        size = sum(len(source.encode(errors="replace")) for source in self.modules.values())
        if size > MAX_SOURCE or len(self.modules) > MAX_MODULES:
            raise BadInput(
                f"A job has at most {MAX_MODULES} modules of {MAX_SOURCE} bytes together",
                code="job.size",
            )
        names = [output.name for output in self.outputs]
        medians = [output for output in self.outputs if output.statistic is Statistic.MEDIAN]
        few = _values(self.outputs) <= MAX_VALUES and _values(medians) <= MAX_MEDIANS
        if not (names and len(set(names)) == len(names) and few):
            raise BadInput(
                f"A job has outputs of different names, at most {MAX_VALUES} values together, "
                f"of which at most {MAX_MEDIANS} are medians",
                code="job.outputs",
            )


def _values(outputs: Sequence[Output]) -> int:
    return sum(output.count for output in outputs)


def _is_name(name: str) -> bool:
    parts = name.split(".")
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
