"""A function leaves a notebook or a file as text, with all that it uses and nothing else."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sandbox.client as dr
from sandbox.client.capture.literal import literal
from sandbox.errors import BadInput
from sandbox.isolation import guest
from tests.support.notebook import Cell, notebook

BEGIN = """\
import functools
import math
import numpy as np
import scipy
import scipy.stats
import sandbox.client as dr
from dataclasses import dataclass
from statistics import fmean as average
from typing import ClassVar
"""
DECLARED = "@dr.algorithm(outputs={'a': (0, 1)})\n"


@pytest.fixture
def cell() -> Iterator[Cell]:
    with notebook() as run:
        run(BEGIN)
        yield run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of modules of one's own."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def load(folder: Path, name: str, text: str) -> ModuleType:
    (folder / f"{name}.py").write_text(text)
    importlib.invalidate_caches()
    return importlib.import_module(name)


def run_alone(algorithm: dr.Algorithm) -> str:
    """Run what would be sent as a box does, in a process that has nothing of ours."""
    form = algorithm.form("town/clinic")
    header = {"modules": form.modules, "entry": [form.module, form.function], "frame": "bytes"}
    program = f"import guest; print(guest.run({header!r}, b''))"
    done = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(Path(guest.__file__).parent)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def refusal(algorithm: dr.Algorithm) -> BadInput:
    with pytest.raises(BadInput) as refused:
        algorithm.source  # noqa: B018  (reading is the point)
    return refused.value


def test_a_cells_function_travels_with_imports_constants_helpers_and_classes(cell: Cell) -> None:
    cell("LIMITS = {'low': [1, 2.5], 'high': (3,)}\nunused = open('/dev/null')")
    cell("@functools.lru_cache\ndef helper(n, scale=LIMITS['low'][0]):\n    return n * scale")
    cell("@dataclass\nclass Fit:\n    kinds: ClassVar[int] = 2\n    slope: float = 0.5")
    cell("class Steep(Fit):\n    def twice(self):\n        return helper(self.slope * 2)")
    names = cell(
        DECLARED + "def f(rows: dr.Answer):\n    # A remark stays.\n"
        "    line = scipy.stats.linregress(np.arange(3), np.arange(3) * 2)\n"
        "    return {'a': [Steep().twice(), average([1.0, 2.0]), float(line.slope), Steep()]}"
    )
    source = names["f"].source
    assert "# A remark stays." in source
    assert "dr.algorithm" not in source
    assert "unused" not in source
    assert "import numpy as np\n" in source
    assert "import math" not in source
    assert run_alone(names["f"]) == "{'a': [1.0, 1.5, 2.0, Steep(slope=0.5)]}"


def test_the_same_function_gives_the_same_text_whatever_else_the_notebook_did(cell: Cell) -> None:
    text = DECLARED + "def f(rows):\n    return {'a': helper(len(NAMES))}"
    first = cell("NAMES = {'b', 'a'}\ndef helper(n):\n    return n")
    first = cell(text)["f"].source
    cell("import json\nother = 1\ndef more(): return other")
    cell("def helper(n):\n    return n")
    assert cell("# The same again.\n" + text)["f"].source == first


def test_a_redefined_helper_or_constant_travels_as_it_is_now(cell: Cell) -> None:
    cell("SCALE = 1\ndef helper():\n    return SCALE")
    f = cell(DECLARED + "def f(rows):\n    return helper()")["f"]
    assert run_alone(f) == "1" == str(f(None))
    cell("SCALE = 5\ndef helper():\n    return -SCALE")
    assert run_alone(f) == "-5" == str(f(None))


def test_mutual_recursion_defaults_and_bases_come_in_an_order_that_runs(cell: Cell) -> None:
    cell("class A:\n    def grow(self):\n        return B()")
    cell("def odd(n):\n    return n > 0 and even(n - 1)")
    cell("class B(A):\n    size = 2")
    cell("def even(n, of=B):\n    return n == 0 or odd(n - 1)\ntwin = even")
    f = cell(DECLARED + "def f(rows):\n    return [twin(4), A().grow().size, f.__name__]")["f"]
    assert run_alone(f) == "[True, 2, 'f']"


def test_other_decorators_stay_and_ours_goes_by_whatever_name(cell: Cell) -> None:
    cell("from sandbox.client import algorithm as declare")
    cell("ours = dr.algorithm(outputs={'a': (0, 1)})")
    cell(
        "def plus_one(f):\n    @functools.wraps(f)\n    def more(x):\n        return f(x) + 1\n"
        "    return more"
    )
    f = cell("@ours\ndef f(rows):\n    return 1")["f"]
    g = cell("@declare(outputs={'a': (0, 1)})\ndef g(rows):\n    return h(2)")
    g = cell("@plus_one\ndef h(n):\n    return n")["g"]
    assert f.source.endswith("\ndef f(rows):\n    return 1\n")
    assert run_alone(g) == "3"


@pytest.mark.parametrize(
    ("before", "body", "code", "named"),
    [
        ("frame = np.ones(3)", "frame.sum()", "algorithm.name", "frame is a ndarray"),
        ("file = open('/dev/null')", "file.read()", "algorithm.name", "file is a TextIOWrapper"),
        ("half = np.float64(0.5)", "half", "algorithm.name", "half is a float64"),
        ("both = [1, object()]", "both", "algorithm.name", "both is a list"),
        ("square = lambda n: n * n", "square(2)", "algorithm.lambda", "def"),
        ("", "not_there(1)", "algorithm.undefined", "not_there"),
        ("", "dr.connect()", "algorithm.client", "no box"),
        ("from sandbox.client import connect", "connect()", "algorithm.client", "no box"),
        ("exec('def made(): return 1')", "made()", "algorithm.no_source", "made"),
        (
            "def outer(n):\n    def inner():\n        return n\n    return inner\nkept = outer(3)",
            "kept()",
            "algorithm.closure",
            "inner uses n",
        ),
    ],
)
def test_what_cannot_travel_is_named(
    cell: Cell, before: str, body: str, code: str, named: str
) -> None:
    cell(before)
    refused = refusal(cell(DECLARED + f"def f(rows):\n    return {{'a': {body}}}")["f"])
    assert refused.code == code
    assert named in refused.message


def test_a_client_imported_in_the_function_is_refused_too(cell: Cell) -> None:
    f = cell(DECLARED + "def f(rows):\n    import sandbox.client\n    return {}")["f"]
    assert refusal(f).code == "algorithm.client"


def test_what_is_no_function_is_refused() -> None:
    declared = dr.algorithm(outputs={"a": (0, 1)})
    assert refusal(declared(len)).code == "algorithm.function"


def test_a_functions_own_modules_travel_whole_and_libraries_do_not(folder: Path) -> None:
    (folder / "kit").mkdir()
    (folder / "kit" / "__init__.py").write_text("from .deep import depth\n")
    (folder / "kit" / "deep.py").write_text("import math\nfrom plain import ONE\ndepth = ONE + 6\n")
    (folder / "kit" / "unused.py").write_text("")
    (folder / "plain.py").write_text("ONE = 1\n# Whole.\n")
    (folder / "spaced").mkdir()
    (folder / "spaced" / "inner.py").write_text("TWO = 2\n")
    study = load(
        folder,
        "study",
        "import kit\nimport spaced.inner\nimport math\nimport sandbox.client as dr\n"
        "def local():\n    return kit.depth + spaced.inner.TWO\n"
        "@dr.algorithm(outputs={'a': (0, 1)})\n"
        "def f(rows):\n    import plain\n    return local() + math.floor(plain.ONE)\n",
    )
    assert set(study.f.modules) == {
        *("program", "kit", "kit.deep", "plain"),
        *("spaced", "spaced.inner"),
    }
    assert study.f.modules["plain"].endswith("# Whole.\n")
    assert run_alone(study.f) == "10" == str(study.f(None))


def test_modules_that_no_import_shows_are_named_by_hand(folder: Path) -> None:
    (folder / "kit").mkdir()
    (folder / "kit" / "__init__.py").write_text("")
    (folder / "kit" / "deep.py").write_text("depth = 7\n")
    study = load(folder, "study", "def f(rows):\n    return __import__('kit.deep').deep.depth\n")
    declared = dr.algorithm(outputs={"a": (0, 1)}, modules=["kit"])(study.f)
    assert set(declared.modules) == {"program", "kit", "kit.deep"}
    assert run_alone(declared) == "7"
    for name in ("nowhere", "math", "numpy"):
        declared = dr.algorithm(outputs={"a": (0, 1)}, modules=[name])(study.f)
        assert refusal(declared).code == "algorithm.module"


def test_a_module_of_ones_own_may_be_called_program_too(folder: Path) -> None:
    load(folder, "program", "ONE = 1\n")
    study = load(folder, "study", "import program\ndef f(rows):\n    return program.ONE\n")
    assert run_alone(dr.algorithm(outputs={"a": (0, 1)})(study.f)) == "1"


def test_a_helper_module_that_uses_the_client_is_refused(folder: Path) -> None:
    load(folder, "kit", "import sandbox.client\nONE = 1\n")
    study = load(folder, "study", "import kit\ndef f(rows):\n    return kit.ONE\n")
    assert refusal(dr.algorithm(outputs={"a": (0, 1)})(study.f)).code == "algorithm.client"


def test_a_file_that_was_edited_after_loading_is_not_sent_for_what_runs_here(folder: Path) -> None:
    kit = "def one():\n    return 1\n"
    load(folder, "kit", kit)
    text = "import kit\ndef f(rows):\n    return kit.one() + 1\n"
    f = dr.algorithm(outputs={"a": (0, 1)})(load(folder, "study", text).f)
    (folder / "study.py").write_text("# A line above moves nothing that runs.\n" + text)
    assert run_alone(f) == "2"
    (folder / "study.py").write_text(text.replace("+ 1", "+ 2"))
    assert refusal(f).code == "algorithm.changed"
    (folder / "study.py").write_text(text)
    (folder / "kit.py").write_text(kit.replace("1", "3"))
    assert refusal(f).code == "algorithm.changed"


def test_an_indented_function_travels_letter_for_letter(folder: Path) -> None:
    text = "if True:\n    def f(rows):\n        return '''a\n  b'''\n"
    f = dr.algorithm(outputs={"a": (0, 1)})(load(folder, "study", text).f)
    assert run_alone(f) == "a\n  b"


def test_an_algorithm_can_be_called_here_and_says_what_it_gives() -> None:
    @dr.algorithm(outputs={"slope": (-1, 1), "table": dr.output(0, 9, shape=(2, 3), default=1)})
    def fit(rows: int) -> dict[str, int]:
        """Say twice."""
        return {"slope": rows * 2}

    assert fit(3) == {"slope": 6}
    assert (fit.__name__, fit.__doc__) == ("fit", "Say twice.")  # type: ignore[attr-defined]
    assert [(each.name, each.shape, each.default) for each in fit.outputs] == [
        ("slope", (), None),
        ("table", (2, 3), 1.0),
    ]
    assert "slope, table" in repr(fit)


@pytest.mark.parametrize("wrong", [(1, 0), (0, 0), (0, float("inf")), (0, 1, 2), (float("nan"), 1)])
def test_an_output_without_a_range_is_refused_at_once(wrong: Any) -> None:  # noqa: ANN401
    with pytest.raises(BadInput) as refused:
        dr.algorithm(outputs={"a": wrong})
    assert refused.value.code == "output.range"


ATOMS = (
    st.none() | st.booleans() | st.integers() | st.text() | st.binary()
    | st.floats(allow_nan=False) | st.complex_numbers(allow_nan=False) | st.just(...)
)  # fmt: skip
KEYS = st.text() | st.integers() | st.tuples(st.integers(), st.text())
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(KEYS, inner)
        | st.sets(KEYS)
        | st.frozensets(KEYS)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_a_constant_reads_back_as_itself(value: object) -> None:
    again = eval(literal(value))  # noqa: S307  (what the program does with it)
    assert (type(again), again) == (type(value), value)
    assert literal(again) == literal(value)
