"""One site for all tests of the web."""

from collections.abc import Iterator

import pytest

from tests.support.clinic import CSV, POLICY
from tests.support.served import Served, served


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "clinic.csv").write_text(CSV)
    (folder / "clinic.yaml").write_text(POLICY)
    with served(folder, places=(2, 200)) as running:
        running.add(folder / "clinic.csv", folder / "clinic.yaml")
        yield running
