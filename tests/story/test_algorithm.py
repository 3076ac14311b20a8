"""A researcher's own program beside the data: from a notebook's cell, and from a file, in boxes."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sandbox.client as dr
from sandbox.cli.main import app
from sandbox.errors import Refused
from sandbox.model.principal import Role
from tests.story.conftest import World
from tests.support.boxes import FETCHED, back_end
from tests.support.notebook import notebook
from tests.support.served import Served, served

PEOPLE, BLOCKS, SECONDS = 200, 6, "2.5"
POLICY = f"""
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {{name: doses, dataset: town/doses, title: Doses, title_zh: 剂量, description: Doses,
           keywords: [dose], theme: health, contact: town hall,
           size: {{people: {PEOPLE}, rows: {PEOPLE}}}}}
openness: conditional
access: [algorithm]
grade: L1
privacy:
  unit: {{column: person, max_rows: 1}}
  accounting: pure
  budget: {{epsilon: 20, delta: 1e-9}}
  per_agreement: {{epsilon: 20}}
  per_submission: {{epsilon: 13}}
columns:
  person: {{use: []}}
  dose: {{use: [measure], bounds: [0, 100], openness: conditional}}
  effect: {{use: [measure], bounds: [0, 300], openness: conditional}}
lanes:
  query: {{release: automatic}}
  algorithm: {{release: automatic, blocks: {{min: 2, max: 8}}, time: 5s, memory: 512MiB}}
purposes: [research]
timing: {{quantum: 100ms}}
"""
ROWS = "".join(f"p{n},{n % 100},{2 * (n % 100) + 50}\n" for n in range(PEOPLE))
"""The effect is twice the dose and 50."""
CELLS = (
    "import numpy as np\nimport sandbox.client as dr",
    "ORDER = ['slope', 'start']",
    "def line(x, y):\n    return dict(zip(ORDER, np.polyfit(x, y, 1)))",
    f"""
@dr.algorithm(
    outputs={{
        "slope": dr.output(-5, 5, default=-5),
        "both": dr.output(-100, 100, shape=2, default=-100),
        "middle": dr.output(0, 100, statistic="median"),
    }},
    columns=["dose", "effect"],
    blocks={BLOCKS},
    seconds="{SECONDS}",
)
def fit(rows):
    found = line(rows["dose"].to_numpy(), rows["effect"].to_numpy())
    print("fitted", rows.height)
    return {{
        "slope": found["slope"],
        "both": [found["slope"], found["start"]],
        "middle": rows["dose"].median(),
    }}
""",
    """
@dr.algorithm(outputs={"a": (0, 1)}, blocks=2, seconds="2.5")
def wrong(rows):
    return {"a": rows["no such column"].mean()}
""",
)
FILE = """
import kit


def fit(rows):
    return {"slope": kit.slope(rows["dose"].to_numpy(), rows["effect"].to_numpy())}
