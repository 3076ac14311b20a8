"""The column names that a Parquet footer really lists, in order and with repeats.

Polars silently keeps the last of two columns with one name. Which one a policy meant nobody could
say, so we look ourselves: this reads just enough of Thrift's compact protocol (thrift,
`doc/specs/thrift-compact-protocol.md`; Parquet, `parquet.thrift`: `FileMetaData.schema`) and no
key-value metadata, where writers put schemas of their own.
"""

from collections.abc import Iterator

MAX_DEPTH = 16
"""Levels of nested structures that are skipped at all; real footers have three."""

_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
_VARINTS = range(4, 7)
_FIXED = {_TRUE: 0, _FALSE: 0, _BYTE: 1, _DOUBLE: 8}
"""Bytes behind a field's head."""
_SCHEMA = 2
"""Field of `FileMetaData`."""
_NAME, _CHILDREN = 4, 5
"""Fields of `SchemaElement`."""


class FooterError(ValueError):
    """The bytes are no Parquet footer."""


def top_level_names(footer: bytes) -> tuple[str, ...]:
    """List the names of the table's columns; children of nested columns are left out.

    Raises:
        FooterError: the bytes end early or are not a footer.
    """
    try:
        elements = _schema(_Compact(footer))
        return tuple(_top_level(elements))
    except (IndexError, UnicodeDecodeError, StopIteration, RecursionError) as cause:
        raise FooterError("not a Parquet footer") from cause


def _top_level(elements: list[tuple[str, int]]) -> Iterator[str]:
    """Walk the schema, a tree in depth-first order, and give the root's children."""
    skip = 0
    for name, children in elements[1:]:
        if skip == 0:
            yield name
        else:
            skip -= 1
        skip += children


def _schema(reader: "_Compact") -> list[tuple[str, int]]:
    """Find the schema's elements: name and number of children."""
    for field, kind in reader.fields():
        if field == _SCHEMA and kind == _LIST:
            size, _kind = reader.list_header()
            return [_element(reader) for _ in range(size)]
        reader.skip(kind)
    raise FooterError("no schema")


def _element(reader: "_Compact") -> tuple[str, int]:
    name, children = b"", 0
    for field, kind in reader.fields():
        if field == _NAME and kind == _BINARY:
            name = reader.binary()
        elif field == _CHILDREN and kind in _VARINTS:
            children = reader.varint() >> 1  # zigzag of a number that is not negative
        else:
            reader.skip(kind)
    return name.decode(), children


class _Compact:
    """A cursor over Thrift's compact protocol; IndexError where the bytes end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def fields(self) -> Iterator[tuple[int, int]]:
        """Give id and type of each field; the caller reads or skips the value in between."""
        field = 0
        while (head := self._byte()) != _STOP:
            delta = head >> 4
            field = field + delta if delta else self.varint() >> 1
            yield field, head & 0x0F

    def varint(self) -> int:
        """Read an unsigned integer of at most 64 bits."""
        value = 0
        for shift in range(0, 64, 7):
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004  (the continuation bit)
                return value
        raise FooterError("an endless integer")

    def binary(self) -> bytes:
        """Read a counted string."""
        return self._take(self.varint())

    def list_header(self) -> tuple[int, int]:
        """Read the size and the elements' type."""
        head = self._byte()
        size = head >> 4
        return (self.varint() if size == 0x0F else size), head & 0x0F  # noqa: PLR2004  (long form)

    def skip(self, kind: int, depth: int = 0) -> None:
        """Pass over a value."""
        if depth > MAX_DEPTH:
            raise FooterError("too deep")
        if kind in _VARINTS:
            self.varint()
        elif kind in _FIXED:
            self._take(_FIXED[kind])
        elif kind == _BINARY:
            self.binary()
        elif kind in {_LIST, _SET}:
            self._skip_list(depth)
        elif kind == _STRUCT:
            self._skip_struct(depth)
        else:
            raise FooterError("an unknown type")

    def _skip_list(self, depth: int) -> None:
        size, kind = self.list_header()
        for _ in range(size):
            # In a list, unlike in a field, a boolean takes a byte.
            self.skip(_BYTE if kind in {_TRUE, _FALSE} else kind, depth + 1)

    def _skip_struct(self, depth: int) -> None:
        for _field, kind in self.fields():
            self.skip(kind, depth + 1)

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, length: int) -> bytes:
        taken = self._data[self._at : self._at + length]
        if len(taken) < length:
            raise FooterError("the bytes end early")
        self._at += length
        return taken
