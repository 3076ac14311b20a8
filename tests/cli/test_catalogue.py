"""The catalogue and the demand list from the command line, in both languages."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.support.sheets import CHINESE, line
from tests.web.test_listing import OPEN


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("lists") / "list.csv"
    file.write_text(CHINESE + line("rail/lines", "轨道集团") + line("rail/stops", "轨道集团"))
    return file


def test_a_list_comes_in_and_is_found(owner: Type, researcher: Type, catalogue: Path) -> None:
    said = owner("catalogue", "import", str(catalogue))
    assert said.code == 0, said.all
    assert "Published: 2" in said.out
    assert "未变 2 条" in owner("catalogue", "import", str(catalogue), "--lang", "zh").out
    found = researcher("catalogue", "search", "公交", "--owner", "轨道集团", "--json").json
    assert [one["name"] for one in found["records"]] == ["rail/lines", "rail/stops"]
    first = researcher("catalogue", "search", "公交", "--limit", "1")
    mark = first.out.split("--after ")[1].split()[0]
    assert "rail/" in researcher("catalogue", "search", "公交", "--after", mark).out
    shown = researcher("catalogue", "show", "rail/lines", "--lang", "zh")
    for word in ("有条件开放", "信息科", "已编目", "签订协议", "每月", "线路编号", "接口"):
        assert word in shown.out
    assert researcher("catalogue", "show", "rail/none").code == 5
    assert "demand ask" in researcher("catalogue", "search", "zeppelin").out


def test_faults_are_shown_with_file_line_and_column(owner: Type, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(CHINESE + line("Bad") + line("rail/x", openness="半开"))
    said = owner("catalogue", "import", str(bad))
    assert said.code == 3
    assert "line 2:1" in said.err
    assert "line 3:8" in said.err
    problem = owner("catalogue", "import", str(bad), "--json").json
    assert problem["code"] == "sheet.faults"
    assert (problem["place"]["file"], problem["place"]["line"]) == (str(bad), 2)


def test_a_clash_is_shown_and_resolved(owner: Type, catalogue: Path) -> None:
    changed = catalogue.with_name("changed.csv")
    owner("catalogue", "import", str(catalogue))
    changed.write_text(CHINESE + line("rail/lines", "轨道集团", grade="L4"))
    said = owner("catalogue", "import", str(changed))
    assert "Clashes: 1" in said.out
    assert "L2" in said.out
    assert "L4" in owner("catalogue", "clashes", "--lang", "zh").out
    assert owner("catalogue", "merge", "--owner", "轨道集团", "--json").json["clashes"]
    assert owner("catalogue", "resolve", "rail/lines", "--owner", "轨道集团").code == 0
    assert owner("catalogue", "show", "rail/lines", "--json").json["grade"] == "L4"
    assert "no clashes" in owner("catalogue", "clashes").out


def test_bodies_are_registered_by_the_steward(owner: Type, steward: Type) -> None:
    assert steward("catalogue", "owner", "市", "--keeper", "city").code == 0
    said = steward("catalogue", "owner", "区", "--keeper", "district", "--parent", "市", "--json")
    assert said.json == [{"name": "区", "parent": "市"}]
    assert "区" in owner("catalogue", "owners").out
    assert owner("catalogue", "owner", "x", "--keeper", "y").code == 4


def test_open_data_are_opened_checked_downloaded_and_exported(
    owner: Type, researcher: Type, tmp_path: Path
) -> None:
    rows, policy = tmp_path / "stops.csv", tmp_path / "stops.yaml"
    rows.write_text("stop,driver\n公园,secret\n")
    policy.write_text(OPEN)
    assert owner("policy", "check", str(policy)).code == 0
    assert "open for download" in owner("catalogue", "open", str(rows), "--policy", str(policy)).out
    out = tmp_path / "out.csv"
    assert researcher("catalogue", "download", "town/stops", "-o", str(out)).code == 0
    assert out.read_text() == "stop\n公园\n"
    assert researcher("catalogue", "download", "town/clinic", "-o", str(out)).code == 4
    for form, words in (("dcat", ()), ("sheet", ()), ("croissant", ("--record", "town/stops"))):
        file = tmp_path / form
        said = researcher("catalogue", "export", "--form", form, *words, "-o", str(file), "--json")
        assert said.json == {"written": str(file)}
        assert "town/stops" in file.read_text() or "town-stops" in file.read_text()
    assert json.loads((tmp_path / "croissant").read_text())["name"] == "town-stops"
    assert researcher("catalogue", "export", "--form", "croissant", "-o", str(out)).code == 3
    down = ("catalogue", "withdraw", "town/stops", "--reason", "误开放")
    assert researcher(*down).code == 4
    assert "已停止开放" in owner(*down, "--lang", "zh").out
    assert owner(*down).code == 6
    assert researcher("catalogue", "download", "town/stops", "-o", str(out)).code == 5
    shown = researcher("catalogue", "show", "town/stops", "--lang", "zh").out
    assert "误开放" in shown
    assert "（当前）" not in shown


def test_a_demand_is_asked_and_answered(owner: Type, researcher: Type) -> None:
    words = ("--owner", "town", "--data", "公交线路", "--use", "规划")
    (card,) = researcher("demand", "ask", *words, "--json").json
    assert card["state"] == "asked"
    assert "待答复" in owner("demand", "list", "--lang", "zh").out
    assert owner("demand", "answer", card["id"], "--answer", "refused").code == 3
    said = owner("demand", "answer", card["id"], "--answer", "refused", "--reason", "非本单位数据")
    assert "非本单位数据" in said.out
    assert owner("demand", "answer", card["id"], "--answer", "accepted").code == 6
    assert researcher("demand", "list", "--state", "asked", "--json").json == []
