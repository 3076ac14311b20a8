"""A program in files becomes a message: sent as the files are, and run nowhere here."""

import ast
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.client import output
from sandbox.client.capture.entry import ENTRY
from sandbox.client.capture.modules import imported_by, refuse_client
from sandbox.errors import BadInput, Place
from sandbox.wire import AlgorithmForm, OutputForm

SUFFIX = ".py"
OUTPUT = "NAME=LOW:HIGH[,shape=2x3][,default=0][,statistic=median]"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command says of a program, its files apart."""

    dataset: str
    function: str
    outputs: Sequence[str]
    columns: Sequence[str]
    frame: str
    blocks: int | None
    seconds: str | None
    agreement: str | None = None
    purpose: str | None = None
    epsilon: str | None = None
    rho: str | None = None


def form_of(file: Path, further: Sequence[Path], asked: Asked) -> AlgorithmForm:
    """Put a program and what is asked of it into the message that a site takes.

    Raises:
        BadInput: a file is not readable, no Python, or uses this client; it has no such function;
            or an output is written wrongly.
    """
    module = file.stem if file.stem.isidentifier() else ENTRY
    sources = {name: _source(each) for each in further for name, each in _modules(each)}
    sources[module] = _source(file)
    _require_function(sources[module], file, asked.function)
    return AlgorithmForm(
        dataset=asked.dataset,
        modules=sources,
        module=module,
        function=asked.function,
        outputs=tuple(_output(index, text) for index, text in enumerate(asked.outputs)),
        frame=asked.frame,
        columns=tuple(asked.columns),
        blocks=asked.blocks,
        seconds=asked.seconds,
        agreement=asked.agreement,
        purpose=asked.purpose,
        epsilon=asked.epsilon,
        rho=asked.rho,
    )


def _modules(path: Path) -> Iterator[tuple[str, Path]]:
    """Give a file by its module's name; of a folder, all modules of the package that it is."""
    if not path.is_dir():
        yield path.stem, path
        return
    for file in sorted(path.rglob(f"*{SUFFIX}")):
        parts = file.relative_to(path.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


def _source(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
        imported = imported_by(text)
    except SyntaxError as cause:
        raise BadInput(
            "The file is no Python that this version reads",
            code="algorithm.syntax",
            place=Place(file=str(file), line=cause.lineno, column=cause.offset),
        ) from None
    except (OSError, ValueError):
        raise BadInput(
            "The file cannot be read", code="file.unreadable", place=Place(file=str(file))
        ) from None
    try:
        refuse_client(imported)
    except BadInput as wrong:
        wrong.place = Place(file=str(file))
        raise
    return text


def _require_function(text: str, file: Path, function: str) -> None:
    """Refuse a name that the file gives to nothing: each block would fail, and be paid for."""
    table = symtable.symtable(text, str(file), "exec")
    names = {symbol.get_name() for symbol in table.get_symbols() if _is_given(symbol)}
    starred = any(
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        for node in ast.walk(ast.parse(text))
    )
    if function not in names and not starred:
        raise BadInput(
            f"The file has no function {function}",
            code="algorithm.entry",
            place=Place(file=str(file)),
        )


def _is_given(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()


def _output(index: int, text: str) -> OutputForm:
    """Read one output.

    Raises:
        BadInput: code `algorithm.outputs`.
    """
    name, _, rest = text.partition("=")
    ends, *words = rest.split(",")
    low, _, high = ends.partition(":")
    said = dict(word.partition("=")[::2] for word in words)
    try:
        form = output(
            float(low),
            float(high),
            shape=[int(length) for length in filter(None, said.pop("shape", "").split("x"))],
            default=float(said.pop("default")) if "default" in said else None,
        )
    except ValueError:
        form = None
    statistic = said.pop("statistic", "mean")
    if form is None or said or not name:
        raise BadInput(
            f"An output is written {OUTPUT}",
            code="algorithm.outputs",
            place=Place(clause=f"outputs.{index}"),
        )
    return replace(form, name=name, statistic=statistic)
