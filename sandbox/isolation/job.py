"""A program and one block of rows, packed the way the guest reads them."""

import json

from sandbox.model.program import Program

LENGTH = 8
"""Bytes of the big-endian number that says how long the header is."""


def packed(program: Program, rows: bytes) -> bytes:
    """Write a program and one block, an Arrow IPC stream."""
    header = json.dumps(
        {
            "modules": dict(program.modules),
            "entry": program.entry,
            "frame": program.frame,
            "outputs": [(output.name, output.count) for output in program.outputs],
        }
    ).encode()
    return len(header).to_bytes(LENGTH, "big") + header + rows
