"""Each test of a box runs on every back end of this machine."""

import pytest

from sandbox.isolation.plan import BackEnd
from tests.support.boxes import NAMES, back_end


@pytest.fixture(params=NAMES)
def held(request: pytest.FixtureRequest) -> BackEnd:
    return back_end(request.param)
