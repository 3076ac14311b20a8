"""Do anchors say of the tree what it was? One more pass, over the leaves' hashes alone (rule R16).

By the time that an anchor stands in the log, the tree has outgrown the size that it speaks of, so
that the root cannot be compared on the way. What is read again need not be what was read before: a
server can show other hashes the second time. They count only if they lead to the root of all
entries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from sandbox.errors import NotVerified
from sandbox.ledger.standing import Anchored
from sandbox.ledger.tree import grown, root


def wrong_anchors(
    anchors: Sequence[Anchored], hashes: Iterable[bytes], size: int, expected: bytes
) -> tuple[Anchored, ...]:
    """Give the anchors whose root the tree never had at their size.

    `hashes` are the tree's level 0; its first `size` leaves have the root `expected`.

    Raises:
        NotVerified: code `ledger.tile`; the hashes do not lead to that root.
    """
    by_size = defaultdict(list)
    for anchor in anchors:
        by_size[anchor.size].append(anchor)
    wrong: list[Anchored] = []
    last = None
    for reached, now in _roots(islice(hashes, size), {*by_size, size}):
        wrong += (anchor for anchor in by_size.pop(reached, []) if anchor.root != now)
        last = reached, now
    if last != (size, expected):
        raise NotVerified(
            "Level 0, read again, is not of the entries: no anchor can be compared with it",
            code="ledger.tile",
        )
    return (*wrong, *(anchor for beyond in by_size.values() for anchor in beyond))


def _roots(hashes: Iterable[bytes], sizes: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """Grow a tree and give its root at each of these sizes that it reaches."""
    latest: dict[int, bytes] = {}

    def newest(level: int, _index: int) -> bytes:
        return latest[level]

    if 0 in sizes:
        yield 0, root(0, newest)
    for index, leaf in enumerate(hashes):
        latest.update({level: value for level, _, value in grown(index, leaf, newest)})
        if index + 1 in sizes:
            yield index + 1, root(index + 1, newest)
