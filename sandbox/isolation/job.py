"""A job: a stranger's source text and what it promises to give back; packed for the guest."""

import json
import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandbox.errors import BadInput
from sandbox.isolation.outputs import MAX_VALUES, Output

MAX_SOURCE = 2**20
"""Bytes of all modules of one job."""
MAX_MODULES = 64
LENGTH = 8
"""Bytes of the big-endian number that says how long the header is."""


class Frame(StrEnum):
    """What the function is given."""

    POLARS = "polars"
    PANDAS = "pandas"
    BYTES = "bytes"
    """The Arrow IPC stream as it came; for programs that need no data frames."""


@dataclass(frozen=True, slots=True)
class Job:
    """A function of a stranger's, with the modules that it needs, over one block of rows."""

    modules: Mapping[str, str]
    """Source text by dotted module name; `pkg` is a package if there is a `pkg.part`."""
    entry: tuple[str, str]
    """Module and name of the function."""
    outputs: tuple[Output, ...]
    frame: Frame = Frame.POLARS

    def __post_init__(self) -> None:
        """Refuse a job that cannot be run whatever the rows are.

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
        values = sum(output.count for output in self.outputs)
        if not names or len(set(names)) < len(names) or values > MAX_VALUES:
            raise BadInput(
                f"A job has outputs of different names, at most {MAX_VALUES} values together",
                code="job.outputs",
            )

    def packed(self, rows: bytes) -> bytes:
        """Write the job and one block, an Arrow IPC stream, the way the guest reads them."""
        header = json.dumps(
            {
                "modules": dict(self.modules),
                "entry": self.entry,
                "frame": self.frame,
                "outputs": [(output.name, output.count) for output in self.outputs],
            }
        ).encode()
        return len(header).to_bytes(LENGTH, "big") + header + rows


def _is_name(name: str) -> bool:
    parts = name.split(".")
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
