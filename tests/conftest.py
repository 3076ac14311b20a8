"""What tests of several parts share."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """One server for all tests of a process, started when the first asks for it."""
    with postgres_server() as server:
        yield server
