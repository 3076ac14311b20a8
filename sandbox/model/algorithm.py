"""An algorithm: a stranger's program, and how it is to be run over blocks of people; all public."""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.model.names import ColumnName, DatasetName
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A program, over which columns of which dataset, in how many blocks, for how long each."""

    dataset: DatasetName
    program: Program
    columns: tuple[ColumnName, ...]
    """Open columns that each block has, in the schema's order."""
    blocks: int
    """Disjoint groups that the people are dealt out to; a person is in exactly one."""
    seconds: Fraction
    """What each block takes, whatever it does; then it is killed."""
    memory: int
    """Bytes that each block may use."""

    def schedule(self, workers: int) -> Schedule:
        """Say when which block runs, where so many run at once."""
        return Schedule(self.blocks, workers, float(self.seconds))
