"""The demo tells the whole story on real data, in both languages, and leaves nothing behind."""

import json
import re
import signal
import subprocess
from dataclasses import dataclass

import pytest
from rich.cells import cell_len

from tests.story.conftest import World, world_in

pytestmark = pytest.mark.slow

ENGLISH = {"LC_ALL": "C"}
CHINESE = {"LANG": "zh_CN.UTF-8"}


@dataclass(frozen=True)
class Told:
    """A finished demo."""

    world: World
    done: subprocess.CompletedProcess[str]

    @property
    def text(self) -> str:
        return self.done.stdout


def told(world: World, *words: str, locale: dict[str, str]) -> Told:
    return Told(world, world.run("demo", *words, locale=locale))


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told(world_in(tmp_path_factory.mktemp("english")), locale=ENGLISH)


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told(world_in(tmp_path_factory.mktemp("chinese")), locale=CHINESE)


@pytest.fixture(params=["english", "chinese"])
def either(request: pytest.FixtureRequest) -> Told:
    finished = request.getfixturevalue(request.param)
    assert isinstance(finished, Told)
    return finished


def test_it_ends_well_and_leaves_no_process_and_no_file_elsewhere(either: Told) -> None:
    assert (either.done.returncode, either.done.stderr) == (0, "")
    assert not either.world.processes
    assert not either.world.elsewhere
    assert [file.name for file in either.world.work.iterdir()] == [".demo"]


def test_it_fits_80_columns(either: Told) -> None:
    wide = [line for line in either.text.splitlines() if cell_len(line.rstrip()) > 80]
    assert not wide


def test_no_other_language_is_mixed_in(english: Told) -> None:
    assert not re.search("[\u4e00-\u9fff]", english.text)


def test_it_follows_the_locale(chinese: Told) -> None:
    assert "第 6 步，共 6 步" in chinese.text
    assert "退出码 8" in chinese.text


def test_the_owner_reads_what_ingest_did(english: Told) -> None:
    assert "20,190 rows read, 20,190 kept, 5,912 people" in english.text
    assert "values of meddol lay outside the bounds" in english.text


def test_answers_stand_beside_the_truth(english: Told) -> None:
    held = re.findall(r"(\d+) of (\d+) intervals hold the exact value", english.text)
    assert [int(all_) for _, all_ in held] == [6, 24]
    # 30 intervals at 95 %: fewer than 21 would happen once in 10 million demos.
    assert sum(int(count) for count, _ in held) >= 21
    assert "Same question, same bytes, no cost" in english.text


def test_each_refusal_gives_every_reason_and_costs_nothing(english: Told) -> None:
    reasons = re.findall(r"Refused, at no cost. Reasons: (\d)", english.text)
    assert reasons == ["2", "1", "2", "5", "1"]
    assert "line 1, column 25" in english.text
    assert len(set(re.findall(r"Spent before and after: (ρ \S+)\.", english.text))) == 1
    assert "is over; it ended on" in " ".join(english.text.split())


def test_a_raised_cap_takes_the_owners_key_and_stays_on_record(either: Told) -> None:
    tried = either.text.split("$ datarange source cap")[1:]
    refused = [bool(re.search("owner.key[,，]", part)) for part in tried]
    assert refused == [True, False]
    raised = tried[1]
    assert "ε 4 (ρ 0.2063) → ε 5 (ρ 0.3116)" in raised
    assert re.search("changes of caps 1|上限变更 1", " ".join(raised.split()))
    key = either.world.work / ".demo" / "owner.key"
    assert key.stat().st_mode & 0o777 == 0o600
    report = (either.world.work / ".demo" / "report.html").read_text(encoding="utf-8")
    assert re.search("Changes of caps and keys|上限与密钥的变更", report)
    assert "0.3116" in report


def test_the_auditor_finds_every_fake_and_names_the_entry(either: Told) -> None:
    audit = either.text.split("$ datarange audit verify")[1:]
    codes = [re.findall(r"(?:exit code|退出码) (\d)", part)[0] for part in audit]
    assert codes == ["0", "8", "8", "8"]
    for part, name in zip(audit[1:], ("ledger.leaf", "entry.index", "release.debit"), strict=True):
        assert name in part
        assert re.search(r"^\s+\d+ ", part, re.MULTILINE)


def test_a_second_telling_starts_afresh_and_speaks_to_programs(english: Told) -> None:
    old = (english.world.work / ".demo" / "site" / "books.sqlite").stat().st_ino
    again = told(english.world, "--json", locale=ENGLISH)
    assert again.done.returncode == 0, again.done.stderr
    facts = json.loads(again.text)
    assert [len(codes) for codes in facts["refusals"]] == [2, 1, 2, 5, 1, 1]
    assert facts["refusals"][-1] == ["agreement.expired"]
    assert (english.world.work / ".demo" / "site" / "books.sqlite").stat().st_ino != old


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_interrupts_it_leaves_nothing_running(world: World, ending: signal.Signals) -> None:
    with world.started("demo", locale=ENGLISH) as process:
        wait_for(process, "A site is running")
        process.send_signal(ending)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in errors
    assert not world.processes
    assert not world.elsewhere


def test_even_a_killed_demo_takes_its_site_along(world: World) -> None:
    with world.started("demo", locale=ENGLISH) as process:
        wait_for(process, "A site is running")
        assert world.processes
        process.kill()
    world.wait_until_quiet()


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    pytest.fail(f"it ended before it said: {words}")


def test_a_folder_with_other_things_is_left_alone(world: World) -> None:
    mine = world.work / "thesis"
    mine.mkdir()
    (mine / "chapter.txt").write_text("years of work")
    done = told(world, "--folder", str(mine), locale=ENGLISH).done
    assert done.returncode == 6
    assert [file.name for file in mine.iterdir()] == ["chapter.txt"]


def test_a_link_to_an_earlier_demo_is_not_followed(world: World) -> None:
    real = world.work / "real"
    real.mkdir()
    (real / ".datarange-demo").touch()
    (real / "kept").touch()
    (world.work / ".demo").symlink_to(real)
    assert told(world, locale=ENGLISH).done.returncode == 6
    assert (real / "kept").exists()
