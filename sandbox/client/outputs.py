"""An algorithm's outputs as people think of them: a number, a list, a table; by name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.wire import AnswerColumn

Place = tuple[int, ...]
"""Where a value stands in its output; empty for a single number."""


def nested(columns: Sequence[AnswerColumn], role: str) -> dict[str, Any]:
    """Lay the values of one role out by output; empty where the columns are no algorithm's."""
    by_name = {column.name: column.values for column in columns if column.role == "key"}
    values = next((column.values for column in columns if column.role == role), None)
    if by_name.keys() != {"output", "place"} or values is None:
        return {}
    found: dict[str, dict[Place, Any]] = {}
    for name, place, value in zip(by_name["output"], by_name["place"], values, strict=True):
        found.setdefault(str(name), {})[_place(str(place))] = value
    return {name: _laid_out(placed) for name, placed in found.items()}


def shaped(values: Sequence[float], shape: Sequence[int]) -> Any:  # noqa: ANN401  (a number, or lists)
    """Lay values that come row by row out in their shape."""
    return _laid_out(dict(zip(_places(tuple(shape)), values, strict=False)))


def _places(shape: Place) -> Iterator[Place]:
    if not shape:
        yield ()
        return
    for index in range(shape[0]):
        for rest in _places(shape[1:]):
            yield index, *rest


def _place(text: str) -> Place:
    return tuple(map(int, text.split(","))) if text else ()


def _laid_out(placed: Mapping[Place, Any]) -> Any:  # noqa: ANN401
    if not placed or () in placed:
        return placed.get(())
    rows: dict[int, dict[Place, Any]] = {}
    for (first, *rest), value in placed.items():
        rows.setdefault(first, {})[tuple(rest)] = value
    return [_laid_out(rows[index]) for index in sorted(rows)]
