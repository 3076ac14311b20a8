"""What ingest tells the owner about what it did, in both languages. Counts only, never a value."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.model.cost import text
from sandbox.model.dataset import Change
from sandbox.model.schema import Column


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How much was left out, over the people who had too much; adds up over disjoint people."""

    rows: int = 0
    people: int = 0

    def __add__(self, other: "LeftOut") -> "LeftOut":
        """Add what was left out of others."""
        return LeftOut(self.rows + other.rows, self.people + other.people)


def in_all(found: Iterable[Change]) -> Counter[tuple[str, str | None]]:
    """Add up what batches of one file had, by code and column."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for change in found:
        counts[change.code, change.column] += change.count
    return counts


def of_values(column: Column, counts: Mapping[tuple[str, str | None], int]) -> tuple[Change, ...]:
    """Tell what became of a column's values over all batches."""
    name = column.name
    if column.lattice is None:
        found = [null_keys(name, counts.get(("null_keys", name), 0))]
    else:
        resolution = text(column.lattice.resolution)
        found = [
            not_finite(name, counts.get(("not_finite", name), 0)),
            rounded(name, counts.get(("rounded", name), 0), resolution),
            clamped(name, counts.get(("clamped", name), 0)),
        ]
    return tuple(change for change in found if change.count)


def closed_column(column: str, rows: int) -> Change:
    """Report a column that stays closed."""
    return Change(
        "closed_column",
        rows,
        f"Column {column} is closed and was not copied",
        f"字段 {column} 不予开放，未复制",
        column,
    )


def null_keys(column: str, rows: int) -> Change:
    """Report values that are none of the declared keys."""
    return Change(
        "null_keys",
        rows,
        f"{rows} values of {column} are none of the declared keys and count as missing",
        f"字段 {column} 有 {rows} 个值不在声明的类别之中，按缺失处理",
        column,
    )


def not_finite(column: str, rows: int) -> Change:
    """Report NaN and infinities."""
    return Change(
        "not_finite",
        rows,
        f"{rows} values of {column} are NaN or infinite and count as missing",
        f"字段 {column} 有 {rows} 个值为 NaN 或无穷大，按缺失处理",
        column,
    )


def rounded(column: str, rows: int, resolution: str) -> Change:
    """Report values between two lattice steps."""
    return Change(
        "rounded",
        rows,
        f"{rows} values of {column} were rounded to the resolution {resolution}",
        f"字段 {column} 有 {rows} 个值按分辨率 {resolution} 取整",
        column,
    )


def clamped(column: str, rows: int) -> Change:
    """Report values outside the bounds."""
    return Change(
        "clamped",
        rows,
        f"{rows} values of {column} lay outside the bounds and were moved to the nearer one",
        f"字段 {column} 有 {rows} 个值超出上下界，已移至较近的界",
        column,
    )


def dropped_rows(rows: int, people: int, max_rows: int) -> Change:
    """Report rows beyond what one person may contribute."""
    return Change(
        "dropped_rows",
        rows,
        f"{people} people had more than {max_rows} rows; {rows} of their rows were left out",
        f"{people} 人的记录超过 {max_rows} 行，其中 {rows} 行未收入",
    )


def parts_left_out(column: str, rows: int, people: int, most: int) -> Change:
    """Report rows in further parts than one person may be in."""
    return Change(
        "parts_left_out",
        rows,
        f"{_people(people)} in more than {most} {_parts(most)} of `{column}`; "
        f"{rows} of their rows were left out",
        f"{people} 人属于 `{column}` 的超过 {most} 个分区，其中 {rows} 行未收入",
        column,
    )


def people_in_parts(column: str, people: int) -> Change:
    """Report people whose privacy several parts have to pay for."""
    return Change(
        "people_in_parts",
        people,
        f"{_people(people)} in more than one part of `{column}`; each is counted in every part "
        "they are in, and their budget pays for all of them",
        f"{people} 人属于 `{column}` 的一个以上分区；每人在其所属的各分区中均计入，"
        "各分区的消耗均由其预算承担",
        column,
    )


def _people(people: int) -> str:
    return "1 person is" if people == 1 else f"{people} people are"


def _parts(parts: int) -> str:
    return "part" if parts == 1 else "parts"
