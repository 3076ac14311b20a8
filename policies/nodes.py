"""YAML text as nodes, read so that no document can grow, run code or exhaust the stack.

Aliases, anchors and tags are refused: they let a document mean something else than it seems to
say. Reading goes on behind them, so that the owner hears of everything at once.
"""

from typing import NamedTuple, Protocol

import yaml
from yaml.reader import ReaderError

from policies.errors import PolicyError, Unreadable

MAX_BYTES = 256 * 1024
"""Size of a document; the longest real one is a tenth of it."""
MAX_DEPTH = 16
"""Lists and mappings inside each other; the schema itself needs six."""


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


def compose(source: str | bytes) -> tuple[yaml.Node, list[PolicyError]]:
    """Read one document; give its root, and what was wrong but did not stop the reading.

    Raises:
        Unreadable: too large, not UTF-8, not YAML, too deep, empty, or several documents.
    """
    text = _text(source)
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except ReaderError as error:
        at = _place_at(text, error.position)
        raise Unreadable("policy.encoding", "Control characters are not allowed", *at) from None
    except yaml.MarkedYAMLError as error:
        raise Unreadable(
            "policy.syntax", f"Not YAML: {error.problem}"[:200], *place(error.problem_mark)
        ) from None
    except (ValueError, OverflowError):
        # PyYAML hands absurd escapes and version numbers to chr() and int() unchecked.
        raise Unreadable(
            "policy.syntax", "Not YAML: an escape or directive is out of range"
        ) from None
    if node is None:
        raise Unreadable("policy.empty", "The document is empty")
    return node, loader.errors


class Mark(Protocol):
    """What the parser notes of a place: lines and columns from 0."""

    line: int
    column: int


def place(mark: Mark | None) -> Place:
    """Count lines and columns from 1, as editors do; an unmarked event is the document's start."""
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


class _Loader(yaml.SafeLoader):
    """Composes nodes, and turns what it must not follow into errors."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.errors: list[PolicyError] = []
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node after looking at how it is introduced.

        Raises:
            Unreadable: the node lies too deep.
        """
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it bare
        if isinstance(event, yaml.AliasEvent):
            self._refuse("policy.alias", "Aliases are not allowed; write the clause out", event)
            marks = event.start_mark, event.end_mark
            self.current_event = event = yaml.ScalarEvent(None, None, (True, False), "", *marks)
        if event.anchor is not None:
            self._refuse("policy.alias", "Anchors are not allowed", event)
            self.anchors.clear()
        if event.tag is not None:
            self._refuse("policy.tag", "Tags are not allowed; write the plain value", event)
        if isinstance(event, yaml.CollectionStartEvent) and self._depth == MAX_DEPTH:
            message = f"Lists and mappings lie at most {MAX_DEPTH} levels deep"
            raise Unreadable("policy.depth", message, *place(event.start_mark))
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _refuse(self, code: str, message: str, event: yaml.Event) -> None:
        """Record an error that reading can go on behind."""
        self.errors.append(PolicyError(code, "", message, *place(event.start_mark)))


def _text(source: str | bytes) -> str:
    """Check size and encoding.

    Raises:
        Unreadable: too large, or not UTF-8.
    """
    try:
        encoded = source.encode() if isinstance(source, str) else source
        text = encoded.decode()
    except UnicodeError:
        raise Unreadable("policy.encoding", "The document is not UTF-8") from None
    if len(encoded) > MAX_BYTES:
        raise Unreadable("policy.size", f"A policy has at most {MAX_BYTES // 1024} KiB")
    return text


def _place_at(text: str, position: int) -> Place:
    """Count the lines before a character."""
    before = text[:position].split("\n")
    return Place(len(before), len(before[-1]) + 1)