"""
KIT = "import numpy as np\n\n\ndef slope(x, y):\n    return np.polyfit(x, y, 1)[0]\n"
HELD = "gvisor" if FETCHED.is_file() else "bubblewrap"


def fill(site: Served) -> None:
    (site.folder / "doses.csv").write_text("person,dose,effect\n" + ROWS)
    (site.folder / "doses.yaml").write_text(POLICY)
    site.add(site.folder / "doses.csv", site.folder / "doses.yaml")
    site.agree(Role.RESEARCHER, "town/doses", "research")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("doses"), lane=back_end(HELD)) as site:
        fill(site)
        yield site


@pytest.fixture(scope="module")
def doses(town: Served) -> dr.Dataset:
    return town.range_of(Role.RESEARCHER).dataset("town/doses")


@pytest.fixture(scope="module")
def cells() -> Iterator[dict[str, dr.Algorithm]]:
    with notebook() as cell:
        yield [cell(text) for text in CELLS][-1]


def spent(site: Served) -> Fraction:
    cards = site.range_of(Role.RESEARCHER).agreements()
    return sum((Fraction(card.spent) for card in cards), Fraction(0))


def test_from_a_cell_to_outputs_that_are_near_the_truth(
    town: Served, doses: dr.Dataset, cells: dict[str, dr.Algorithm]
) -> None:
    fit, before = cells["fit"], spent(town)
    told = doses.explain(fit, epsilon=12)
    assert (told.permitted, told.blocks, told.people_a_block) == (True, BLOCKS, PEOPLE // BLOCKS)
    assert spent(town) == before
    submission = doses.submit(fit, epsilon=12)
    assert submission.due is not None
    assert submission.answer is None
    heard: list[float] = []
    answer = submission.wait(heard.append)
    answer.receipt.verify()
    assert heard[0] <= told.duration + 10
    assert heard[-1] == 0
    outputs, widths = answer.outputs, answer.half_widths
    found = [outputs["slope"], *outputs["both"]]
    # Less than what the defaults of all blocks would be off by: the program ran on these rows.
    allowed = [3 * width for width in (widths["slope"], *widths["both"])]
    off = [abs(one - other) for one, other in zip(found, (2, 2, 50), strict=True)]
    assert all(one <= most for one, most in zip(off, allowed, strict=True))
    assert widths["middle"] is None
    assert widths["slope"] == pytest.approx(told.outputs[0].half_width)
    assert spent(town) - before == Fraction(told.cost.charged)
    again = doses.submit(fit, epsilon=12)
    assert (again.seconds_left, again.id) == (0, submission.id)
    assert again.wait().raw == answer.raw
    assert spent(town) - before == Fraction(told.cost.charged)
    assert town.range_of(Role.RESEARCHER).answer(submission.id).raw == answer.raw


def test_a_mock_run_gives_the_outputs_and_all_that_the_program_said(
    town: Served, doses: dr.Dataset, cells: dict[str, dr.Algorithm]
) -> None:
    before = spent(town)
    run = doses.run_on_mock(cells["fit"])
    assert run.usable
    assert "fitted" in run.said
    assert all(len(block["both"]) == 2 for block in run.outputs)
    failed = town.range_of(Role.RESEARCHER).run_on_mock(cells["wrong"], "town/doses")
    assert not failed.usable
    assert "no such column" in failed.said
    assert "ColumnNotFoundError" in repr(failed)
    assert "<pre>" in failed._repr_html_()
    assert failed.outputs == [{"a": 0.5}] * len(failed.outputs)
    assert spent(town) == before


def test_a_forecast_cautions_where_the_noise_hides_everything(
    doses: dr.Dataset, cells: dict[str, dr.Algorithm]
) -> None:
    told = doses.explain(cells["wrong"], epsilon="0.01")
    assert "algorithm.useless" in {caution.code for caution in told.cautions}
    assert told.cautions[0].message_zh in repr(told)
    assert "<th scope=row>a</th>" in told._repr_html_()


def test_a_refused_submission_costs_nothing(
    town: Served, doses: dr.Dataset, cells: dict[str, dr.Algorithm]
) -> None:
    before = spent(town)
    with pytest.raises(Refused) as refused:
        doses.submit(cells["fit"], epsilon=14)
    assert "budget.per_submission" in {reason.code for reason in refused.value.reasons}
    assert spent(town) == before


def test_the_environment_says_what_may_be_imported(town: Served) -> None:
    environment = town.range_of(Role.RESEARCHER).environment
    assert environment.lane == HELD
    assert environment.python == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert {"numpy", "polars", "scipy"} <= environment.packages.keys()


def test_the_command_line_explains_tries_and_submits_a_file(town: Served, tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text(FILE)
    (tmp_path / "kit.py").write_text(KIT)
    program = (
        str(tmp_path / "study.py"), "--function", "fit", "--dataset", "town/doses",
        "--outputs", "slope=-5:5,default=0", "--module", str(tmp_path / "kit.py"),
        "--blocks", str(BLOCKS), "--seconds", SECONDS,
    )  # fmt: skip
    told = typed(town, "explain", *program, "--epsilon", "6")
    assert "Answer after" in told
    assert "The policy permits this." in told
    assert "释放策略允许本次请求" in typed(
        town, "explain", *program, "--epsilon", "6", "--lang", "zh"
    )
    assert "Every block gave an answer" in typed(town, "mock", *program)
    failed = typed(town, "mock", *program[:-6], code=3)
    assert "No module named 'kit'" in failed
    begun = json.loads(typed(town, "submit", *program, "--epsilon", "6", "--no-wait", "--json"))
    assert begun["seconds"] > 0
    answer = json.loads(typed(town, "submit", *program, "--epsilon", "6", "--json"))
    assert answer["answer"]["submission"] == begun["submission"]
    assert "Receipt" in typed(town, "submit", *program, "--epsilon", "6", "--no-wait")
    assert "numpy" in typed(town, "environment")


def typed(site: Served, *words: str, code: int = 0) -> str:
    who = {"DATARANGE_URL": site.url, "DATARANGE_TOKEN": site.tokens[Role.RESEARCHER]}
    who |= {"LC_ALL": "C", "COLUMNS": "100"}
    done = CliRunner().invoke(app, ["algorithm", *words], env=who)
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.mark.slow
def test_an_answer_is_waited_for_through_the_death_of_the_site(
    world: World, cells: dict[str, dr.Algorithm]
) -> None:
    with served(world.work) as site:
        fill(site)
        token = site.tokens[Role.RESEARCHER]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    held = ("--runsc", str(FETCHED.resolve())) if FETCHED.is_file() else ("--shared-kernel",)
    words = ("up", "--data", "site", "--port", port, "--json", *held)
    here = {"LC_ALL": "C", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    with world.started(*words, locale=here) as first:
        assert first.stdout is not None
        url = json.loads(first.stdout.readline())["url"]
        range_ = dr.connect(url, token)
        submission = range_.dataset("town/doses").submit(cells["fit"], epsilon=12)
    assert submission.seconds_left > 0
    with world.started(*words, locale=here) as second:
        answer = submission.wait()
        answer.receipt.verify()
        assert answer.id == submission.id
        (agreement,) = range_.agreements()
        assert Fraction(agreement.spent) == Fraction(answer.cost.charged)
        second.terminate()
