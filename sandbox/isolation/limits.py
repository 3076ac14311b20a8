"""What a box may use, whatever runs in it."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one box; each is the same for every box of a submission."""

    wall: float = 20.0
    """Seconds from the moment that the job is handed in until the box is destroyed."""
    memory: int = 1024 * MIB
    """Bytes that all processes of the box use, the back end's own among them."""
    processors: int = 1
    """Processors that the box may run on at once."""
    processes: int = 64
    """Processes and threads."""
    files: int = 256
    """Descriptors that one process has open."""
    tmp: int = 64 * MIB
    """Bytes that each of the box's two places to write holds, and that one file has."""
    names: int = 4096
    """Files and folders in each place to write; kept where the back end can count them."""

    def __post_init__(self) -> None:
        """Refuse what no box could be held to.

        Raises:
            ValueError: a bound is not above zero.
        """
        bounds = (
            self.wall, self.memory, self.processors, self.processes,
            self.files, self.tmp, self.names,
        )  # fmt: skip
        if not all(bound > 0 for bound in bounds):
            raise ValueError("every limit of a box is above zero")
