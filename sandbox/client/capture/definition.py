"""The source text of a function or class, as it was typed: from a file, or from a notebook's cell.

The text is compiled again and compared with what runs here, so that what is sent is what was tried.
"""

import ast
import inspect
import linecache
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType

from sandbox.client.capture.names import UNEVALUATED
from sandbox.errors import BadInput

Ignored = Callable[[ast.expr], bool]
"""Tells the decorators that stay behind."""


def function_text(function: FunctionType, ignored: Ignored) -> str:
    """Give a function's definition without the decorators that are to stay behind.

    Raises:
        BadInput: code `algorithm.lambda`, `algorithm.no_source` or `algorithm.changed`.
    """
    code = function.__code__
    if code.co_name == "<lambda>":
        raise BadInput(
            "A lambda cannot be sent; define the function with def", code="algorithm.lambda"
        )
    lines = _lines_of(code, function.__name__)
    line = line_of(code, lines)
    node = next(node for node in _definitions(lines) if _first_line(node) == line)
    return _segment(node, lines, ignored)


def class_text(kind: type, ignored: Ignored) -> str:
    """Give a class's definition.

    Raises:
        BadInput: code `algorithm.no_source` or `algorithm.changed`.
    """
    methods = [function.__code__ for function in _methods(kind)]
    for lines in _places(kind, methods):
        for node in _definitions(lines):
            if isinstance(node, ast.ClassDef) and node.name == kind.__name__ and _fits(node, kind):
                for code in methods:
                    line_of(code, lines)
                return _segment(node, lines, ignored)
    error = _no_source(kind.__name__)
    raise error


def line_of(code: CodeType, lines: Sequence[str]) -> int:
    """Give the line of a text in which a function begins that does just what runs here.

    Raises:
        BadInput: code `algorithm.changed`; the file was edited after it had been loaded.
    """
    # Annotations that are text leave a flag; code at the top of a cell may also await.
    flags = code.co_flags & UNEVALUATED
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        whole = compile("".join(lines), "<text>", "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        found: list[int] = []
    else:
        found = [other.co_firstlineno for other in _inner(whole) if _alike(code, other)]
    if not found:
        raise BadInput(
            f"The file of {code.co_name} was edited after it was loaded; load it again",
            code="algorithm.changed",
        )
    line: int = code.co_firstlineno
    return line if line in found else found[-1]


def _lines_of(code: CodeType, name: str) -> list[str]:
    try:
        return inspect.findsource(code)[0]
    except (OSError, TypeError):
        error = _no_source(name)
        raise error from None


def _no_source(name: str) -> BadInput:
    return BadInput(
        f"The source of {name} is not to be found; define it in a cell or in a file",
        code="algorithm.no_source",
    )


def _definitions(lines: Sequence[str]) -> Iterator[ast.stmt]:
    """Give all definitions in a text, those that stand last first."""
    nodes = ast.walk(ast.parse("".join(lines)))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return iter(sorted((node for node in nodes if isinstance(node, kinds)), key=_first_line)[::-1])


def _first_line(node: ast.stmt) -> int:
    above: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in above)])


def _segment(node: ast.stmt, lines: Sequence[str], ignored: Ignored) -> str:
    """Cut a definition out, letter for letter; an indented one is put under an `if`."""
    kept = [each for each in getattr(node, "decorator_list", []) if not ignored(each)]
    spans = [(each.lineno, each.end_lineno) for each in kept] + [(node.lineno, node.end_lineno)]
    text = "".join("".join(lines[first - 1 : last]) for first, last in spans).rstrip() + "\n"
    return f"if True:\n{text}" if text[0].isspace() else text


def _methods(kind: type) -> Iterator[FunctionType]:
    """Give the methods that were typed in a class's body."""
    for name, value in vars(kind).items():
        inner = getattr(value, "fget", None) or getattr(value, "__func__", value)
        function = inspect.unwrap(inner)
        typed = isinstance(function, FunctionType) and not _generated(function)
        if typed and function.__qualname__ == f"{kind.__qualname__}.{name}":
            yield function


def _generated(function: FunctionType) -> bool:
    """Tell what a data class, a named tuple or attrs has made; cells have names in `<>` too."""
    return function.__code__.co_filename.startswith(("<string>", "<attrs"))


def _places(kind: type, methods: Sequence[CodeType]) -> Iterator[Sequence[str]]:
    """Give the texts that may have a class: its methods', its module's, or a cell, newest first."""
    if methods:
        yield _lines_of(methods[0], kind.__name__)
        return
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    if file:
        linecache.checkcache(file)
        yield linecache.getlines(file)
        return
    cells = [name for name in linecache.cache if not os.path.exists(name)]  # noqa: PTH110  (no path)
    yield from map(linecache.getlines, reversed(cells))


def _fits(node: ast.ClassDef, kind: type) -> bool:
    """Tell whether a class has all the names that a definition's body gives."""
    return all(hasattr(kind, name) or name in kind.__annotations__ for name in _given(node))


def _given(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        match each:
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case _:
                pass


def _inner(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _inner(each)


def _alike(one: object, other: object) -> bool:
    """Compare code by what it does; elsewhere the same lines have other numbers."""
    if not (isinstance(one, CodeType) and isinstance(other, CodeType)):
        same = one == other if isinstance(one, frozenset) else repr(one) == repr(other)
        return type(one) is type(other) and same
    return (
        (one.co_name, one.co_code, one.co_names, one.co_varnames)
        == (other.co_name, other.co_code, other.co_names, other.co_varnames)
        and len(one.co_consts) == len(other.co_consts)
        and all(map(_alike, one.co_consts, other.co_consts))
    )
