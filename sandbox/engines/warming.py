"""Which libraries a box imports before it has its job: those that the program's text names.

The text is a stranger's, and this is a hint that saves time and no more. So it is looked through
with a pattern, line by line: no parser of Python's is given to chew on it in the site's process,
and nothing but a name from this list is ever imported ahead.
"""

import re
from collections.abc import Iterator
from functools import cache

from sandbox.isolation.environment import packages
from sandbox.model.program import Frame, Program

LIBRARIES = {"sklearn": "scikit-learn"}
"""Packages by the name that they are imported by, where that is another."""
KNOWN = (
    "numpy", "numpy.linalg", "polars", "pandas", "scipy", "scipy.linalg", "scipy.optimize",
    "scipy.special", "scipy.stats", "sklearn", "sklearn.cluster", "sklearn.decomposition",
    "sklearn.ensemble", "sklearn.linear_model", "sklearn.metrics", "sklearn.model_selection",
    "sklearn.neighbors", "sklearn.pipeline", "sklearn.preprocessing", "sklearn.svm",
    "sklearn.tree", "statsmodels", "statsmodels.api", "statsmodels.formula.api",
)  # fmt: skip
"""Modules that may be imported ahead; a part of a library is imported with the library."""
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]{1,80})[ \t]+)?import[ \t]+(.{1,400})", re.MULTILINE
)
_FRAMES = {Frame.POLARS: ("polars",), Frame.PANDAS: ("polars", "numpy", "pandas"), Frame.BYTES: ()}
"""What the guest itself needs for a block."""


def warm_modules(program: Program) -> tuple[str, ...]:
    """Name what a box for this program imports while it waits, in one order for every box."""
    named = {name for source in program.modules.values() for name in _named(source)}
    wanted = named.union(_FRAMES[program.frame])
    return tuple(name for name in _installed() if name in wanted)


def _named(source: str) -> Iterator[str]:
    """Give each module that the text seems to import, its own parts among them."""
    for found in _IMPORT.finditer(source):
        above = f"{found[1]}." if found[1] else ""
        if found[1]:
            yield found[1]
        for part in found[2].strip("( ").split(","):
            words = part.split()
            if words:
                yield above + words[0].strip("()")


@cache
def _installed() -> tuple[str, ...]:
    """Leave out what this site does not have."""
    had = packages()
    tops = {name: name.split(".", 1)[0] for name in KNOWN}
    return tuple(name for name, top in tops.items() if LIBRARIES.get(top, top) in had)
