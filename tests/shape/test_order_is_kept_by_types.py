"""Who may make what: the promises that Python's types alone cannot keep."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("sandbox", "policies", "connectors")

MAKERS = {
    "Reservation": {"sandbox/flow/reserve.py"},
    "BoundedSum": {"sandbox/engines/local.py", "sandbox/engines/blocks.py"},
    "Measurement": {"sandbox/privacy/door.py"},
    "add_noise": {"sandbox/privacy/door.py"},
    "noisy_max": {"sandbox/privacy/door.py"},
    "measure": {"sandbox/flow/release.py"},
    "PricedPlan": {"sandbox/privacy/price.py"},
    "PricedAlgorithm": {"sandbox/privacy/price.py"},
}
"""Each name with the only modules that may call it."""


LISTS = {"wire.py", "ports.py", "entries.py", "records.py"}
"""Modules that list messages or ports, one class each; they are looked up, not read through."""


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


@pytest.mark.parametrize("name", MAKERS)
def test_only_its_maker_makes(name: str) -> None:
    makers = {path.relative_to(ROOT).as_posix() for path in modules() if name in set(calls(path))}
    assert makers == MAKERS[name]


def test_every_module_says_what_it_promises() -> None:
    silent = [
        path.name
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_modules_fit_a_few_screens_and_functions_one() -> None:
    long = []
    for path in modules():
        text = path.read_text(encoding="utf-8")
        if path.name not in LISTS and text.count("\n") > 300:
            long.append(path.relative_to(ROOT).as_posix())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 60:
                    long.append(f"{path.relative_to(ROOT).as_posix()}: {node.name}")
    assert long == []
