"""`datarange doctor` says what this machine can hold a program with, and what to do if nothing."""

from tests.cli.conftest import typed
from tests.support.boxes import FETCHED, back_end

NOWHERE = ("--runsc", "/no/such/runsc", "--bwrap", "/no/such/bwrap")


def test_where_nothing_holds_it_says_why_and_ends_with_9() -> None:
    said = typed("doctor", *NOWHERE)
    assert said.code == 9
    assert "runs no program of a stranger" in said.out
    assert "make runsc" in " ".join(said.out.split())
    assert "不运行外来程序" in typed("doctor", *NOWHERE, "--lang", "zh").out


def test_programs_are_told_the_same() -> None:
    found = typed("doctor", *NOWHERE, "--json").json
    assert found["chosen"] is None
    assert [one["name"] for one in found["back_ends"]] == ["gvisor", "bubblewrap"]
    assert found["back_ends"][0]["failings"] == [{"part": "missing", "detail": ""}]
    assert found["packages"]["polars"]


def test_where_one_passes_it_is_named_and_all_is_well() -> None:
    back_end("gvisor")
    said = typed("doctor", "--runsc", str(FETCHED), "--json")
    assert said.code == 0
    assert said.json["chosen"] == "gvisor"
