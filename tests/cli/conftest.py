"""One site for the tests of the command line, and a way to type commands."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sandbox.cli.main import app
from sandbox.model.principal import Role
from tests.support.clinic import CSV, POLICY
from tests.support.served import Served, served


class Said:
    """What a command said, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def all(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:  # noqa: ANN401  (parsed JSON)
        return json.loads(self.out)


Type = Callable[..., Said]


def typed(*words: str, env: Mapping[str, str] | None = None) -> Said:
    done = CliRunner().invoke(
        app, list(words), env={"LC_ALL": "C", "COLUMNS": "100", **(env or {})}
    )
    return Said(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("cli-clinic")
    (folder / "clinic.csv").write_text(CSV)
    (folder / "clinic.yaml").write_text(POLICY)
    with served(folder) as running:
        running.add(folder / "clinic.csv", folder / "clinic.yaml")
        yield running


@pytest.fixture(scope="session")
def one_agreement(clinic: Served) -> str:
    return clinic.agree(Role.RESEARCHER, "town/clinic", "research")


@pytest.fixture
def as_role(clinic: Served) -> Callable[[Role], Type]:
    """Type commands as somebody."""

    def typing(role: Role) -> Type:
        who = {
            "DATARANGE_URL": clinic.url,
            "DATARANGE_TOKEN": clinic.tokens[role],
            "DATARANGE_KEY": str(clinic.folder / f"{role}.key"),
        }
        return lambda *words: typed(*words, env=who)

    return typing


@pytest.fixture
def owner(as_role: Callable[[Role], Type]) -> Type:
    return as_role(Role.OWNER)


@pytest.fixture
def steward(as_role: Callable[[Role], Type]) -> Type:
    return as_role(Role.STEWARD)


@pytest.fixture
def researcher(as_role: Callable[[Role], Type]) -> Type:
    return as_role(Role.RESEARCHER)


@pytest.fixture
def auditor(as_role: Callable[[Role], Type]) -> Type:
    return as_role(Role.AUDITOR)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A sound policy, for tests to spoil."""
    file = tmp_path / "clinic.yaml"
    file.write_text(POLICY)
    return file
