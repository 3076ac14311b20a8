"""Plants one bug: the module that has it is read from its file, changed, and run in its place.

`PLANTED` in the environment names the bug, and `tests/conftest.py` has it planted before any module
of ours is loaded. Files are not touched.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from tests.zoo.bugs import BUGS, Bug

NAME = "PLANTED"


class Planted(SourceFileLoader):
    """Loads a module with a bug in it."""

    def __init__(self, spec: ModuleSpec, bug: Bug) -> None:
        super().__init__(spec.name, spec.origin or "")
        self._bug = bug

    def get_code(self, fullname: str) -> CodeType:
        """Compile the changed source; bytecode of the sound one is not looked at."""
        text = self.get_source(fullname) or ""
        return self.source_to_code(self._bug.planted(fullname, text), self.path)


class Finder(MetaPathFinder):
    """Finds the modules that a bug changes, and leaves all others to Python."""

    def __init__(self, bug: Bug) -> None:
        self._bug = bug

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give a module of ours a loader that plants the bug."""
        if fullname not in self._bug.modules:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None:
            spec.loader = Planted(spec, self._bug)
        return spec


def plant() -> None:
    """Plant the bug that the environment names, if it names one.

    Raises:
        RuntimeError: a module that it changes is loaded already.
    """
    if NAME not in os.environ:
        return
    bug = BUGS[os.environ[NAME]]
    if bug.modules & sys.modules.keys():
        raise RuntimeError("too late to plant a bug")
    sys.meta_path.insert(0, Finder(bug))
