"""A witness's key and memory: private, durable, and never started anew by accident."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.client import witness_key
from sandbox.client.connection import Connection
from sandbox.client.witness import witness
from sandbox.client.witness_state import Seen, hold
from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, NotVerified, Unavailable
from sandbox.ledger.note import verifier_key
from sandbox.model.principal import Role
from sandbox.settings import Witnessing
from tests.support.served import Served, served
from tests.support.witnesses import ALPHA, BETA

NOON = datetime.now(UTC)  # noqa: TID251  (the site's clock is the machine's)
# The signer key of the Go reference implementation's documentation: plain, not for co-signing.
PETER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("watched"), Witnessing((ALPHA.public,))) as running:
        yield running


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def connected(site: Served, role: Role = Role.AUDITOR) -> Connection:
    return Connection(site.url, site.tokens[role])


def grow(site: Served) -> None:
    with site.site.books.write() as page:
        page.log.append({"kind": "note"})


def test_a_new_key_is_read_back_and_is_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "w.key"
    made = witness_key.create(file, "witness.example/w1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert witness_key.load(file).public == made.public
    assert made.public.startswith("witness.example/w1+")


@pytest.mark.parametrize("number", range(20))
def test_any_new_key_is_read_back(tmp_path: Path, number: int) -> None:
    """Its base64 may hold the sign that also parts the fields."""
    made = witness_key.create(tmp_path / "w.key", f"w{number}")
    assert witness_key.load(tmp_path / "w.key").public == made.public


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "w.key"
    witness_key.create(file, "one")
    before = file.read_bytes()
    with pytest.raises(Conflict) as refusal:
        witness_key.create(file, "two")
    assert (refusal.value.code, file.read_bytes()) == ("key.exists", before)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.key"
    witness_key.create(file, "one")
    file.chmod(0o640)
    with pytest.raises(BadInput) as refusal:
        witness_key.load(file)
    assert refusal.value.code == "key.permissions"


@pytest.mark.parametrize("text", ["", "nonsense", PETER, "PRIVATE+KEY+a+00000000+AAAA", "\xff"])
def test_what_is_no_witness_s_key_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "w.key"
    file.write_text(text, encoding="latin-1")
    file.chmod(0o600)
    with pytest.raises(BadInput) as refusal:
        witness_key.load(file)
    assert refusal.value.code == "key.unreadable"
    assert "AYEKF" not in f"{refusal.value}{refusal.value.__cause__}"


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_key_has_a_proper_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as refusal:
        witness_key.create(tmp_path / "w.key", name)
    assert (refusal.value.code, list(tmp_path.iterdir())) == ("key.malformed", [])


def test_what_was_seen_is_on_the_disk_before_the_site_has_the_co_signature(
    site: Served, state: Path
) -> None:
    """A site that refuses the co-signature does not make the witness forget what it saw."""
    with pytest.raises(NotFound) as refusal:
        witness(connected(site), BETA, state, NOON)
    assert refusal.value.code == "witness.unknown"
    with hold(state) as kept:
        assert kept.read() is not None


def test_the_witness_is_an_auditor(site: Served, state: Path) -> None:
    with pytest.raises(NotPermitted):
        witness(connected(site, Role.OWNER), ALPHA, state, NOON)


def test_a_given_log_key_is_held_on_to(site: Served, state: Path) -> None:
    own, other = site.range_of(Role.AUDITOR).site.ledger_key, verifier_key("other", b"l" * 32)
    with pytest.raises(NotVerified) as refusal:
        witness(connected(site), ALPHA, state, NOON, other)
    assert (refusal.value.code, state.exists()) == ("ledger.checkpoint", False)
    grow(site)
    witness(connected(site), ALPHA, state, NOON, own)
    with pytest.raises(NotVerified) as refusal:
        witness(connected(site), ALPHA, state, NOON + timedelta(seconds=1), other)
    assert refusal.value.code == "witness.log_key"


@pytest.mark.parametrize(
    "damage", ["", "{}", "[]", '{"log_key": 1, "checkpoint": 2}', '{"log_key": "a"}']
)
def test_a_damaged_memory_is_never_started_anew(site: Served, state: Path, damage: str) -> None:
    state.write_text(damage)
    with pytest.raises(BadInput) as refusal:
        witness(connected(site), ALPHA, state, NOON)
    assert (refusal.value.code, state.read_text()) == ("witness.state", damage)


def test_a_memory_that_somebody_changed_is_found_by_its_signature(
    site: Served, state: Path
) -> None:
    grow(site)
    witness(connected(site), ALPHA, state, NOON)
    seen = json.loads(state.read_text())
    seen["checkpoint"] = seen["checkpoint"].replace("\n", "\n1", 1)
    state.write_text(json.dumps(seen))
    with pytest.raises(BadInput) as refusal:
        witness(connected(site), ALPHA, state, NOON)
    assert refusal.value.code == "witness.state"


def test_two_witnesses_do_not_share_a_memory_at_once(site: Served, state: Path) -> None:
    with hold(state), pytest.raises(Conflict) as refusal:
        witness(connected(site), ALPHA, state, NOON)
    assert refusal.value.code == "witness.running"


def test_a_memory_that_cannot_be_written_stops_the_witness(site: Served, tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        witness(connected(site), ALPHA, tmp_path / "no such folder" / "state", NOON)
    assert refusal.value.code == "witness.unwritable"


def test_a_memory_is_replaced_wholly(state: Path) -> None:
    with hold(state) as kept:
        kept.write(Seen("key", "one"))
        kept.write(Seen("key", "two"))
    assert json.loads(state.read_text())["checkpoint"] == "two"
    assert {file.name for file in state.parent.iterdir()} == {state.name, f"{state.name}.lock"}
