"""A rehearsal waits its turn, tells how long, and gives up in the end."""

import pytest

from sandbox.client import turn
from sandbox.client.turn import TAKEN, in_turn
from sandbox.errors import Unavailable


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "STEP", 0.01)


def busy(times: int, code: str = TAKEN) -> list[Unavailable]:
    return [Unavailable("Another program runs now", code=code) for _ in range(times)]


def free_after(refusals: list[Unavailable]) -> str:
    if refusals:
        raise refusals.pop()
    return "free"


def test_it_waits_until_the_site_is_free_and_tells_how_long() -> None:
    told: list[float] = []
    refusals = busy(3)
    assert in_turn(lambda: free_after(refusals), told.append) == "free"
    assert len(told) == 3
    assert told == sorted(set(told))


def test_it_gives_up_in_the_end_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "PATIENCE", 0.05)
    refusals = busy(1000)
    with pytest.raises(Unavailable, match="rehearsals have the machine to themselves") as given_up:
        in_turn(lambda: free_after(refusals))
    assert given_up.value.code == "engine.rehearsal_waited"
    assert 2 < len(refusals) < 1000


def test_whatever_else_a_site_says_is_told_at_once() -> None:
    refusals = busy(2, "site.unreachable")
    with pytest.raises(Unavailable) as told:
        in_turn(lambda: free_after(refusals))
    assert told.value.code == "site.unreachable"
    assert len(refusals) == 1


def test_a_terminal_is_shown_one_line_and_a_pipe_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped, shown = busy(2), busy(2)
    in_turn(lambda: free_after(piped))
    assert not capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    in_turn(lambda: free_after(shown))
    said = capsys.readouterr().out
    assert said.count("\r") == 2
    assert said.count("\n") == 1
    assert said.endswith("\n")
