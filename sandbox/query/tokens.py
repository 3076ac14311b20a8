"""Splits SQL text into tokens and stands guard before the parser, which is fed hostile text.

Length, characters, nesting and constructs that one token gives away are refused here, where the
place is exact.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sqlglot import Token, TokenType
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from sandbox.errors import BadInput, Place
from sandbox.query.refused import refused_token
from sandbox.query.wording import SUPPORTED

MAX_TEXT = 16 * 1024
"""Characters of one question's SQL, over all conditions of a builder question too."""
MAX_NESTING = 20
"""Brackets in brackets, CASE in CASE, NOT before NOT: each costs the parser some 20 frames."""

_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and lone surrogates: no key or name has them, and UTF-8 cannot carry all."""
_OPENING = frozenset({TokenType.L_PAREN, TokenType.CASE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.END})
_SEPARATORS = frozenset({TokenType.AND, TokenType.OR, TokenType.COMMA})


@dataclass(frozen=True, slots=True)
class Source:
    """One statement or condition as it was written."""

    text: str
    tokens: tuple[Token, ...]
    clause: str | None = None
    """The request's field that holds the text, where it is not `sql`."""

    def at(self, start: int) -> Place:
        """Turn an offset into a line and a column."""
        return _place(self.text, start, self.clause)


def read_source(text: str, clause: str | None = None) -> Source:
    """Split the text of one statement or condition, without semicolons at its end.

    Raises:
        BadInput: `sql.too_long`, `sql.too_deep`, `sql.statements` or `sql.syntax`.
    """
    check_text(text, clause)
    source = Source(text, _tokens(text, clause), clause)
    if not source.tokens or source.tokens[0].token_type is TokenType.SEMICOLON:
        raise BadInput(f"There is no SQL here; {SUPPORTED}", code="sql.syntax", place=source.at(0))
    _check_nesting(source)
    return Source(text, tuple(_one_statement(source)), clause)


def check_text(text: str, clause: str | None) -> None:
    """Refuse text that is too long, or holds what no name, key or number can hold.

    Raises:
        BadInput: `sql.too_long` or `sql.syntax`.
    """
    if len(text) > MAX_TEXT:
        raise BadInput(
            f"A question has at most {MAX_TEXT} characters; this one has {len(text)}",
            code="sql.too_long",
            place=_place(text, MAX_TEXT, clause),
        )
    if unreadable := _UNREADABLE.search(text):
        raise BadInput(
            f"Character U+{ord(unreadable[0]):04X} cannot stand in a question",
            code="sql.syntax",
            place=_place(text, unreadable.start(), clause),
        )


def refuse_tokens(source: Source, tokens: Sequence[Token]) -> None:
    """Refuse what a token gives away, by itself or before a round bracket.

    Calls are refused here because the parser tries some of them several ways at every level:
    twenty STRUCT( in one another took it 14 s.

    Raises:
        BadInput: with the code of the construct.
    """
    for token, after in zip_longest(tokens, tokens[1:]):
        refusal = refused_token(token, after)
        if refusal is not None:
            raise BadInput(refusal.message, code=refusal.code, place=source.at(token.start))


def too_deep(place: Place) -> BadInput:
    """Make the error for nesting, wherever it is noticed."""
    message = f"Expressions nest at most {MAX_NESTING} levels deep"
    return BadInput(message, code="sql.too_deep", place=place)


def _place(text: str, start: int, clause: str | None) -> Place:
    line_start = text.rfind("\n", 0, start) + 1
    return Place(line=text.count("\n", 0, start) + 1, column=start - line_start + 1, clause=clause)


def _tokens(text: str, clause: str | None) -> tuple[Token, ...]:
    tokenizer = Dialect.get_or_raise(None).tokenizer()
    try:
        return tuple(tokenizer.tokenize(text))
    except SqlglotError:
        read = tokenizer.tokens[-1].end + 1 if tokenizer.tokens else 0
        rest = text[read:]
        raise BadInput(
            "A quote or comment that starts here does not end",
            code="sql.syntax",
            place=_place(text, len(text) - len(rest.lstrip()), clause),
        ) from None


def _check_nesting(source: Source) -> None:
    """Refuse nesting before the recursive parser meets it; a run of minuses nests, too.

    Raises:
        too_deep: `sql.too_deep`.
    """
    brackets = prefixes = minuses = 0
    for token in source.tokens:
        brackets += (token.token_type in _OPENING) - (token.token_type in _CLOSING)
        prefixes += token.token_type is TokenType.NOT
        if token.token_type in _SEPARATORS:
            prefixes = 0
        minuses = minuses + 1 if token.token_type is TokenType.DASH else 0
        if max(brackets, prefixes, minuses) > MAX_NESTING:
            raise too_deep(source.at(token.start))


def _one_statement(source: Source) -> Iterator[Token]:
    """Drop semicolons at the end; anything after one is a second statement."""
    ended = False
    for token in source.tokens:
        if token.token_type is TokenType.SEMICOLON:
            ended = True
        elif ended:
            message = "One question is one statement; a second one starts here"
            raise BadInput(message, code="sql.statements", place=source.at(token.start))
        else:
            yield token
