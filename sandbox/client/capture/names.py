"""Which names of its module a piece of source text uses, read from what Python makes of it."""

import __future__

import ast
import dis
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import CO_OPTIMIZED
from types import CodeType

UNEVALUATED: int = __future__.annotations.compiler_flag
"""Compiles annotations to text that nobody looks up."""
_GLOBAL = "LOAD_GLOBAL"
_LOADED = {_GLOBAL, "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are looked up in the module."""

    eager: frozenset[str]
    """When the text itself is run: decorators, defaults, bases, the bodies of classes."""
    late: frozenset[str]
    """When its functions are called."""
    hints: frozenset[str]
    """In annotations only."""
    chains: frozenset[tuple[str, ...]]
    """Dotted names, such as `("scipy", "stats", "linregress")`."""


def names_in(text: str) -> Names:
    """Read the names that some source text uses, but for Python's own double-underscored ones."""
    strict = list(_looked_up(_compiled(text, UNEVALUATED), eager=True))
    hinted = {name for name, _ in _looked_up(_compiled(text, 0), eager=True)}
    eager = frozenset(name for name, at_once in strict if at_once)
    late = frozenset(name for name, _ in strict) - eager
    return Names(eager, late, frozenset(hinted) - eager - late, frozenset(_chains(text)))


def _compiled(text: str, flags: int) -> CodeType:
    code: CodeType = compile(text, "<text>", "exec", flags=flags, dont_inherit=True)
    return code


def _looked_up(code: CodeType, *, eager: bool) -> Iterator[tuple[str, bool]]:
    """Give each name that code looks up in its module, and whether at once."""
    steps = list(dis.get_instructions(code))
    own = {step.argval for step in steps if step.opname == "STORE_NAME"}
    for step in steps:
        mine = step.argval in own and step.opname != _GLOBAL
        if step.opname in _LOADED and not mine and not step.argval.startswith("__"):
            yield step.argval, eager
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            # The body of a class is run with the statement, that of a function is not.
            yield from _looked_up(inner, eager=eager and not inner.co_flags & CO_OPTIMIZED)


def _chains(text: str) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and (chain := dotted(node)):
            yield chain


def dotted(node: ast.expr) -> tuple[str, ...]:
    """Read a dotted name; empty for any other expression."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        root = dotted(node.value)
        return (*root, node.attr) if root else ()
    return ()
