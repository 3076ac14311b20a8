"""A notebook's cells, run by IPython itself."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

Cell = Callable[[str], dict[str, Any]]
"""Runs a cell's text and gives the names that there are then."""


@contextmanager
def notebook() -> Iterator[Cell]:
    """Open a notebook; while it is open, its names are those of `__main__`."""
    shell: Any = InteractiveShell(colors="nocolor")  # type: ignore[no-untyped-call]

    def run(text: str) -> dict[str, Any]:
        shell.run_cell(text).raise_error()
        found: dict[str, Any] = shell.user_ns
        return found

    main = sys.modules["__main__"]
    sys.modules["__main__"] = shell.user_module
    try:
        yield run
    finally:
        sys.modules["__main__"] = main
