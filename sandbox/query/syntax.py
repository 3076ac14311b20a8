"""Parses SQL into a syntax tree, and points at whatever in it cannot be used.

The parser is sqlglot's; it only parses, and nothing that it raises or logs gets past this module.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from sqlglot import Token, TokenType, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, ParseError

from sandbox.errors import BadInput, Place
from sandbox.query.refused import REFUSED_NODES, Refusal
from sandbox.query.tokens import Source, read_source, refuse_tokens, too_deep
from sandbox.query.wording import SUPPORTED, SUPPORTED_CONDITIONS, shown

# The parser warns of statements that it only half knows, quoting them; a site's log is no place
# for researchers' SQL.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A syntax tree with the text that it came from."""

    tree: exp.Expr
    source: Source

    @property
    def start(self) -> Place:
        """Point at the first character of the tree."""
        return self.place(self.tree)

    def part(self, node: exp.Expr) -> "Parsed":
        """Give a part of the tree, from the same text."""
        return Parsed(node, self.source)

    def place(self, node: exp.Expr) -> Place:
        """Point at the first character of a node."""
        return self.source.at(_start(node))

    def refuse(self, node: exp.Expr) -> NoReturn:
        """Say why a node is not in the subset.

        Raises:
            BadInput: always; the code names the construct, `sql.unsupported` where none fits.
        """
        refusal = next((one for one in REFUSED_NODES if isinstance(node, one.nodes)), None)
        if refusal is None:
            supported = SUPPORTED_CONDITIONS if isinstance(node, exp.Condition) else SUPPORTED
            message = f"This is outside the SQL that is understood here; {supported}"
            raise BadInput(message, code="sql.unsupported", place=self.place(node))
        raise BadInput(refusal.message, code=refusal.code, place=self._mark(refusal, node))

    def refuse_parts(self, node: exp.Expr, *known: str) -> None:
        """Let a node have no other parts than these: what is not understood is never dropped.

        Raises:
            BadInput: there is another part.
        """
        for name, value in node.args.items():
            if value and name not in known:
                part = value[0] if isinstance(value, list) else value
                self.refuse(part if isinstance(part, exp.Expr) else node)

    def _mark(self, refusal: Refusal, node: exp.Expr) -> Place:
        """Point at the construct's keyword, the last before the node or the first after."""
        start = _start(node)
        marks = [one.start for one in self.source.tokens[1:] if one.token_type in refusal.tokens]
        before = [mark for mark in marks if mark <= start]
        return self.source.at((before[-1:] or marks or [start])[0])


def statement(text: str) -> Parsed:
    """Parse one SELECT.

    Raises:
        BadInput: `sql.not_select`, `sql.syntax`, the code of a construct that is refused, or as
            `read_source` does.
    """
    source = read_source(text)
    for tokens in _statements(source):
        first = tokens[0]
        if first.token_type is not TokenType.SELECT:
            refuse_tokens(source, tokens[:1])
            message = f"A question starts with SELECT; {SUPPORTED}"
            raise BadInput(message, code="sql.not_select", place=source.at(first.start))
        refuse_tokens(source, tokens[1:])
    return _parse(source, None)


def _statements(source: Source) -> Iterator[tuple[Token, ...]]:
    """Give the tokens of each SELECT: of WITH, what is in its brackets and what follows them."""
    head = tuple(token.token_type for token in source.tokens[: len(_WITH)])
    if head[:1] + head[2:] != _WITH[:1] + _WITH[2:]:
        yield source.tokens
        return
    rest = source.tokens[len(_WITH) - 1 :]
    depth = 0
    for at, token in enumerate(rest):
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if depth < 0 and rest[at + 1 :]:
            yield rest[:at]
            yield rest[at + 1 :]
            return
    yield source.tokens


_WITH = (
    *(TokenType.WITH, TokenType.VAR, TokenType.ALIAS),
    *(TokenType.L_PAREN, TokenType.SELECT),
)
"""How WITH begins; its name may be any one token."""


def condition(text: str, clause: str) -> Parsed:
    """Parse one condition of a builder question; `clause` is its field, `where.0`.

    Raises:
        BadInput: as `statement` does.
    """
    source = read_source(text, clause)
    refuse_tokens(source, source.tokens)
    return _parse(source, exp.Condition)


def _start(node: exp.Expr) -> int:
    """Give the offset of a node's first character, or of the nearest node around it with one."""
    around: exp.Expr | None = node
    while around is not None:
        starts = [part.meta["start"] for part in around.walk() if "start" in part.meta]
        if starts:
            return int(around.meta.get("start", min(starts)))
        around = around.parent
    return 0


def _parse(source: Source, into: type[exp.Condition] | None) -> Parsed:
    """Run the parser; whatever it raises is about the text."""
    parser = Dialect.get_or_raise(None).parser(error_level=ErrorLevel.IMMEDIATE)
    tokens = list(source.tokens)
    try:
        if into is None:
            trees = parser.parse(tokens, source.text)
        else:
            trees = parser.parse_into(into, tokens, source.text)
    except ParseError as error:
        raise _syntax_error(error, source) from None
    except RecursionError:
        raise too_deep(source.at(0)) from None
    except Exception:  # noqa: BLE001  (a foreign parser on hostile text; none of it may pass)
        message = f"This cannot be read as SQL; {SUPPORTED}"
        raise BadInput(message, code="sql.syntax", place=source.at(0)) from None
    tree = trees[0] if trees else None
    if tree is None:
        message = f"There is no SQL here; {SUPPORTED}"
        raise BadInput(message, code="sql.syntax", place=source.at(0))
    return Parsed(tree, source)


def _syntax_error(error: ParseError, source: Source) -> BadInput:
    """Take the place, not the words, from the parser: its words name its own classes."""
    first = error.errors[0]
    token = first["highlight"] or ""
    place = Place(
        line=first["line"],
        column=max(1, first["col"] - max(len(token) - 1, 0)),
        clause=source.clause,
    )
    message = f"This cannot be read as SQL at {shown(token)}; {SUPPORTED}"
    return BadInput(message, code="sql.syntax", place=place)
