"""Statistics are done on one small schema."""

import pytest

from sandbox.model.schema import Schema
from tests.support.schema import SCHEMA


@pytest.fixture(scope="session")
def schema() -> Schema:
    return SCHEMA
