"""`datarange up` is for real use: it starts, stops, comes back as it was, and can be kept up."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sandbox.client import connect
from sandbox.model.principal import Role
from tests.story.conftest import World
from tests.support.clinic import CSV, POLICY

pytestmark = pytest.mark.slow

C = {"LC_ALL": "C"}


@contextmanager
def up(world: World, *words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    with world.started(
        "up", "--data", "site", "--port", "0", "--json", *words, locale=C
    ) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert json.loads(out) == {"stopped": True}
    return process.returncode, err


def test_a_site_starts_stops_and_finds_everything_as_it_was(world: World) -> None:
    (world.work / "clinic.csv").write_text(CSV)
    (world.work / "clinic.yaml").write_text(POLICY)
    with up(world) as (process, first):
        assert set(first["tokens"]) == {role.value for role in Role}
        owner = connect(first["url"], first["tokens"]["owner"])
        files = (world.work / "clinic.csv", world.work / "clinic.yaml")
        owner.add_dataset(*files, key=world.work / "owner.key")
        before = owner.datasets()
        assert refused_a_second(world) == 9
        assert stop(process) == (0, "")
    token = newcomer(world)
    assert world.run("upgrade", "--data", "site", locale=C).returncode == 0
    with up(world, "--max-running", "1", "--max-waiting", "2") as (process, second):
        assert second["tokens"] == {}
        owner = connect(second["url"], first["tokens"]["owner"])
        assert (owner.me.role, owner.datasets(), owner.site) == ("owner", before, owner.site)
        assert connect(second["url"], token).me.name == "李雷"
        assert stop(process) == (0, "")
    assert not world.processes
    assert not world.elsewhere


def refused_a_second(world: World) -> int:
    return world.run("up", "--data", "site", "--port", "0", locale=C).returncode


def newcomer(world: World) -> str:
    words = ("token", "add", "--data", "site", "--role", "researcher", "--name", "李雷", "--json")
    return str(json.loads(world.run(*words, locale=C).stdout)["token"])


def test_people_are_told_how_to_use_their_first_token(world: World) -> None:
    with world.started("up", "--data", "site", "--port", "0", locale=C) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(14)]
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=60)
    assert (process.returncode, err, rest) == (0, "", "Stopped.\n")
    exports = [line.split()[1] for line in said if "export" in line]
    assert exports[0].startswith("DATARANGE_URL=http://127.0.0.1:")
    assert exports[1].startswith("DATARANGE_TOKEN=dr-owner-")
    assert len(exports[1]) > 80


def test_a_folder_that_cannot_be_used_is_said_so(world: World) -> None:
    (world.work / "site").write_text("not a folder")
    done = world.run("up", "--data", "site", "--port", "0", locale=C)
    assert done.returncode == 9
    assert "Traceback" not in done.stderr


def test_a_name_that_is_none_gets_no_token(world: World) -> None:
    (world.work / "site").mkdir()
    words = (
        "token",
        "add",
        "--data",
        str(world.work / "site"),
        "--role",
        "owner",
        "--name",
        "💰 x",
    )
    done = world.run(*words, locale=C)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
