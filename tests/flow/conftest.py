"""Each test of the flow gets a site of its own."""

from pathlib import Path

import pytest

from tests.support.town import Town, build_town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return build_town(tmp_path)
