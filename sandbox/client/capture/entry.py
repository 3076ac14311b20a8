"""A function and what it uses become one module of source text, and the modules that go with it.

The text has the imports, the constants, and the functions and classes that the function uses, each
as it was typed, and nothing else of its module; so what else stands in a notebook changes nothing.
Annotations are not evaluated there. Whatever cannot travel as text is named in an error.
"""

import builtins
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

from sandbox.client.capture import modules
from sandbox.client.capture.definition import Ignored, class_text, function_text
from sandbox.client.capture.literal import literal
from sandbox.client.capture.names import Names, names_in
from sandbox.errors import BadInput

ENTRY = "program"
"""Name of the module that has the function."""
HEAD = "from __future__ import annotations\n"
NOTEBOOK = "__main__"


@dataclass(frozen=True, slots=True)
class Captured:
    """A program as text."""

    module: str
    """The one that has the function."""
    function: str
    modules: Mapping[str, str]
    """Source by name."""


def captured(function: Callable[..., Any], further: Iterable[str], ignored: Ignored) -> Captured:
    """Write a function down with all that it uses and with `further` modules by name.

    Raises:
        BadInput: a code `algorithm.*`; something cannot travel, and is named.
    """
    if not isinstance(function, FunctionType):
        raise BadInput("An algorithm is a function defined with def", code="algorithm.function")
    notes = _Notes(function.__module__, ignored)
    notes.define(function.__name__, function)
    own = modules.travelling({*modules.whole(further), *notes.modules})
    entry = ENTRY
    while entry in own:
        entry += "_"
    return Captured(entry, function.__name__, {entry: notes.text(function.__name__), **own})


@dataclass(slots=True)
class _Definition:
    text: str
    names: Names


