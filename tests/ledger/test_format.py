"""The written format is the real one: its example verifies, its tables list what the code knows.

And whoever writes a reader from the texts alone can read what we publish: the one below was written
from RFC 6962, `signed-note`, `tlog-checkpoint`, `tlog-tiles` and `FORMAT.md`, calls nothing of
ours, and first reads what others have published.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

import sandbox.ledger
from sandbox.ledger.canonical import commitment, parse, sha256
from sandbox.ledger.cosignature import cosign, witness_key
from sandbox.ledger.findings import ERRORS, WARNINGS
from sandbox.ledger.note import open_checkpoint, sign_checkpoint, verifier_key
from sandbox.ledger.records import KINDS, Caps, Cost, Partition
from sandbox.ledger.signing import policy_message
from sandbox.ledger.tiles import write_export
from sandbox.ledger.verify import Demand, verify_export
from tests.support.honest_ledger import VKEY as HONEST_VKEY
from tests.support.honest_ledger import Entry, exported, honest, told, written

TEXT = Path(sandbox.ledger.__path__[0], "FORMAT.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:json)?\n(.*?)```", TEXT, re.DOTALL)
KEY, STORY, TERMS, HASHES, HEAD, WITNESSED = BLOCKS
VKEY, LEAVES = KEY.strip(), STORY.encode().splitlines()


def rows(*, columns: int) -> list[list[str]]:
    lines = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines if len(line) == columns]


# The worked example.


def test_the_worked_example_is_verified(tmp_path: Path) -> None:
    write_export(tmp_path / "export", LEAVES, HEAD)
    report = verify_export(tmp_path / "export", VKEY)
    assert (report.verified, report.findings, report.root) == (True, (), HASHES.split()[-1])
    caps = {name: balance.cap for name, balance in report.balances.items()}
    assert caps == {"source/health/hie": Fraction(1, 5), "emergency/health/hie": Fraction(1, 50)}
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
    assert dataset["policy"] == parse(LEAVES[1])["digest"] == sha256(b"a policy")
    assert dataset["commitment"] == commitment(b"a manifest", bytes(32))


def test_the_worked_example_s_owner_has_signed_the_terms_in_the_text() -> None:
    owner = Ed25519PrivateKey.from_private_bytes(b"\x04" * 32)
    signed = b"datarange/v1 policy\n" + TERMS.strip().encode()
    policy = parse(LEAVES[1])
    assert policy["owner_key"] == base64.b64encode(owner.public_key().public_bytes_raw()).decode()
    assert policy["signature"] == base64.b64encode(owner.sign(signed)).decode()
    assert policy_message(parse(TERMS.encode())) == signed
    assert parse(TERMS.encode()).items() <= policy.items()


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


# The tables.


def test_every_kind_is_listed_with_its_fields() -> None:
    listed = {kind.strip("`"): re.findall(r"`(\w+)`", cells) for kind, cells in rows(columns=2)}
    for name, kind in KINDS.items():
        own = [field.name for field in fields(kind) if field.name not in {"index", "time"}]
        assert listed[name] == own


@pytest.mark.parametrize(
    ("form", "kind"),
    [("`caps`, `before`, `after`", Caps), ("`partition`", Partition), ("`cost`", Cost)],
)
def test_every_object_within_an_entry_is_listed_with_its_fields(form: str, kind: type) -> None:
    listed = re.findall(r"`(\w+)`", dict(rows(columns=2))[form])
    assert listed[: len(fields(kind))] == [field.name for field in fields(kind)]


def test_every_finding_is_listed_with_its_reason() -> None:
    listed = {code.strip("`"): why for code, why in rows(columns=2)}
    assert {**ERRORS, **WARNINGS}.items() <= listed.items()


def test_the_table_of_parts_adds_up() -> None:
    """As the text has it: the source is charged by what is added to the two dearest parts."""
    table = [row for row in rows(columns=6) if re.match(r"-?\d", row[1])]
    assert len(table) == 7
    stood = [Fraction(0)] * 4
    for about, cost, *after in table:
        charge, now = Fraction(cost), [Fraction(cell) for cell in after]
        named = [place for place, part in enumerate(("north", "south", "east")) if part in about]
        parts = [spent + charge * (place in named) for place, spent in enumerate(stood[:3])]
        two = [sum(sorted(each, reverse=True)[:2]) for each in (stood[:3], parts)]
        added = two[1] - two[0] if named else charge
        stood = [*parts, stood[3] + added]
        assert stood == now


# A reader from the texts alone.


def mth(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1 writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def tile_name(n: int) -> str:
    """N as `tlog-tiles` writes it: three digits a group, an x before all but the last."""
    digits = str(n)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def opened(note: str, vkey: str) -> str:
    """Give the text of a note as `signed-note` has it opened by a verifier with one Ed25519 key."""
    name, key_id, encoded = vkey.split("+", 2)
    typed = base64.b64decode(encoded)
    assert typed[0] == 1
    assert hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4].hex() == key_id
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        dash, by, signed = line.split(" ")
        signature = base64.b64decode(signed)
        if (dash, by, signature[:4].hex()) == ("\N{EM DASH}", name, key_id):
            key = Ed25519PublicKey.from_public_bytes(typed[1:])
            key.verify(signature[4:], f"{text}\n".encode())
            return text
    raise LookupError(name)


def widths(size: int) -> Iterator[tuple[int, int, int]]:
    """Give the tiles of a tree that `tlog-tiles` asks for: level, number, width."""
    level, items = 0, size
    while items:
        yield from ((level, n, 256) for n in range(items // 256))
        if items % 256:
            yield level, items // 256, items % 256
        level, items = level + 1, items // 256


def read(folder: Path, vkey: str) -> list[Entry]:
    """Read an export and believe nothing that its head does not sign."""
    origin, size, root = opened((folder / "checkpoint").read_text("utf-8"), vkey).split("\n")
    assert origin == vkey.split("+", maxsplit=1)[0]
    leaves: list[bytes] = []
    tiles = {(level, n): width for level, n, width in widths(int(size))}
    for (level, n), width in tiles.items():
        if level == 0:
            bundle = (folder / path("entries", n, width)).read_bytes()
            while bundle:
                length = int.from_bytes(bundle[:2], "big")
                leaves.append(bundle[2 : 2 + length])
                bundle = bundle[2 + length :]
    assert len(leaves) == int(size)
    for (level, n), width in tiles.items():
        span = 256**level
        spans = [leaves[at * span : (at + 1) * span] for at in range(n * 256, n * 256 + width)]
        stored = (folder / path(str(level), n, width)).read_bytes()
        assert stored == b"".join(mth(each) for each in spans)
    assert base64.b64encode(mth(leaves)).decode() == root
    assert all(rfc8785.dumps(json.loads(leaf)) == leaf for leaf in leaves)
    return [json.loads(leaf) for leaf in leaves]


def path(level: str, n: int, width: int) -> str:
    return f"tile/{level}/{tile_name(n)}" + (f".p/{width}" if width < 256 else "")


def test_the_reader_reads_what_others_have_published() -> None:
    """Vectors of `tlog-tiles`, of the certificate-transparency project and of Go's note tools."""
    assert tile_name(1234067) == "x001/x234/067"
    assert list(widths(70_000))[273:] == [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    published = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    published.append("606162636465666768696a6b6c6d6e6f")
    leaves = [bytes.fromhex(leaf) for leaf in published]
    assert mth(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert mth([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is."
    )
    line = (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
        "tpRZb6KE6RyyBwJnAM="
    )
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert opened(f"{text}\n\n{line}\n", key) == text
    with pytest.raises(InvalidSignature):
        opened(f"{text}!\n\n{line}\n", key)


def test_the_reader_reads_the_worked_example(tmp_path: Path) -> None:
    write_export(tmp_path / "export", LEAVES, HEAD)
    assert [entry["kind"] for entry in read(tmp_path / "export", VKEY)] == [
        "site",
        "policy",
        "dataset",
    ]


def test_the_reader_reads_a_ledger_of_several_tiles(tmp_path: Path) -> None:
    story = honest()
    refusal = story.entries[20]
    for _ in range(600):
        story.add({**refusal, "time": story.entries[-1]["time"]})
    folder = exported(tmp_path / "export", written(story.entries))
    assert read(folder, HONEST_VKEY) == story.entries


def signed_fields() -> dict[str, tuple[bytes, list[str]]]:
    """Give the label and the fields of each signature, from the table."""
    kinds = {"agreement": "agreement", "policy": "policy"}
    kinds |= {"change of caps": "cap_change", "change of key": "key_change"}
    return {
        kinds[what]: (label.strip("`").encode(), re.findall(r"`(\w+)`", signed))
        for what, label, signed, _ in rows(columns=4)
        if what in kinds
    }


def signatures(entry: Entry) -> list[tuple[str, str]]:
    """Give key and signature of each party to an entry."""
    if entry["kind"] in {"policy", "cap_change"}:
        return [(entry["owner_key"], entry["signature"])]
    sides = ("old", "new") if entry["kind"] == "key_change" else ("researcher", "site")
    return [(entry[f"{side}_key"], entry[f"{side}_signature"]) for side in sides]


AGREED = re.findall(r"`(\w+)`", TEXT.partition("`terms` is the object of ")[2].partition(" as ")[0])
"""What an agreement's digest is of, besides its words."""


def test_the_reader_checks_every_signature_by_the_table() -> None:
    table, checked = signed_fields(), 0
    for entry in told():
        if entry["kind"] not in table:
            continue
        label, names = table[entry["kind"]]
        if entry["kind"] == "agreement":
            terms = {name: entry[name] for name in AGREED}
            stated = rfc8785.dumps({"terms": terms, "words": entry["words"]})
            assert hashlib.sha256(stated).hexdigest() == entry["digest"]
            signed: Any = entry["digest"].encode()
        else:
            signed = rfc8785.dumps({name: entry[name] for name in names})
        for public, signature in signatures(entry):
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
            key.verify(base64.b64decode(signature), label + b"\n" + signed)
            checked += 1
    assert checked == 5 + 1 + 2 * 2 + 6 * 2
