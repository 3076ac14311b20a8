"""Modules of the researcher's own travel whole, with all of their own that these import in turn."""

import ast
import importlib
import pkgutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.util import find_spec, resolve_name
from pathlib import Path
from types import FunctionType, ModuleType

from sandbox.client.capture.definition import line_of
from sandbox.errors import BadInput

OURS = "sandbox"
"""The package that this is, which no box has."""
_LIBRARIES = tuple(sorted({Path(sysconfig.get_path(n)) for n in ("stdlib", "platstdlib")}))
_INSTALLED = {"site-packages", "dist-packages"}


def file_of(name: str) -> Path | None:
    """Give the file of a module of the researcher's own; None for libraries and for no module."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    file = Path(spec.origin)
    installed = _INSTALLED & set(file.parts) or any(map(file.is_relative_to, _LIBRARIES))
    return None if installed else file


def is_own(name: str) -> bool:
    """Tell modules that travel from libraries; of a package without a file, its parts decide."""
    module = sys.modules.get(name)
    bare = getattr(module, "__path__", None) is not None and not getattr(module, "__file__", None)
    return file_of(name) is not None or (bare and not _INSTALLED & set(_parts_of_path(module)))


def whole(names: Iterable[str]) -> Iterator[str]:
    """Give modules by their names, and of each package all that is below it.

    Raises:
        BadInput: code `algorithm.module`; there is no such module of one's own.
    """
    for name in names:
        try:
            module: ModuleType | None = importlib.import_module(name)
        except ImportError:
            module = None
        if module is None or not is_own(name):
            error = _unknown(name)
            raise error
        yield name
        prefix = f"{name}."
        for below in pkgutil.walk_packages(getattr(module, "__path__", []), prefix):
            yield below.name


def travelling(names: Iterable[str]) -> dict[str, str]:
    """Give the source by name of modules, their packages, and all of their own that they import.

    Raises:
        BadInput: code `algorithm.module`, one is no module of one's own; `algorithm.client`, one
            imports this client; `algorithm.changed`.
    """
    found: dict[str, str] = {}
    waiting = [part for name in names for part in _with_packages(name)]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = _source(name)
        package = name if _is_package(name) else name.rpartition(".")[0]
        imported = sorted(imported_by(found[name], package))
        refuse_client(imported)
        waiting += [part for each in imported if is_own(each) for part in _with_packages(each)]
    return found


def imported_by(text: str, package: str = "") -> set[str]:
    """Read the modules that some source text may import, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            written = "." * node.level + (node.module or "")
            base = resolve_name(written, package) if node.level and package else node.module or ""
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)} if base else set()
    return names


def refuse_client(names: Iterable[str]) -> None:
    """Refuse a program that uses this client: a box has neither it nor a network.

    Raises:
        BadInput: code `algorithm.client`.
    """
    if any(name.partition(".")[0] == OURS for name in names):
        raise BadInput(
            "The program uses sandbox.client, which no box has; keep it out of the function and "
            "of the modules that travel along",
            code="algorithm.client",
        )


def _with_packages(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _source(name: str) -> str:
    file = file_of(name)
    if file is None:
        if is_own(name):  # A package without a file: a folder of modules.
            return ""
        error = _unknown(name)
        raise error
    try:
        text = file.read_text(encoding="utf-8")
        ast.parse(text)
    except (OSError, ValueError, SyntaxError):
        error = _unknown(name)
        raise error from None
    lines = text.splitlines(keepends=True)
    for value in vars(sys.modules.get(name, ModuleType(name))).values():
        if isinstance(value, FunctionType) and value.__code__.co_filename == str(file):
            line_of(value.__code__, lines)
    return text


def _unknown(name: str) -> BadInput:
    return BadInput(
        f"{name} is no module of your own whose source could travel along", code="algorithm.module"
    )


def _is_package(name: str) -> bool:
    file = file_of(name)
    return file is None or file.name == "__init__.py"


def _parts_of_path(module: ModuleType | None) -> Iterator[str]:
    for folder in getattr(module, "__path__", []):
        yield from Path(folder).parts