@dataclass(slots=True)
class _Notes:
    """What was found so far."""

    home: str
    """The module whose functions and classes are copied; those of others are imported."""
    ignored: Ignored
    imports: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, _Definition] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    seen: dict[str, object] = field(default_factory=dict)

    def define(self, name: str, value: FunctionType | type) -> None:
        """Note a definition, and all that it uses."""
        if isinstance(value, FunctionType):
            text, scope = function_text(value, self.ignored), value.__globals__
            _refuse_closure(value)
        else:
            text, scope = class_text(value, self.ignored), vars(sys.modules[value.__module__])
        names = names_in(text)
        imported = modules.imported_by(text)
        modules.refuse_client(imported)
        self.modules |= {each for each in imported if modules.is_own(each)}
        self.seen[name] = value
        self.definitions[name] = _Definition(text, names)
        for each in sorted(names.eager | names.late):
            self._use(each, scope)
        for each in sorted(names.hints):
            self._hint(each, scope)
        for chain in sorted(names.chains):
            self._follow(chain, scope)

    def text(self, entry: str) -> str:
        """Write the module: imports, constants, then each definition after those that it needs."""
        order: list[str] = []
        for name in [*sorted(self.definitions.keys() - {entry}), entry]:
            self._place(name, order, frozenset())
        head = HEAD + "".join(f"{line}\n" for line in sorted(self.imports))
        constants = "".join(f"{name} = {text}\n" for name, text in sorted(self.constants.items()))
        parts = [head, constants, *("\n" + self.definitions[name].text for name in order)]
        return "\n".join(part for part in parts if part)

    def _use(self, name: str, scope: Mapping[str, Any]) -> None:
        """Note whatever a name stands for."""
        if name not in scope:
            if hasattr(builtins, name):
                return
            raise BadInput(f"{name} is not defined here", code="algorithm.undefined")
        value = scope[name]
        if name in self.seen:
            if _bare(self.seen[name]) is not _bare(value):
                raise BadInput(f"{name} stands for two things here", code="algorithm.two_things")
            return
        if isinstance(value, ModuleType):
            self._import_module(name, value)
        elif not self._note_constant(name, value):
            self._note_object(name, value)
        self.seen[name] = value

    def _hint(self, name: str, scope: Mapping[str, Any]) -> None:
        """Note what an annotation names, where it is imported; nothing evaluates it.

        Data classes look for `ClassVar` in their module, so what can be had is had.
        """
        if not self._is_home(scope.get(name)):
            with suppress(BadInput):
                self._use(name, scope)

    def _note_constant(self, name: str, value: object) -> bool:
        try:
            self.constants[name] = literal(value)
        except (TypeError, RecursionError):
            return False
        return True

    def _note_object(self, name: str, value: Any) -> None:  # noqa: ANN401  (anything)
        if self._is_home(value):
            inner = _bare(value)
            self.define(inner.__name__, inner)
            if inner.__name__ != name:
                self.definitions[name] = _alias(name, inner.__name__)
            return
        home = next(_homes(value, name), None)
        if home is None:
            raise BadInput(_cannot_travel(name, value), code="algorithm.name")
        module, there = home
        modules.refuse_client([module])
        self.imports.add(f"from {module} import {there}" + ("" if there == name else f" as {name}"))
        if modules.is_own(module):
            self.modules.add(module)

    def _is_home(self, value: Any) -> bool:  # noqa: ANN401  (anything)
        """Tell what was defined beside the function, whatever decorates it."""
        inner = _bare(value)
        defined = isinstance(inner, FunctionType | type)
        return defined and inner.__module__ in {self.home, NOTEBOOK}

    def _import_module(self, name: str, value: ModuleType) -> None:
        modules.refuse_client([value.__name__])
        self.imports.add(_import(value.__name__, name))
        if modules.is_own(value.__name__):
            self.modules.add(value.__name__)

    def _follow(self, chain: tuple[str, ...], scope: Mapping[str, Any]) -> None:
        """Import the modules below a module that are reached by its name, as in `scipy.stats`."""
        value = scope.get(chain[0]) if self.seen.get(chain[0]) is not None else None
        for part in chain[1:]:
            if not isinstance(value, ModuleType):
                return
            inner = getattr(value, part, None)
            if not isinstance(inner, ModuleType) or inner.__name__ != f"{value.__name__}.{part}":
                return
            value = inner
            self.imports.add(f"import {value.__name__}")
            if modules.is_own(value.__name__):
                self.modules.add(value.__name__)

    def _place(self, name: str, order: list[str], under: frozenset[str]) -> None:
        """Put a definition after all that has to work when its statement is run."""
        if name in order or name in under or name not in self.definitions:
            return
        for each in sorted(self._needed(name)):
            self._place(each, order, under | {name})
        order.append(name)

    def _needed(self, name: str) -> set[str]:
        """Give what a definition uses at once, and what that uses, at once or later."""
        needed: set[str] = set()
        waiting = set(self.definitions[name].names.eager)
        while waiting:
            each = waiting.pop()
            if each in self.definitions and each not in needed:
                needed.add(each)
                names = self.definitions[each].names
                waiting |= names.eager | names.late
        return needed - {name}


def _bare(value: Any) -> Any:  # noqa: ANN401  (anything)
    """Give what decorators were put over."""
    return inspect.unwrap(value) if callable(value) else value


def _refuse_closure(function: FunctionType) -> None:
    free = function.__code__.co_freevars
    if free:
        raise BadInput(
            f"{function.__name__} uses {', '.join(free)} of the function around it; "
            "define both at the top of a cell or file",
            code="algorithm.closure",
        )


def _alias(name: str, target: str) -> _Definition:
    text = f"{name} = {target}\n"
    return _Definition(text, names_in(text))


def _import(module: str, name: str) -> str:
    return f"import {module}" if module == name else f"import {module} as {name}"


def _homes(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Give the modules that a thing can be imported from, the shortest name first."""
    for path in (getattr(value, "__module__", None), type(value).__module__):
        parts = path.split(".") if isinstance(path, str) else []
        for end in range(1, len(parts) + 1):
            module = ".".join(parts[:end])
            for there in (getattr(value, "__name__", name), name):
                if getattr(sys.modules.get(module), str(there), None) is value:
                    yield module, str(there)


def _cannot_travel(name: str, value: object) -> str:
    kind = type(value).__name__
    return (
        f"{name} is a {kind}, which cannot be sent as text: use numbers, text and lists, tuples "
        "or dicts of them, make it inside the function, or put it into a module of its own"
    )
