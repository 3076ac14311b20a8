"""A policy document as text, lists and mappings, with the place of every clause.

Scalars stay the text that was written, so `1e-9` is exact and `no` is not a boolean.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from policies.clause import Path
from policies.errors import PolicyError, dotted
from policies.nodes import Place, compose, place

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What a clause holds before the schema reads it."""


class Spot(NamedTuple):
    """Where a clause stands."""

    name: Place
    """Of its key; in a list, of its value."""
    value: Place
    """Of its value where that is a scalar; else of its name, since a block starts a line later."""


@dataclass(slots=True)
class Document:
    """What was read, where it stands, and what was wrong with it as YAML."""

    content: Plain = ""
    spots: dict[Path, Spot] = field(default_factory=dict)
    errors: list[PolicyError] = field(default_factory=list)

    def spot(self, path: Path) -> Spot:
        """Find a clause, or the innermost one around it that stands in the document."""
        while path not in self.spots:
            path = path[:-1]
        return self.spots[path]


def read(source: str | bytes) -> Document:
    """Read one document.

    Raises:
        PolicyErrors: it cannot be read as YAML to its end; see `policies.nodes`.
    """
    root, errors = compose(source)
    document = Document(errors=errors)
    document.content = _plain(document, root, (), place(root.start_mark))
    return document


def _plain(document: Document, node: yaml.Node, path: Path, name: Place) -> Plain:
    """Turn a node and all below it into plain values, and note their places.

    The composer bounds the depth, and hence this recursion.
    """
    scalar = isinstance(node, yaml.ScalarNode)
    document.spots[path] = Spot(name, place(node.start_mark) if scalar else name)
    if isinstance(node, yaml.MappingNode):
        return _mapping(document, node, path)
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(document, item, (*path, index), place(item.start_mark))
            for index, item in enumerate(node.value)
        ]
    return str(node.value)


def _mapping(document: Document, node: yaml.MappingNode, path: Path) -> dict[str, Plain]:
    """Read a mapping; of a repeated key the first counts, so that the rest is still checked."""
    content: dict[str, Plain] = {}
    for key, value in node.value:
        at = place(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            _refuse(document, "policy.key", path, "The name of a clause must be plain text", at)
        elif key.value in content:
            below = (*path, key.value)
            _refuse(document, "policy.duplicate", below, "This clause stands here already", at)
        else:
            content[key.value] = _plain(document, value, (*path, key.value), at)
    return content


def _refuse(document: Document, code: str, path: Path, message: str, at: Place) -> None:
    """Record an error that reading can go on behind."""
    document.errors.append(PolicyError(code, dotted(path), message, *at))
