"""`@algorithm`: a function of one block of people, declared with what it gives, and its source."""

import ast
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any, Literal

from sandbox.client.capture.entry import Captured, captured
from sandbox.client.capture.names import dotted
from sandbox.client.price import Number, wire_number
from sandbox.errors import BadInput, Place
from sandbox.wire import AlgorithmForm, OutputForm

Frame = Literal["polars", "pandas"]
Range = tuple[float, float]
RANGE_ENDS = 2


def output(
    low: float,
    high: float,
    *,
    shape: int | Sequence[int] = (),
    default: float | None = None,
    statistic: Literal["mean", "median"] = "mean",
) -> OutputForm:
    """Declare an output: every value of it lies between `low` and `high`, or is moved there.

    `shape` is the length of each dimension, (3,) or 3 for a list of three, (2, 5) for a table.
    `default` stands where a block gives nothing usable; left out, it is the middle of the range.
    """
    lengths = (shape,) if isinstance(shape, int) else tuple(map(int, shape))
    stand_in = None if default is None else float(default)
    return OutputForm("", float(low), float(high), lengths, stand_in, statistic)


def algorithm(
    *,
    outputs: Mapping[str, Range | OutputForm],
    frame: Frame = "polars",
    columns: Sequence[str] | None = None,
    blocks: int | None = None,
    seconds: Number | None = None,
    modules: Sequence[str | ModuleType] = (),
) -> Callable[[Callable[..., Any]], "Algorithm"]:
    """Declare a function of one block of rows that gives a dict of numbers, arrays or tables.

    `outputs` says each one's range, as `(low, high)` or by `output(...)`. Left out, `columns` are
    all open ones, and `blocks` and `seconds` (what each block takes) are the site's to choose.
    `modules` names modules of one's own that travel along though no import statement shows it.

    Raises:
        BadInput: code `output.range`; an output has no range.
    """
    declared = tuple(_declared(name, given) for name, given in outputs.items())
    names = tuple(each if isinstance(each, str) else each.__name__ for each in modules)
    form = AlgorithmForm(
        dataset="",
        modules={},
        module="",
        function="",
        outputs=declared,
        frame=frame,
        columns=tuple(columns or ()),
        blocks=blocks,
        seconds=wire_number(seconds),
    )
    return _Declaration(form, names)


class Algorithm:
    """A function that can be tried on one's own frames, and sent as text to run beside data."""

    def __init__(
        self, function: Callable[..., Any], form: AlgorithmForm, modules: Sequence[str]
    ) -> None:
        """Keep the function; its source is read when it is sent, as what it calls is then."""
        self._function = function
        self._form = form
        self._further = tuple(modules)
        functools.update_wrapper(self, function)

    def __call__(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401  (the function's own)
        """Call the function here, on rows of one's own."""
        return self._function(*given, **named)

    def __repr__(self) -> str:
        """Name the function and its outputs."""
        names = ", ".join(each.name for each in self.outputs)
        return f"<Algorithm {getattr(self._function, '__name__', '?')}: {names}>"

    @property
    def outputs(self) -> tuple[OutputForm, ...]:
        """What it promises to give."""
        return self._form.outputs

    @property
    def source(self) -> str:
        """The module that will be sent, with the function and all that it uses; see `modules`.

        Raises:
            BadInput: a code `algorithm.*`; something that it uses cannot travel.
        """
        program = self._captured()
        return program.modules[program.module]

    @property
    def modules(self) -> Mapping[str, str]:
        """The source of every module that will be sent, by name.

        Raises:
            BadInput: see `source`.
        """
        return self._captured().modules

    def form(
        self,
        dataset: str,
        *,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
    ) -> AlgorithmForm:
        """Write the message that a site is sent.

        Raises:
            BadInput: see `source`.
        """
        program = self._captured()
        return replace(
            self._form,
            dataset=dataset,
            modules=dict(program.modules),
            module=program.module,
            function=program.function,
            agreement=agreement,
            purpose=purpose,
            epsilon=wire_number(epsilon),
            rho=wire_number(rho),
        )

    def _captured(self) -> Captured:
        scope = getattr(self._function, "__globals__", {})
        return captured(self._function, self._further, lambda node: _declares(node, scope))


class _Declaration:
    """What `algorithm(...)` gives: put over a function, it makes an `Algorithm`."""

    def __init__(self, form: AlgorithmForm, modules: Sequence[str]) -> None:
        self._form = form
        self._modules = modules

    def __call__(self, function: Callable[..., Any]) -> Algorithm:
        return Algorithm(function, self._form, self._modules)


def _declares(node: ast.expr, scope: Mapping[str, Any]) -> bool:
    """Tell a decorator that is ours, under whatever name: it stays behind."""
    called = isinstance(node, ast.Call)
    root, *parts = dotted(node.func if isinstance(node, ast.Call) else node) or ("",)
    value = scope.get(root)
    for part in parts:
        value = getattr(value, part, None)
    return value is algorithm if called else isinstance(value, _Declaration)


def _declared(name: str, given: Range | OutputForm) -> OutputForm:
    if isinstance(given, OutputForm):
        form = replace(given, name=name)
    elif len(given) == RANGE_ENDS:
        form = replace(output(*given), name=name)
    else:
        raise _no_range(name)
    if not (math.isfinite(form.low) and math.isfinite(form.high) and form.low < form.high):
        raise _no_range(name)
    return form


def _no_range(name: str) -> BadInput:
    return BadInput(
        f"Output {name} has no finite range; write (low, high) or dr.output(low, high, ...)",
        code="output.range",
        place=Place(clause=f"outputs.{name}"),
    )
