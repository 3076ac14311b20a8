"""One measured audit: `python -m benchmarks.one_audit SOURCE`.

Prints JSON: seconds of wall and of processor, peak memory in MiB, what was found, and the longest
of the inclusion proofs that were made from the tiles and checked against the head.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.long_ledger import VKEY
from sandbox.cli.audit_ahead import leaves_of
from sandbox.cli.audit_source import open_source
from sandbox.ledger import tree
from sandbox.ledger.note import open_checkpoint
from sandbox.ledger.subtrees import TileSubtrees
from sandbox.ledger.verify import verify_log

PROOFS = 200


def measure(source: str) -> dict[str, object]:
    """Audit a ledger in this process."""
    wall, processor = perf_counter(), process_time()
    log = open_source(source, witnessed=False)
    report = verify_log(log, VKEY, leaves=leaves_of(source, log))
    ours, reader = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "wall": perf_counter() - wall,
        "processor": process_time() - processor,
        "reader": reader.ru_utime + reader.ru_stime,
        "peak": (ours.ru_maxrss + reader.ru_maxrss) / 1024,
        "verified": report.verified and not report.findings,
        "size": report.size,
        "counts": dict(report.counts),
    }


def longest_proof(folder: Path) -> int:
    """Prove entries all over the log, the first and the last among them; give the most hashes."""
    head = open_checkpoint((folder / "checkpoint").read_text(encoding="utf-8"), VKEY)
    read = TileSubtrees(head.size, lambda path: (folder / path).read_bytes())
    places = {*range(0, head.size, max(1, head.size // PROOFS)), head.size - 1}
    return max(_checked_proof(index, head.size, head.root, read) for index in places)


def _checked_proof(index: int, size: int, root: bytes, read: Callable[[int, int], bytes]) -> int:
    proof = tree.inclusion(index, size, read)
    tree.check_inclusion(read(0, index), index, size, proof, root)
    return len(proof)


if __name__ == "__main__":
    figures = measure(sys.argv[1])
    if Path(sys.argv[1]).is_dir():
        figures["proof"] = longest_proof(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(figures))
