"""The log in the books: what RFC 6962 says of it, and what an entry may hold, on every store."""

import json
from collections.abc import Callable, Sequence

import pytest

from sandbox.errors import BadInput, NotFound, Unavailable
from sandbox.ledger.canonical import canonical
from sandbox.ledger.tree import check_inclusion, leaf_hash
from sandbox.ports import Books, Json


def test_entries_carry_their_own_index(books: Books) -> None:
    entry: dict[str, Json] = {"kind": "debit", "cost": {"rho": "3/8"}, "index": 99}
    with books.write() as page:
        assert [page.log.append(entry) for _ in range(3)] == [0, 1, 2]
    with books.read() as page:
        assert list(page.log.entries()) == [canonical({**entry, "index": i}) for i in range(3)]
        assert list(page.log.entries(1, 2)) == [page.log.entry(1)]
        assert list(page.log.entries(2)) == [page.log.entry(2)]
        assert list(page.log.entries(3)) == []
    assert entry["index"] == 99


def test_roots_and_proofs_hold_for_every_size(
    books: Books, merkle_root: Callable[[Sequence[bytes]], bytes]
) -> None:
    with books.write() as page:
        for number in range(33):
            page.log.append({"kind": "debit", "number": number})
    with books.read() as page:
        entries = list(page.log.entries())
        for size in range(len(entries) + 1):
            root = page.log.root(size)
            assert root == merkle_root(entries[:size])
            for index in range(size):
                proof = page.log.inclusion(index, size)
                check_inclusion(leaf_hash(entries[index]), index, size, proof, root)


def test_hashes_side_by_side_are_the_tree_s_and_never_fewer_than_asked_for(
    books: Books, merkle_root: Callable[[Sequence[bytes]], bytes]
) -> None:
    with books.write() as page:
        for number in range(33):
            page.log.append({"kind": "debit", "number": number})
    with books.read() as page:
        entries = list(page.log.entries())
        for level in range(5):
            width = 2**level
            whole = [entries[at : at + width] for at in range(0, 33 - width + 1, width)]
            expected = [merkle_root(span) for span in whole]
            assert list(page.log.subtrees(level, 0, len(whole))) == expected
            assert list(page.log.subtrees(level, 1, len(whole))) == expected[1:]
            with pytest.raises(Unavailable):
                page.log.subtrees(level, 0, len(whole) + 1)


@pytest.mark.parametrize(("index", "size"), [(1, 1), (-1, 1), (0, 3), (0, -1)])
def test_there_is_no_proof_beyond_the_log(books: Books, index: int, size: int) -> None:
    with books.write() as page:
        page.log.append({"kind": "site"})
        page.log.append({"kind": "policy"})
        with pytest.raises(NotFound):
            page.log.inclusion(index, size)


def test_an_entry_holds_65535_bytes_and_no_more(books: Books) -> None:
    frame = len(canonical({"index": 0, "text": ""}))
    with books.write() as page:
        with pytest.raises(BadInput) as refusal:
            page.log.append({"text": "x" * (65_536 - frame)})
        assert refusal.value.code == "ledger.entry_too_long"
        assert page.log.size() == 0
        page.log.append({"text": "x" * (65_535 - frame)})
        assert len(page.log.entry(0)) == 65_535


def test_a_long_log_streams_in_order(books: Books) -> None:
    with books.write() as page:
        for number in range(2500):
            page.log.append({"number": number})
    with books.read() as page:
        numbers = [json.loads(entry)["number"] for entry in page.log.entries(100, 2400)]
    assert numbers == list(range(100, 2400))
