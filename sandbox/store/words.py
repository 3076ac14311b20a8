"""How the catalogue's texts become words to search by, the same for every store.

Chinese has no spaces, so a run of Chinese characters is known by each character and by each pair of
neighbours; a word of any other script is known whole and by its beginnings. Width and case are
folded (NFKC), and signs that are neither letters nor digits only separate.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sandbox.model.finding import Wanted
from sandbox.model.record import Record

MAX_WORD = 64
"""Characters that a word is told apart by."""
MAX_INDEXED = 2**18
"""UTF-8 bytes of one record's words; what a PostgreSQL `tsvector` holds with room to spare."""
MAX_WANTED = 32
"""Words of a search; further ones are not looked for."""
SHORTEST_BEGINNING = 2
"""Letters that may stand for a longer word; one letter would stand for half the catalogue."""
FACET = "\ue000"
"""Begins what no text can hold: it is of the private use area, so no letter."""

_CHINESE = re.compile(
    "[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3040-\u30ff\uac00-\ud7af]+"
)


@dataclass(frozen=True, slots=True)
class Words:
    """One record's words: those of its title and name, and all of them."""

    title: frozenset[str]
    everything: frozenset[str]
    """The facets too."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word that is looked for, or the beginning of one."""

    word: str
    is_beginning: bool = False

    def is_in(self, words: frozenset[str]) -> bool:
        """Tell whether it is among the words."""
        if not self.is_beginning:
            return self.word in words
        return any(word.startswith(self.word) for word in words)


@dataclass(frozen=True, slots=True)
class Terms:
    """What must all be found, and what else must hold."""

    words: tuple[Term, ...]
    facets: tuple[str, ...]


def words_of(record: Record) -> Words:
    """Give the words of a record; its facets say whether it is hidden."""
    title = _limited(_indexed((record.name, record.title, record.title_zh)))
    everything = _limited(_indexed(_texts(record)))
    return Words(title, title | everything | frozenset(_facets(record)))


def terms_of(wanted: Wanted) -> Terms:
    """Give what a search looks for."""
    words = tuple(dict.fromkeys(_asked(wanted.text)))[:MAX_WANTED]
    facets = [_facet("listed", str(not wanted.hidden))]
    named = ("openness", wanted.openness), ("grade", wanted.grade), ("state", wanted.state)
    facets += [_facet(name, value.value) for name, value in named if value is not None]
    if wanted.owner is not None:
        facets.append(_facet("owner", wanted.owner))
    return Terms(words, tuple(facets))


def _texts(record: Record) -> Iterator[str]:
    """Give a record's texts, those first that matter most when there are too many."""
    yield from (*record.keywords, record.theme, record.owner, record.origin)
    yield from (record.description, record.description_zh)
    yield from (column.name for column in record.columns)
    for column in record.columns:
        yield from (column.description, column.description_zh)


def _facets(record: Record) -> Iterator[str]:
    yield _facet("listed", str(record.listed))
    yield _facet("openness", record.openness.value)
    yield _facet("grade", record.grade.value)
    yield _facet("state", record.state.value)
    yield _facet("owner", record.owner)


def _facet(name: str, value: str) -> str:
    """Write a facet as one word; hexadecimal, so that no store takes it apart."""
    return f"{FACET}{name}{value.encode('utf-8', 'surrogatepass').hex()}"


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Give runs of letters and digits, and whether they are Chinese (or written like it)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    for run in "".join(sign if sign.isalnum() else " " for sign in folded).split():
        at = 0
        for chinese in _CHINESE.finditer(run):
            if at < chinese.start():
                yield run[at : chinese.start()], False
            yield chinese.group(), True
            at = chinese.end()
        if at < len(run):
            yield run[at:], False


def _indexed(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for run, is_chinese in _runs(text):
            if is_chinese:
                yield from run
                yield from map("".join, pairwise(run))
            else:
                yield run[:MAX_WORD]


def _asked(text: str) -> Iterator[Term]:
    for run, is_chinese in _runs(text):
        if not is_chinese:
            yield Term(run[:MAX_WORD], len(run) >= SHORTEST_BEGINNING)
        elif len(run) == 1:
            yield Term(run)
        else:
            yield from (Term(first + second) for first, second in pairwise(run))


def _limited(words: Iterable[str]) -> frozenset[str]:
    kept: set[str] = set()
    room = MAX_INDEXED
    for word in words:
        if word not in kept:
            room -= len(word.encode("utf-8", "surrogatepass"))
            if room < 0:
                break
            kept.add(word)
    return frozenset(kept)
