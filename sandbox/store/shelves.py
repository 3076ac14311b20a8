"""Shelves of the books: values of one kind by key, over any store's tables."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from sandbox.errors import Conflict, NotFound
from sandbox.model.label import Label
from sandbox.model.paging import MAX_PAGE, USUAL_PAGE, Mark, Stretch
from sandbox.store.documents import Codec
from sandbox.store.labels import Labels, none_of
from sandbox.store.tables import Part, Reader, Writer

K = TypeVar("K", bound=str)
V = TypeVar("V")


class DocumentShelf(Generic[K, V]):
    """Values that lie as documents; see `sandbox.ports.Shelf`."""

    def __init__(
        self,
        name: str,
        codec: Codec[V],
        reader: Reader,
        writer: Writer,
        labels: Callable[[V], Labels] = none_of,
    ) -> None:
        """Stand on the table `name`; `labels` says by what else than its key a value is found."""
        self._name = name
        self._codec = codec
        self._reader = reader
        self._writer = writer
        self._labels = labels

    def add(self, key: K, value: V) -> None:
        """Put a new value.

        Raises:
            Conflict: `books.exists`, the key is taken.
        """
        if not self._writer.insert(self._name, key, self._codec.encode(value)):
            raise Conflict(f"This {self._name} stands in the books already", code="books.exists")
        if labels := self._labels(value):
            self._writer.label(self._name, key, labels)

    def replace(self, key: K, value: V) -> None:
        """Put a newer value; its place in the order stays.

        Raises:
            NotFound: `books.unknown`, there is none yet.
        """
        if not self._writer.update(self._name, key, self._codec.encode(value)):
            raise self._unknown()
        self.label(key, value)

    def get(self, key: K) -> V:
        """Give the value.

        Raises:
            NotFound: `books.unknown`, there is none.
        """
        document = self._reader.document(self._name, key)
        if document is None:
            raise self._unknown()
        return self._codec.decode(document)

    def find(self, key: K) -> V | None:
        """Give the value, or None."""
        document = self._reader.document(self._name, key)
        return None if document is None else self._codec.decode(document)

    def __iter__(self) -> Iterator[V]:
        """Give all values, oldest first."""
        return map(self._codec.decode, self._reader.documents(self._name))

    def stretch(
        self,
        after: Mark | None = None,
        limit: int = USUAL_PAGE,
        *,
        label: Label | None = None,
        newest: bool = False,
    ) -> Stretch[V]:
        """Give one page of the values, or of those with a label.

        Raises:
            ValueError: the limit is not between 1 and `MAX_PAGE`.
        """
        if not 1 <= limit <= MAX_PAGE:
            raise ValueError(f"a page has 1 to {MAX_PAGE} values")
        found = self._reader.part(self._name, Part(after, limit + 1, label, newest))
        kept = found[:limit]
        values = tuple(self._codec.decode(document) for _, document in kept)
        return Stretch(values, kept[-1][0] if len(found) > limit else None)

    def labelled(self, label: Label) -> Iterator[V]:
        """Give all values with a label, by rank, a page at a time."""
        page = self.stretch(limit=MAX_PAGE, label=label)
        yield from page.values
        while page.next is not None:
            page = self.stretch(page.next, MAX_PAGE, label=label)
            yield from page.values

    def label_all(self, key_of: Callable[[V], K]) -> None:
        """Write the labels of all values anew, for books of before there were any."""
        for value in self:
            self.label(key_of(value), value)

    def label(self, key: K, value: V) -> None:
        """Write the labels of a value that stands here, if they are not what they were."""
        if self._labels is none_of:
            return
        labels = self._labels(value)
        if labels != self._reader.labels(self._name, key):
            self._writer.label(self._name, key, labels)

    def _unknown(self) -> NotFound:
        """Say that there is no such value, without repeating the key."""
        return NotFound(f"There is no such {self._name}", code="books.unknown")


class DeletableDocumentShelf(DocumentShelf[K, V]):
    """A shelf that things are taken from again; see `sandbox.ports.DeletableShelf`."""

    def remove(self, key: K) -> None:
        """Delete the value.

        Raises:
            NotFound: `books.unknown`, there is none.
        """
        if self._labels is not none_of:
            self._writer.label(self._name, key, {})
        if not self._writer.delete(self._name, key):
            raise self._unknown()
