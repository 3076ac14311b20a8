"""Each attack gets a site of its own."""

from pathlib import Path

import pytest

from sandbox.model.schema import Schema
from tests.support.schema import SCHEMA
from tests.support.town import Town, build_town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return build_town(tmp_path)


@pytest.fixture(scope="session")
def schema() -> Schema:
    return SCHEMA
