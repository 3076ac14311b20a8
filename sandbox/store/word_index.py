"""How each database finds records by their words; what is looked for is `sandbox.store.words`'.

Nothing is weighed: those with all words in title or name come first, and among these the oldest.
So a page ends where it is full, and the database never sorts all that a common word is found in.
"""

from collections.abc import Sequence
from typing import Final

from sandbox.store.connection import Statements, Values, WordIndex
from sandbox.store.words import Term, Terms, Words

Placed = tuple[int, str]
"""A record's position and document."""
RARE = 2000
"""Records that are quickly put in order; of more, the first few are quickly found in order."""
TITLE = "\ue001"
"""Stands before a word of the title; no text holds it, for it is no letter."""


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
        self, connection: Statements, terms: Terms, tier: int, after: int, limit: int
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
    def values(words: Words) -> Values:
        """Write a record's words for `put`."""
        return {
            "title": " ".join(sorted(words.title)),
            "everything": " ".join(sorted(words.everything)),
        }

    @staticmethod
    def _written(term: Term) -> str:
        return f'"{term.word}" *' if term.is_beginning else f'"{term.word}"'


class TextSearch:
    """PostgreSQL's `tsvector`, filled word by word: its own parsers have no part in it.

    A word of the title stands there a second time behind a sign of its own, so that the index
    alone tells the tiers apart. The planner cannot know how often words meet, and would now and
    then read every record: so the index is asked first, and what is rare is put in order here.
    """

    remove: Final = (
        "DELETE FROM record_words WHERE position = (SELECT position FROM record WHERE key = :key)"
    )
    put: Final = (
        "INSERT INTO record_words (position, words) "
        "SELECT position, array_to_tsvector(string_to_array(:words, ' ')) "
        "FROM record WHERE key = :key"
    )
    _use_index: Final = (
        "SELECT set_config('enable_seqscan', :on, true), set_config('enable_indexscan', :on, true)"
    )
    _some: Final = (
        "SELECT position FROM record_words "
        "WHERE words @@ CAST(:wanted AS tsquery) AND position > :after LIMIT :limit"
    )
    _these: Final = (
        "SELECT position, document FROM record "
        "WHERE position = ANY (CAST(string_to_array(:positions, ',') AS bigint[])) "
        "ORDER BY position"
    )
    _first: Final = (
        "SELECT record.position, record.document FROM record_words "
        "JOIN record ON record.position = record_words.position "
        "WHERE record_words.words @@ CAST(:wanted AS tsquery) AND record_words.position > :after "
        "ORDER BY record_words.position LIMIT :limit"
    )

    def find(
        self, connection: Statements, terms: Terms, tier: int, after: int, limit: int
    ) -> Sequence[Placed]:
        """Give what is found in one tier, oldest first."""
        values: dict[str, str | int] = {"wanted": self._wanted(terms, tier), "after": after}
        connection.rows(self._use_index, {"on": "off"})
        some = connection.rows(self._some, values | {"limit": RARE})
        connection.rows(self._use_index, {"on": "on"})
        if len(some) == RARE:
            return _placed(connection, self._first, values | {"limit": limit})
        positions = sorted(int(position) for (position,) in some)[:limit]
        return _placed(connection, self._these, {"positions": ",".join(map(str, positions))})

    @staticmethod
    def values(words: Words) -> Values:
        """Write a record's words for `put`."""
        titled = (f"{TITLE}{word}" for word in words.title)
        return {"words": " ".join(sorted((*words.everything, *titled)))}

    def _wanted(self, terms: Terms, tier: int) -> str:
        facets = " & ".join(f"'{facet}'" for facet in terms.facets)
        if not terms.words:
            return facets
        in_title = " & ".join(self._written(term, TITLE) for term in terms.words)
        anywhere = " & ".join(self._written(term) for term in terms.words)
        if tier == 0:
            return f"{facets} & {in_title}"
        return f"{facets} & {anywhere} & !({in_title})"

    @staticmethod
    def _written(term: Term, sign: str = "") -> str:
        return f"'{sign}{term.word}'" + (":*" if term.is_beginning else "")


def index(connection: Statements, kind: WordIndex, key: str, words: Words) -> None:
    """Put the words of the record under a key in the place of earlier ones."""
    connection.change(kind.remove, {"key": key})
    connection.change(kind.put, {"key": key, **kind.values(words)})


def _placed(connection: Statements, statement: str, values: Values) -> Sequence[Placed]:
    return [
        (int(position), str(document)) for position, document in connection.rows(statement, values)
    ]
