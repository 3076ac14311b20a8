"""An algorithm: a stranger's program, and how it is to be run over blocks of people; all public."""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.model.names import ColumnName, DatasetName
from sandbox.model.output import Output, Statistic
from sandbox.model.plan import Part, PartKind
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

    @property
    def values(self) -> tuple[Output, ...]:
        """Name the output of each value: those of one output together, in row-major order."""
        return tuple(output for output in self.program.outputs for _ in range(output.count))

    @property
    def means(self) -> tuple[int, ...]:
        """Indices of the values that are means, in the order of the part `BLOCKS`."""
        return self._of(Statistic.MEAN)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is measured: all means in one vector, if there are any, and each median by itself.

        A vector's noise answers to its own norm: means cost less together, and medians have one
        selection each.
        """
        sums = (Part(PartKind.BLOCKS),) if self.means else ()
        medians = self._of(Statistic.MEDIAN)
        return (*sums, *(Part(PartKind.RANKS, value=index) for index in medians))

    def _of(self, statistic: Statistic) -> tuple[int, ...]:
        return tuple(
            index for index, output in enumerate(self.values) if output.statistic is statistic
        )

    def schedule(self, workers: int) -> Schedule:
        """Say when which block runs, where so many run at once."""
        return Schedule(self.blocks, workers, float(self.seconds))
