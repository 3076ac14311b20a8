"""A program in files is sent as the files are, or refused at the place that is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.cli.program_file import Asked, form_of
from sandbox.errors import BadInput
from sandbox.wire import OutputForm
from tests.cli.conftest import typed

PROGRAM = "import kit  # Stays.\n\ndef run(rows):\n    return {'a': kit.ONE}\n"
ASKED = Asked("town/clinic", "run", ["a=-500:1e3"], [], "polars", None, None, epsilon="1/2")


def written(folder: Path, text: str, name: str = "study.py") -> Path:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_files_and_packages_go_along_as_they_are(tmp_path: Path) -> None:
    kit = written(tmp_path, "ONE = 1\n", "kit.py")
    written(tmp_path, "", "tools/__init__.py")
    written(tmp_path, "TWO = 2\n", "tools/deep.py")
    form = form_of(written(tmp_path, PROGRAM), [kit, tmp_path / "tools"], ASKED)
    assert form.modules == {
        "study": PROGRAM,
        "kit": "ONE = 1\n",
        "tools": "",
        "tools.deep": "TWO = 2\n",
    }
    assert (form.module, form.function, form.epsilon) == ("study", "run", "1/2")
    assert form.outputs == (OutputForm("a", -500.0, 1000.0),)


def test_a_file_whose_name_is_none_in_python_is_sent_under_another(tmp_path: Path) -> None:
    form = form_of(written(tmp_path, PROGRAM, "my-study.py"), [], ASKED)
    assert (form.module, list(form.modules)) == ("program", ["program"])


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("a=0:1", OutputForm("a", 0, 1)),
        ("coef=-1:1,shape=3,default=0,statistic=median", OutputForm("coef", -1, 1, (3,), 0.0, "median")),  # noqa: E501
        ("t=0:9,shape=2x3", OutputForm("t", 0, 9, (2, 3))),
    ],
)  # fmt: skip
def test_an_output_is_read_as_it_is_written(tmp_path: Path, text: str, output: OutputForm) -> None:
    asked = replace(ASKED, outputs=[text])
    assert form_of(written(tmp_path, PROGRAM), [], asked).outputs == (output,)


@pytest.mark.parametrize(
    "text", ["", "a", "a=1", "a=x:y", "=0:1", "a=0:1,shape=axb", "a=0:1,default=", "a=0:1,other=1"]
)
def test_an_output_that_cannot_be_read_is_refused_at_its_place(tmp_path: Path, text: str) -> None:
    asked = replace(ASKED, outputs=["b=0:1", text])
    with pytest.raises(BadInput) as refused:
        form_of(written(tmp_path, PROGRAM), [], asked)
    assert refused.value.code == "algorithm.outputs"
    assert refused.value.place
    assert refused.value.place.clause == "outputs.1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def run(rows):\n    return {\n", "algorithm.syntax"),
        ("import sandbox.client as dr\ndef run(rows): ...\n", "algorithm.client"),
        ("def ran(rows): ...\n", "algorithm.entry"),
        ("print(run)\n", "algorithm.entry"),
    ],
)
def test_a_file_that_could_not_run_is_refused_by_its_name(
    tmp_path: Path, text: str, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        form_of(written(tmp_path, text), [], ASKED)
    assert refused.value.code == code
    assert refused.value.place
    assert str(refused.value.place).startswith(str(tmp_path / "study.py"))


@pytest.mark.parametrize(
    "given", ["def run(r): ...", "from kit import run", "run = 1", "from kit import *"]
)
def test_a_function_may_be_given_its_name_in_any_way(tmp_path: Path, given: str) -> None:
    assert form_of(written(tmp_path, given + "\n"), [], ASKED).function == "run"


def test_nothing_of_a_wrong_program_is_sent_anywhere(tmp_path: Path) -> None:
    file = written(tmp_path, "def run(rows):\n    return {\n")
    words = ("--function", "run", "--dataset", "town/clinic", "--outputs", "a=0:1")
    nowhere = {"DATARANGE_URL": "http://127.0.0.1:1"}
    said = typed("algorithm", "submit", str(file), *words, "--lang", "zh", env=nowhere)
    assert said.code == 3
    assert "不是有效的 Python 程序" in said.err
    assert "study.py:2" in said.err.replace("\n", "").replace(" ", "")
