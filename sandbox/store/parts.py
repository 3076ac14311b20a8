"""How SQL finds a part of a shelf: by place, or by a label and the rank under it.

The index of labels has them in order, so the database reads what it gives and nothing else.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

from sandbox.model.label import Label
from sandbox.model.paging import Mark
from sandbox.store.connection import Statements
from sandbox.store.page import SHELVES
from sandbox.store.tables import Part

# ruff: noqa: S608  (the names of tables are our own)
_WAYS: Final = {False: (">", "ASC"), True: ("<", "DESC")}
_ALL = {
    (name, newest): (
        f"SELECT 0, position, document FROM {name} WHERE position {behind} :position "
        f"ORDER BY position {order} LIMIT :limit"
    )
    for name, (newest, (behind, order)) in product(SHELVES, _WAYS.items())
}
_LABELLED = {
    (name, newest): (
        f"SELECT labelled.rank, labelled.position, {name}.document FROM labelled "
        f"JOIN {name} ON {name}.position = labelled.position "
        f"WHERE labelled.shelf = '{name}' AND labelled.label = :label "
        f"AND (labelled.rank, labelled.position) {behind} (:tier, :position) "
        f"ORDER BY labelled.rank {order}, labelled.position {order} LIMIT :limit"
    )
    for name, (newest, (behind, order)) in product(SHELVES, _WAYS.items())
}
_LABELS = {
    name: (
        f"SELECT label, rank FROM labelled WHERE shelf = '{name}' "
        f"AND position = (SELECT position FROM {name} WHERE key = :key)"
    )
    for name in SHELVES
}
_REMOVE = {
    name: (
        f"DELETE FROM labelled WHERE shelf = '{name}' "
        f"AND position = (SELECT position FROM {name} WHERE key = :key)"
    )
    for name in SHELVES
}
_PUT = {
    name: (
        "INSERT INTO labelled (shelf, label, rank, position) "
        f"SELECT '{name}', :label, :rank, position FROM {name} WHERE key = :key"
    )
    for name in SHELVES
}
_BEFORE_ALL, _BEHIND_ALL = Mark(-1, -1), Mark(2**62, 2**62)


def find_part(connection: Statements, shelf: str, part: Part) -> Sequence[tuple[Mark, str]]:
    """Give documents of a shelf with their places."""
    begun = part.after or (_BEHIND_ALL if part.newest else _BEFORE_ALL)
    values: dict[str, str | int] = {"position": begun.position, "limit": part.limit}
    if part.label is None:
        rows = connection.rows(_ALL[shelf, part.newest], values)
    else:
        values |= {"tier": begun.tier, "label": part.label}
        rows = connection.rows(_LABELLED[shelf, part.newest], values)
    return [(Mark(int(rank), int(position)), str(text)) for rank, position, text in rows]


def find_labels(connection: Statements, shelf: str, key: str) -> Mapping[Label, int]:
    """Give the labels of one document."""
    rows = connection.rows(_LABELS[shelf], {"key": key})
    return {Label(label): int(rank) for label, rank in rows}


def put_labels(connection: Statements, shelf: str, key: str, labels: Mapping[Label, int]) -> None:
    """Put a document's labels in the place of earlier ones."""
    connection.change(_REMOVE[shelf], {"key": key})
    connection.change_each(
        _PUT[shelf],
        [{"key": key, "label": name, "rank": rank} for name, rank in labels.items()],
    )
