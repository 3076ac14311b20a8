"""Lists on the command line: all of them page after page, or as many as somebody wants."""

import pytest

from sandbox.cli.language import Language
from sandbox.cli.terminal import Terminal
from sandbox.cli.texts import READ_SO_FAR


def test_nobody_who_does_not_watch_is_told_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for terminal in (Terminal(Language.CHINESE, json=False), Terminal(Language.ENGLISH, json=True)):
        with terminal.counting(READ_SO_FAR) as told:
            told(500)
    assert capsys.readouterr() == ("", "")


def test_whoever_watches_is_told_in_their_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    terminal = Terminal(Language.CHINESE, json=False)
    with terminal.counting(READ_SO_FAR) as told:
        told(500)
    said = capsys.readouterr()
    assert said.out == ""
    assert "已读取" in said.err
