"""Shelves of the books: values of one kind by key, over any store's tables."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from sandbox.errors import Conflict, NotFound
from sandbox.store.documents import Codec
from sandbox.store.tables import Reader, Writer

K = TypeVar("K", bound=str)
V = TypeVar("V")


class DocumentShelf(Generic[K, V]):
    """Values that lie as documents; see `sandbox.ports.Shelf`."""

    def __init__(self, name: str, codec: Codec[V], reader: Reader, writer: Writer) -> None:
        """Stand on the table `name`."""
        self._name = name
        self._codec = codec
        self._reader = reader
        self._writer = writer

    def add(self, key: K, value: V) -> None:
        """Put a new value.

        Raises:
            Conflict: `books.exists`, the key is taken.
        """
        if not self._writer.insert(self._name, key, self._codec.encode(value)):
            raise Conflict(f"This {self._name} stands in the books already", code="books.exists")

    def replace(self, key: K, value: V) -> None:
        """Put a newer value; its place in the order stays.

        Raises:
            NotFound: `books.unknown`, there is none yet.
        """
        if not self._writer.update(self._name, key, self._codec.encode(value)):
            raise self._unknown()

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
        if not self._writer.delete(self._name, key):
            raise self._unknown()
