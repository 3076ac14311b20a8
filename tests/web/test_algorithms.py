"""An algorithm over HTTP: explained, rehearsed, paid for, run in real boxes, collected again."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.model.principal import Role
from sandbox.wire import AlgorithmForm, OutputForm
from tests.support.boxes import NAMES, back_end
from tests.support.served import Served, served

POLICY = """
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: ages, dataset: town/ages, title: Ages, title_zh: 年龄, description: Ages,
           keywords: [age], theme: health, contact: town hall, size: {people: 120, rows: 240}}
openness: conditional
access: [algorithm]
grade: L1
privacy:
  unit: {column: person, max_rows: 2}
  accounting: pure
  budget: {epsilon: 20, delta: 1e-9}
  per_agreement: {epsilon: 20}
  per_submission: {epsilon: 20}
columns:
  person: {use: []}
  site: {use: [group], keys: [north, south], openness: conditional}
  age: {use: [measure], bounds: [0, 99], openness: conditional}
  name: {use: []}
lanes:
  algorithm: {release: automatic, blocks: {min: 2, max: 8}, time: 2s, memory: 512MiB}
purposes: [research]
timing: {quantum: 100ms}
"""
START = datetime(2026, 11, 23, tzinfo=UTC)
ROWS = [(f"p{place // 2}", ("north", "south")[place % 2], 30 + place % 3) for place in range(240)]
SOURCE = """
import polars as pl

def middle(rows):
    print("a secret of the rows", rows["age"].sum())
    return {"age": rows["age"].mean(), "sites": [rows.filter(pl.col("site") == s).height for s in
                                                ("north", "south")]}
"""
FORM = AlgorithmForm(
    dataset="town/ages",
    modules={"ages": SOURCE},
    module="ages",
    function="middle",
    outputs=(OutputForm("age", 20, 40), OutputForm("sites", 0, 60, (2,))),
    blocks=4,
    seconds="0.8",
    epsilon="12",
)


@pytest.fixture(scope="module", params=NAMES)
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("algorithms")
    with served(folder, lane=back_end(request.param)) as site:
        (folder / "ages.csv").write_text(
            "person,site,age,name\n" + "".join(f"{p},{s},{a},x\n" for p, s, a in ROWS)
        )
        (folder / "ages.yaml").write_text(POLICY)
        site.add(folder / "ages.csv", folder / "ages.yaml")
        site.agree(Role.RESEARCHER, "town/ages", "research")
        yield site


def collected(site: Served, form: AlgorithmForm) -> dict[str, Any]:
    """Submit, wait as long as the site says, and collect."""
    with site.http(Role.RESEARCHER) as http:
        reply = http.post("/api/v1/algorithms", json=asdict(form))
        assert reply.status_code == 202, reply.text
        accepted = reply.json()
        assert datetime.fromisoformat(accepted["due"]) > START
        time.sleep(accepted["seconds"] + 0.3)
        answered = http.post("/api/v1/algorithms", json=asdict(form))
        assert answered.status_code == 200, answered.text
        again = http.get(f"/api/v1/submissions/{accepted['submission']}")
        assert again.content == answered.content
    found: dict[str, Any] = answered.json()
    return found


def test_a_program_is_run_in_boxes_and_its_answer_collected(town: Served) -> None:
    answer = collected(town, FORM)["answer"]
    columns = {column["name"]: column["values"] for column in answer["columns"]}
    assert columns["output"] == ["age", "sites", "sites"]
    assert columns["place"] == ["", "0", "1"]
    for estimate, half_width, exact in zip(
        columns["estimate"], columns["half_width"], (31, 30, 30), strict=True
    ):
        assert abs(estimate - exact) < 3 * half_width + 2


def test_what_it_costs_and_how_good_it_is_is_said_before(town: Served) -> None:
    with town.http(Role.RESEARCHER) as http:
        said = http.post("/api/v1/algorithms/explanation", json=asdict(FORM)).json()
        poor = asdict(replace(FORM, epsilon="0.01"))
        cautions = http.post("/api/v1/algorithms/explanation", json=poor).json()["cautions"]
    assert said["permitted"]
    assert (said["blocks"], said["people_a_block"], said["rows_a_block"]) == (4, 30, 60)
    assert {caution["code"] for caution in cautions} == {"algorithm.useless"}


def test_a_rehearsal_says_all_that_went_wrong(town: Served) -> None:
    wrong = replace(FORM, modules={"ages": "def middle(rows):\n    return rows['none']\n"})
    with town.http(Role.RESEARCHER) as http:
        good = http.post("/api/v1/algorithms/mock", json=asdict(FORM)).json()
        bad = http.post("/api/v1/algorithms/mock", json=asdict(wrong)).json()
    assert all(block["usable"] for block in good["blocks"])
    assert "a secret of the rows" in good["blocks"][0]["said"]
    assert not any(block["usable"] for block in bad["blocks"])
    assert "ColumnNotFoundError" in bad["blocks"][0]["said"]


def test_a_rehearsal_waits_for_the_programs_of_others(
    town: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    freed = threading.Event()

    def told(seconds: float) -> None:
        waited.append(seconds)
        freed.set()

    monkeypatch.setattr("sandbox.client.turn._Line.show", lambda _self, seconds: told(seconds))
    lane = town.site.blocks
    assert lane is not None
    with ThreadPoolExecutor() as beside, lane.place():
        session = town.range_of(Role.RESEARCHER).dataset("town/ages").session
        rehearsed = beside.submit(session.run_on_mock, FORM)
        assert freed.wait(30)
        assert not rehearsed.done()
    assert rehearsed.result().usable


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"blocks": 9}, {"lane.blocks"}),
        ({"seconds": "3"}, {"lane.time"}),
        ({"columns": ("name",)}, {"column.closed"}),
        ({"columns": ("age", "shoe")}, {"column.unknown"}),
    ],
)
def test_what_the_policy_does_not_grant_is_refused(
    town: Served, change: dict[str, Any], codes: set[str]
) -> None:
    with town.http(Role.RESEARCHER) as http:
        reply = http.post("/api/v1/algorithms", json=asdict(replace(FORM, epsilon="1", **change)))
    assert reply.status_code == 403
    assert {reason["code"] for reason in reply.json()["reasons"]} == codes


def test_the_catalogue_says_what_programs_find(town: Served) -> None:
    with town.http() as http:
        said = http.get("/api/v1/environment").json()
        card = http.get("/api/v1/datasets/town/ages").json()
        pages = [http.get(f"/datasets/town/ages?lang={lang}").text for lang in ("en", "zh")]
    assert said["packages"].keys() >= {"numpy", "polars", "pandas", "scikit-learn"}
    assert card["lanes"] == ["algorithm"]
    assert (card["programs"]["least_blocks"], card["programs"]["most_blocks"]) == (2, 8)
    for page in pages:
        assert said["lane"] in page
        assert f"numpy {said['packages']['numpy']}" in page
