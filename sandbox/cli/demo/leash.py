"""Runs a program that ends with its parent: `python -m sandbox.cli.demo.leash PARENT PROGRAM ...`.

A demo that is killed cannot clean up after itself, so Linux does it (prctl(2), PR_SET_PDEATHSIG).
It is a program of its own because code between fork and exec in the demo could deadlock.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, program: list[str]) -> None:
    """Ask for a signal when the parent ends, then become the program."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # It ended before we asked.
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606  (the demo chose the program)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
