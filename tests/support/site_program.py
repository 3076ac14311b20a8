"""A site that holds boxes, for tests that kill it: one waits in a pool, one runs a job.

It writes the running box's warden and folder on standard output, and waits.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.isolation.box import Box
from sandbox.isolation.bubblewrap import Bubblewrap
from sandbox.isolation.gvisor import Gvisor
from sandbox.isolation.job import packed
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import BackEnd
from sandbox.model.output import Output
from sandbox.model.program import Frame, Program

BACK_ENDS: dict[str, Callable[[Path], BackEnd]] = {"gvisor": Gvisor, "bubblewrap": Bubblewrap}


def main(name: str, program: str, moment: str) -> None:
    """Hold two boxes, up to the moment named."""
    held = BACK_ENDS[name](Path(program))
    boxes = [Box(held, Limits(wall=120)) for _ in range(2)]
    if moment != "starting":
        for box in boxes:
            box.warm_up()
    for box in boxes:
        sys.stdout.write(f"{box.warden} {box.folder}\n")
    sys.stdout.flush()
    child = os.fork() if moment == "forked" else 0
    if moment != "forked" or child:
        sys.stdout.write(f"ready {child}\n")
        sys.stdout.flush()
    if moment == "running":
        source = "def run(rows):\n    while True: pass\n"
        job = Program({"a": source}, ("a", "run"), (Output("got", 0, 1),), Frame.BYTES)
        boxes[0].answer(packed(job, b""), 8)
    time.sleep(120)


if __name__ == "__main__":
    main(*sys.argv[1:])
