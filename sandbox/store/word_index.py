"""How each database finds records by their words; what is looked for is `sandbox.store.words`'.

Nothing is weighed: those with all words in title or name come first, and among these the oldest.
So a page ends where it is full, and the database never sorts all that a common word is found in.
"""

from collections.abc import Sequence
from typing import Final

from sandbox.store.connection import Lease, Values, WordIndex
from sandbox.store.words import Term, Terms, Words

Placed = tuple[int, str]
"""A record's position and document."""


class Fts5:
    """SQLite's full-text index; its words are ours, with spaces between them."""

    remove: Final = (
        "DELETE FROM record_words WHERE rowid = (SELECT position FROM record WHERE key = :key)"
    )
    put: Final = (
        "INSERT INTO record_words (rowid, title, everything) "
        "SELECT position, :title, :everything FROM record WHERE key = :key"
    )
    _find: Final = (
        "SELECT record.position, record.document FROM record_words "
        "JOIN record ON record.position = record_words.rowid "
        "WHERE record_words MATCH :wanted AND record_words.rowid > :after "
        "ORDER BY record_words.rowid LIMIT :limit"
    )

    def find(
        self, connection: Lease, terms: Terms, tier: int, after: int, limit: int
    ) -> Sequence[Placed]:
        """Give what is found in one tier, oldest first."""
        facets = " AND ".join(f'"{facet}"' for facet in terms.facets)
        words = " AND ".join(map(self._written, terms.words))
        if tier == 0:
            wanted = f"everything : ({facets}) AND title : ({words})"
        elif words:
            wanted = f"everything : ({facets} AND {words}) NOT title : ({words})"
        else:
            wanted = f"everything : ({facets})"
        values: dict[str, str | int] = {"wanted": wanted, "after": after, "limit": limit}
        return _placed(connection, self._find, values)

    @staticmethod
    def _written(term: Term) -> str:
        return f'"{term.word}" *' if term.is_beginning else f'"{term.word}"'


class TextSearch:
    """PostgreSQL's `tsvector`, filled word by word: its own parsers have no part in it."""

    remove: Final = (
        "DELETE FROM record_words WHERE position = (SELECT position FROM record WHERE key = :key)"
    )
    put: Final = (
        "INSERT INTO record_words (position, title, everything) "
        "SELECT position, array_to_tsvector(string_to_array(:title, ' ')), "
        "array_to_tsvector(string_to_array(:everything, ' ')) FROM record WHERE key = :key"
    )
    _select: Final = (
        "SELECT record.position, record.document FROM record_words "
        "JOIN record ON record.position = record_words.position "
        "WHERE record_words.everything @@ CAST(:everything AS tsquery) "
    )
    _order: Final = "AND record_words.position > :after ORDER BY record_words.position LIMIT :limit"
    _in_title: Final = "AND record_words.title @@ CAST(:title AS tsquery) "
    _not_in_title: Final = "AND NOT record_words.title @@ CAST(:title AS tsquery) "

    def find(
        self, connection: Lease, terms: Terms, tier: int, after: int, limit: int
    ) -> Sequence[Placed]:
        """Give what is found in one tier, oldest first."""
        words = " & ".join(map(self._written, terms.words))
        everything = " & ".join(f"'{facet}'" for facet in terms.facets)
        everything += f" & {words}" if words else ""
        values: dict[str, str | int] = {"everything": everything, "after": after, "limit": limit}
        title = ""
        if words:
            title = self._not_in_title if tier else self._in_title
            values["title"] = words
        return _placed(connection, self._select + title + self._order, values)

    @staticmethod
    def _written(term: Term) -> str:
        return f"'{term.word}':*" if term.is_beginning else f"'{term.word}'"


def index(connection: Lease, kind: WordIndex, key: str, words: Words) -> None:
    """Put the words of the record under a key in the place of earlier ones."""
    connection.change(kind.remove, {"key": key})
    values = {
        "key": key,
        "title": " ".join(sorted(words.title)),
        "everything": " ".join(sorted(words.everything)),
    }
    connection.change(kind.put, values)


def _placed(connection: Lease, statement: str, values: Values) -> Sequence[Placed]:
    return [
        (int(position), str(document)) for position, document in connection.rows(statement, values)
    ]
