"""The written format is the real one: its example verifies, its tables list what the code knows."""

import hashlib
import re
from dataclasses import fields
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import sandbox.ledger
from sandbox.ledger.canonical import commitment, parse, sha256
from sandbox.ledger.cosignature import cosign, witness_key
from sandbox.ledger.findings import ERRORS, WARNINGS
from sandbox.ledger.note import open_checkpoint, sign_checkpoint, verifier_key
from sandbox.ledger.records import KINDS
from sandbox.ledger.tiles import write_export
from sandbox.ledger.verify import Demand, verify_export

TEXT = Path(sandbox.ledger.__path__[0], "FORMAT.md").read_text(encoding="utf-8")
KEY, STORY, HASHES, HEAD, WITNESSED = re.findall(r"```(?:json)?\n(.*?)```", TEXT, re.DOTALL)
VKEY, LEAVES = KEY.strip(), STORY.encode().splitlines()


def rows(*, columns: int) -> list[list[str]]:
    lines = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line] for line in lines if len(line) == columns]


def test_the_worked_example_is_verified(tmp_path: Path) -> None:
    write_export(tmp_path / "export", LEAVES, HEAD)
    report = verify_export(tmp_path / "export", VKEY)
    assert (report.verified, report.findings, report.root) == (True, (), HASHES.split()[-1])
    assert report.balances["source/health/hie"].cap == Fraction(1, 5)
    bundle = (tmp_path / "export/tile/entries/000.p/3").read_bytes()
    assert bundle.hex().startswith("00ee7b22")


def test_the_worked_example_s_hashes_follow_from_the_text() -> None:
    leaves = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in LEAVES]
    node = hashlib.sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    root = hashlib.sha256(b"\x01" + node + leaves[2]).digest()
    assert HASHES.split() == [value.hex() for value in (*leaves, node, root)]


def test_the_worked_example_s_keys_and_digests_follow_from_the_text() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    public = key.public_key().public_bytes_raw()
    assert verifier_key("site.example/range", public) == VKEY
    assert sign_checkpoint(open_checkpoint(HEAD, VKEY), public, key.sign) == HEAD
    dataset = parse(LEAVES[2])
    assert dataset["policy"] == sha256(b"a policy")
    assert dataset["commitment"] == commitment(b"a manifest", bytes(32))


def test_the_worked_example_s_witness_follows_from_the_text(tmp_path: Path) -> None:
    witness, line = WITNESSED.splitlines()
    key = Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)
    public = key.public_key().public_bytes_raw()
    assert witness_key("witness.example/w1", public) == witness
    time = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    body = HEAD.partition("\n\n")[0] + "\n"
    made = cosign(body, "witness.example/w1", public, key.sign, int(time.timestamp()))
    assert made.line == line
    write_export(tmp_path / "export", LEAVES, f"{HEAD}{line}\n")
    report = verify_export(tmp_path / "export", VKEY, Demand(witnesses=[witness]))
    assert (report.verified, report.cosigned) == (True, {"witness.example/w1": made.time})


def test_every_kind_is_listed_with_its_fields() -> None:
    listed = {kind.strip("`"): re.findall(r"`(\w+)`", cells) for kind, cells in rows(columns=2)}
    for name, kind in KINDS.items():
        own = [field.name for field in fields(kind) if field.name not in {"index", "time"}]
        assert listed[name] == own


def test_every_finding_is_listed_with_its_reason() -> None:
    listed = {code.strip("`"): why for code, why in rows(columns=2)}
    assert {**ERRORS, **WARNINGS}.items() <= listed.items()
