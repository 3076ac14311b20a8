"""Any terminal, any encoding: words come out, and nothing that a terminal would obey."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from policies.signs import UNSEEN
from sandbox import wire
from sandbox.cli.amounts import chance, charged, left
from sandbox.cli.language import Language
from sandbox.cli.prose import CLOSING, Prose
from sandbox.cli.tables import number, table
from sandbox.cli.terminal import Outcome, Terminal, printable
from tests.support.hostile_texts import filled

LOCALES = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "POSIX"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "gbk"},
]


def typed_in(locale: dict[str, str], *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "sandbox.cli.main", *words]
    environment = {"PATH": os.environ["PATH"], **locale}
    return subprocess.run(  # noqa: S603  (our own program)
        command, env=environment, capture_output=True, check=False
    )


@pytest.mark.parametrize("locale", LOCALES, ids=["C", "POSIX", "ascii", "latin-1", "gbk"])
def test_words_come_out_in_any_encoding(locale: dict[str, str], tmp_path: Path) -> None:
    policy = tmp_path / "ε–💰.yaml"
    policy.write_text("openness: [")
    for language in ("en", "zh"):
        done = typed_in(locale, "policy", "check", str(policy), "--lang", language)
        assert done.returncode == 3
        assert b"Traceback" not in done.stderr + done.stdout
        assert b".yaml" in done.stdout


def test_colours_stay_out_of_pipes_and_away_where_they_are_unwanted(tmp_path: Path) -> None:
    policy = tmp_path / "bad.yaml"
    policy.write_text("openness: [")
    plain = typed_in({"TERM": "xterm-256color"}, "policy", "check", str(policy))
    unwanted = typed_in({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "policy", "check", str(policy))
    wanted = typed_in({"FORCE_COLOR": "1", "TERM": "xterm"}, "policy", "check", str(policy))
    assert b"\x1b[31m" not in plain.stdout
    assert b"\x1b[31m" not in unwanted.stdout
    assert b"31m" in wanted.stdout


@pytest.mark.parametrize(
    ("words", "seen"), [((), "Working"), (("--lang", "zh"), "正在处理"), (("--json",), "")]
)
def test_whoever_watches_sees_that_something_takes_a_while(
    words: tuple[str, ...], seen: str, tmp_path: Path
) -> None:
    policy = tmp_path / "bad.yaml"
    policy.write_text("openness: [")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "sandbox.cli.main", "policy", "check", str(policy), *words]
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603  (our own program)
        command, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=False
    )
    os.close(theirs)
    watched = all_of(ours)
    assert (seen in watched) if seen else not watched
    assert b"Working" not in done.stdout
    assert done.returncode == 3


def all_of(terminal: int) -> str:
    """Read what was written to a terminal whose other side is closed, and close it."""
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        try:
            return screen.read(65536).decode()
        except OSError:  # Linux says so if there is nothing.
            return ""


def test_nobody_who_reads_a_pipe_is_told_to_wait(tmp_path: Path) -> None:
    policy = tmp_path / "bad.yaml"
    policy.write_text("openness: [")
    done = typed_in({"FORCE_COLOR": "1", "TERM": "xterm"}, "policy", "check", str(policy))
    assert b"Working" not in done.stdout + done.stderr


@given(st.text())
def test_other_peoples_text_cannot_command_a_terminal(text: str) -> None:
    console = Console(width=80, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        console.print(table(["x"], [[text]]))
    assert not any(ord(sign) < 32 and sign != "\n" for sign in capture.get())
    assert "\x7f" not in printable(text)
    assert "\x9b" not in printable(text)


@given(st.text(alphabet="ab ，。“”（）数据不出节点\n", max_size=60), st.integers(2, 20))
def test_lines_fit_and_keep_every_sign(text: str, width: int) -> None:
    console = Console(width=width)
    lines = Prose(text).wrap(console, width)
    assert all(cell_len(line.plain) <= width for line in lines)
    assert "".join("".join(line.plain for line in lines).split()) == "".join(text.split())


def test_chinese_lines_break_between_characters_but_not_before_a_stop() -> None:
    console = Console(width=12)
    lines = [line.plain for line in Prose("数据 Parquet 不出域，结果可用。").wrap(console, 12)]
    assert lines == ["数据 Parquet", "不出域，结果", "可用。"]
    assert not any(line[0] in CLOSING for line in lines)


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=1000))
def test_amounts_are_rounded_against_whoever_spends(amount: Fraction) -> None:
    assert Fraction(charged(str(amount))) >= amount
    assert Fraction(left(str(amount))) <= amount


def test_amounts_read_like_numbers() -> None:
    assert charged("0.0149734567") == "0.01498"
    assert left("0.0149734567") == "0.01497"
    assert charged("1/3") == "0.3334"
    assert charged("0") == "0"
    assert chance("0.000000001") == "1e-9"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1_000_000, "1,000,000"),
        (61_020.0, "61,020"),
        (204.25, "204.2"),
        (0.5, "0.5"),
        (-3.0, "-3"),
        (None, ""),
        ("north", "north"),
    ],
)
def test_numbers_are_short_and_never_lose_a_digit_before_the_point(
    value: float | str | None, written: str
) -> None:
    assert number(value, 4) == written


OBEYED = "a\x1b]0;t\x07\x9b2J\x7f\u202eb\u2028c\rd"


@pytest.mark.parametrize("view", [Text, str, lambda text: table([text], [[text]], title=text)])
def test_a_view_that_forgets_to_make_a_text_printable_shows_nothing_unseen(
    capsys: pytest.CaptureFixture[str], view: Callable[[str], RenderableType]
) -> None:
    Terminal(Language.ENGLISH, json=False).show(Outcome(None, lambda _: view(OBEYED)))
    said = capsys.readouterr().out
    assert "a" in said
    assert not UNSEEN.search(said)


MESSAGES = [one for one in vars(wire).values() if isinstance(one, type) and is_dataclass(one)]


@pytest.mark.parametrize("message", MESSAGES)
def test_json_on_a_terminal_is_the_message_and_is_not_obeyed(
    capsys: pytest.CaptureFixture[str], message: type
) -> None:
    sent = filled(message, OBEYED + "就诊")
    Terminal(Language.ENGLISH, json=True).show_json(sent)
    said = capsys.readouterr().out
    assert json.loads(said) == json.loads(json.dumps(asdict(sent)))
    assert not UNSEEN.search(said)
