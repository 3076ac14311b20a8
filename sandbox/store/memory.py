"""The books in memory: the same promises within one process, nothing on the disk.

For tests and trials. A writer works on a copy that takes the old state's place when its block
ends; so undoing is forgetting, and whoever reads keeps the state that stood when they began.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sandbox.model.account import Account
from sandbox.model.label import Label
from sandbox.model.names import AccountId
from sandbox.model.paging import Mark
from sandbox.store.line import PATIENCE, Line
from sandbox.store.page import SHELVES, BooksPage
from sandbox.store.tables import Node, NoWriting, Part
from sandbox.store.words import Terms, Words

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _State:
    """All tables. Only a copy that nobody else can see is ever changed."""

    shelves: dict[str, dict[str, str]] = field(
        default_factory=lambda: {shelf: {} for shelf in SHELVES}
    )
    places: dict[str, dict[str, int]] = field(
        default_factory=lambda: {shelf: {} for shelf in SHELVES}
    )
    labels: dict[tuple[str, str], dict[Label, int]] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    accounts: dict[AccountId, Account] = field(default_factory=dict)
    entries: list[bytes] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def copy(self) -> "_State":
        """Copy the tables; what stands in them is immutable."""
        return _State(
            shelves={name: dict(shelf) for name, shelf in self.shelves.items()},
            places={name: dict(places) for name, places in self.places.items()},
            labels=dict(self.labels),
            words=dict(self.words),
            accounts=dict(self.accounts),
            entries=list(self.entries),
            nodes=dict(self.nodes),
        )


class _MemoryReader:
    """Reads one state; see `sandbox.store.tables.Reader`."""

    def __init__(self, state: _State) -> None:
        self._state = state

    def document(self, shelf: str, key: str) -> str | None:
        return self._state.shelves[shelf].get(key)

    def documents(self, shelf: str) -> Sequence[str]:
        return tuple(self._state.shelves[shelf].values())

    def part(self, shelf: str, part: Part) -> Sequence[tuple[Mark, str]]:
        documents = self._state.shelves[shelf]
        marked = [
            (Mark(self.labels(shelf, key)[part.label] if part.label else 0, place), documents[key])
            for key, place in self._state.places[shelf].items()
            if part.label is None or part.label in self.labels(shelf, key)
        ]
        ordered = sorted(marked, key=_order, reverse=part.newest)
        return list(islice((each for each in ordered if _is_behind(each[0], part)), part.limit))

    def labels(self, shelf: str, key: str) -> Mapping[Label, int]:
        return self._state.labels.get((shelf, key), {})

    def found(self, terms: Terms, tier: int, after: int, limit: int) -> Sequence[tuple[int, str]]:
        shelf = self._state.shelves["record"]
        fitting = (
            (position, document)
            for position, (key, document) in enumerate(shelf.items())
            if position > after and _fits(self._state.words[key], terms, tier)
        )
        return list(islice(fitting, limit))

    def account(self, account: AccountId) -> Account | None:
        return self._state.accounts.get(account)

    def accounts_below(self, parent: AccountId) -> Sequence[Account]:
        return [one for one in self._state.accounts.values() if one.parent == parent]

    def size(self) -> int:
        return len(self._state.entries)

    def entry(self, index: int) -> bytes | None:
        return self._state.entries[index] if 0 <= index < self.size() else None

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        return (self._state.entries[index] for index in range(start, min(stop, self.size())))

    def node(self, level: int, index: int) -> bytes | None:
        return self._state.nodes.get((level, index))

    def nodes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        found = (self._state.nodes.get((level, index)) for index in range(start, stop))
        return [digest for digest in found if digest is not None]


class _MemoryWriter:
    """Writes one state; see `sandbox.store.tables.Writer`."""

    def __init__(self, state: _State) -> None:
        self._state = state

    def insert(self, shelf: str, key: str, document: str) -> bool:
        is_free = key not in self._state.shelves[shelf]
        if is_free:
            self._state.shelves[shelf][key] = document
            places = self._state.places[shelf]
            places[key] = next(reversed(places.values()), 0) + 1
        return is_free

    def update(self, shelf: str, key: str, document: str) -> bool:
        stands = key in self._state.shelves[shelf]
        if stands:
            self._state.shelves[shelf][key] = document
        return stands

    def delete(self, shelf: str, key: str) -> bool:
        self._state.places[shelf].pop(key, None)
        return self._state.shelves[shelf].pop(key, None) is not None

    def label(self, shelf: str, key: str, labels: Mapping[Label, int]) -> None:
        self._state.labels[shelf, key] = dict(labels)

    def index(self, key: str, words: Words) -> None:
        self._state.words[key] = words

    def open_account(self, account: Account) -> None:
        self._state.accounts[account.id] = account

    def move(self, before: Sequence[Account], after: Sequence[Account]) -> bool:
        accounts = self._state.accounts
        if [accounts.get(account.id) for account in before] != list(before):
            return False
        accounts.update({account.id: account for account in after})
        return True

    def append(self, index: int, entry: bytes, nodes: Sequence[Node]) -> None:
        self._state.entries.insert(index, entry)
        self._state.nodes.update({(level, place): digest for level, place, digest in nodes})


def _order(marked: tuple[Mark, str]) -> tuple[int, int]:
    return marked[0].tier, marked[0].position


def _is_behind(mark: Mark, part: Part) -> bool:
    """Tell whether a place comes after the one that the page before ended with."""
    if part.after is None:
        return True
    here, there = (mark.tier, mark.position), (part.after.tier, part.after.position)
    return here < there if part.newest else here > there


def _fits(words: Words, terms: Terms, tier: int) -> bool:
    """Tell whether a record is found in a tier."""
    if not words.everything.issuperset(terms.facets):
        return False
    in_title = bool(terms.words) and all(term.is_in(words.title) for term in terms.words)
    anywhere = in_title or all(term.is_in(words.everything) for term in terms.words)
    return anywhere and in_title == (tier == 0)


class MemoryBooks:
    """Books of one process; see `sandbox.ports.Books`."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        """Start empty; a writer waits `patience` seconds for another."""
        self._state = _State()
        self._line: Line[None, None] = Line(patience)

    @contextmanager
    def write(self) -> Iterator[BooksPage]:
        """Open a serialised transaction: undone if the block raises.

        Raises:
            Unavailable: `books.unavailable`, another writer held the books too long.
        """
        with self._line.turn():
            draft = self._state.copy()
            yield BooksPage(_MemoryReader(draft), _MemoryWriter(draft))
            self._state = draft

    def transact(self, block: Callable[[BooksPage], V]) -> V:
        """Give what a block gives in such a transaction.

        Raises:
            Unavailable: as above.
        """
        with self.write() as page:
            return block(page)

    @contextmanager
    def read(self) -> Iterator[BooksPage]:
        """Open the state that stands now."""
        yield BooksPage(_MemoryReader(self._state), NoWriting())

    def close(self) -> None:
        """Do nothing: nothing is open between transactions."""
