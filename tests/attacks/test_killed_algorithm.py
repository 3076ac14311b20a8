"""Kill -9 while a program runs in its boxes: the debit stands and pays for one answer, not two."""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from sandbox.client.connection import Connection
from sandbox.errors import Unavailable
from sandbox.isolation.box import PREFIX
from sandbox.isolation.warden import descendants
from sandbox.ledger.note import verifier_key
from sandbox.model.principal import Role
from sandbox.model.step import Step
from tests.support.betrayed import Plan, add_pair, form_of
from tests.support.boxes import back_end, program_of
from tests.support.mortal import LEFT, PAID, PATIENCE, Lives, Mortal
from tests.support.served import served

pytestmark = pytest.mark.slow

SECONDS = {"bubblewrap": "0.2", "gvisor": "1.5"}
"""Of each block: boxes of gVisor take longer to be warm."""
STEPS = (Step.DEBITED, Step.RESERVED, Step.BEGUN, Step.MEASURED, Step.LOGGED)
"""Between debit, begin, boxes, noise and record."""

ON_EACH = pytest.mark.parametrize(
    "site",
    [
        pytest.param(("bubblewrap", False), id="bubblewrap"),
        pytest.param(("gvisor", False), id="gvisor", marks=pytest.mark.heavy),
        pytest.param(("bubblewrap", True), id="postgresql", marks=pytest.mark.heavy),
    ],
    indirect=True,
)
"""What holds the programs, and whether the books stand on a server."""

numbers = count()


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mortal]:
    """One site that dies of all steps; its boxes' folders lie in a place of their own."""
    held, on_a_server = request.param
    program = program_of(held)
    books = request.getfixturevalue("server").emptied_database() if on_a_server else None
    folder = tmp_path_factory.mktemp("site")
    boxes = Path(tempfile.mkdtemp(prefix="killed-"))
    boxes.chmod(0o711)  # Who is in a box is somebody else.
    with served(folder, lane=back_end(held), books=books) as founded:
        add_pair(founded, 0)
        key = verifier_key(founded.site.origin, founded.site.ledger_signer.public)
        tokens = founded.tokens
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROGRAMS", str(program))
        patch.setenv("TMPDIR", str(boxes))
        lives = Lives(folder / "site", books)
    try:
        lives.begin()
        asking, auditing = (
            Connection(lives.url, tokens[role]) for role in (Role.RESEARCHER, Role.AUDITOR)
        )
        mortal = Mortal(folder, books, lives, key, tokens[Role.RESEARCHER], asking, auditing)
        mortal.audit()
        yield mortal
    finally:
        lives.end()
        until(lambda: not left_in(boxes))
        boxes.rmdir()


@pytest.fixture
def plan(request: pytest.FixtureRequest) -> Plan:
    held, _ = request.node.callspec.params["site"]
    return Plan(sites=1, epsilon="0.1", each=1, seconds=SECONDS[held])


@ON_EACH
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_it_is_paid_once_and_answered_once(
    site: Mortal, step: Step, plan: Plan
) -> None:
    form = program(plan)
    site.lives.begin("kill", step, "1")
    asked(site, form)
    site.lives.bury()
    site.lives.begin()
    left = site.audit()
    assert left == LEFT[step]
    assert_one_answer(site, form, left)


@ON_EACH
def test_killed_while_boxes_run_it_leaves_neither_process_nor_folder(
    site: Mortal, plan: Plan
) -> None:
    form = program(plan, "while True: pass")
    site.lives.begin()
    asked(site, form)
    until(lambda: len(descendants(site.lives.pid)) > 2)
    started = descendants(site.lives.pid)
    site.lives.kill()
    until(lambda: not any(Path("/proc", str(one)).exists() for one in started))
    site.lives.begin()
    left = site.audit()
    assert left == PAID
    assert_one_answer(site, form, left)


def program(plan: Plan, body: str = "return {'got': rows.height}") -> bytes:
    """Write a form with a program that nobody has sent yet."""
    source = f"def run(rows):\n    {body}  # {next(numbers)}\n"
    return json.dumps(form_of("town/absent0", source, plan)).encode()


def asked(site: Mortal, form: bytes) -> bytes | None:
    """Send it; None if the site died of it."""
    try:
        return site.researcher.raw("POST", "/api/v1/algorithms", body=form)
    except Unavailable:
        return None


def assert_one_answer(site: Mortal, form: bytes, left: Counter[str]) -> None:
    """Send it until it is answered, and again: the same bytes, one debit, one release."""
    answer = b""

    def answered() -> bool:
        nonlocal answer
        answer = asked(site, form) or b""
        return answer.startswith(b'{"answer":')

    until(answered)
    assert asked(site, form) == answer
    site.answers[form.decode()] = answer
    gained = left + site.audit()
    assert gained == PAID + Counter({"release": 1})
    site.lives.begin()
    assert asked(site, form) == answer


def until(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never comes to pass"
        time.sleep(0.1)


def left_in(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*"))
