"""What holds for every test: Hypothesis judges results, not how busy the machine is."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.postgres import PostgresServer, oldest_root, postgres_server
from tests.zoo.planting import plant

plant()

settings.register_profile(
    "gate", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """One server for all tests of a process, started when the first asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def oldest_server() -> Iterator[PostgresServer]:
    """A server of the oldest version that will do."""
    root = oldest_root()
    if root is None:
        pytest.skip("PostgreSQL 15 is not on this machine, and `make` could not fetch it")
    with postgres_server(root) as server:
        yield server
