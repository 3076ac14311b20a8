"""What a hostile program would like to find on the host: one canary in each kind of place."""

import ctypes
import os
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

CANARY = "canary-" + uuid.uuid4().hex
VARIABLE = "DATARANGE_CANARY"
IPC_CREAT, IPC_RMID = 0o1000, 0
SEGMENT_KEY = int(uuid.uuid4().hex[:7], 16)


@contextmanager
def planted(folder: Path) -> Iterator[dict[str, Any]]:
    """Plant a file, a variable, a process, sockets and shared memory; give where they are."""
    folder.chmod(0o755)
    file = folder / "canary"
    file.write_text(CANARY)
    with ExitStack() as stack:
        port, datagrams, abstract, local = _sockets(folder, stack)
        os.environ[VARIABLE] = CANARY
        stack.callback(os.environ.pop, VARIABLE)
        opened = os.open(file, os.O_RDONLY)
        stack.callback(os.close, opened)
        os.set_inheritable(opened, True)  # noqa: FBT003  (the standard library's own way)
        shared = Path("/dev/shm") / CANARY  # noqa: S108  (where every process of the host looks)
        shared.write_text(CANARY)
        stack.callback(shared.unlink)
        _segment(stack)
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", CANARY])  # noqa: S603  (our own)
        stack.callback(process.wait)
        stack.callback(process.kill)
        yield {
            "FILE": str(file),
            "FOLDER": str(folder),
            "CANARY": CANARY,
            "VARIABLE": VARIABLE,
            "PORT": port,
            "DATAGRAMS": datagrams,
            "ABSTRACT": abstract,
            "LOCAL": local,
            "PID": process.pid,
            "SHARED": str(shared),
            "KEY": SEGMENT_KEY,
            "OPENED": opened,
            "PREFIX": sys.base_prefix,
            "HOST": socket.gethostname(),
        }


def _sockets(folder: Path, stack: ExitStack) -> tuple[int, int, str, str]:
    """Listen on loopback, by stream and datagram, and on two local sockets; echo datagrams."""
    stream = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    datagram = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    datagram.bind(("127.0.0.1", 0))
    datagram.settimeout(0.1)
    over = threading.Event()
    echo = threading.Thread(target=_echo, args=(datagram, over))
    echo.start()
    stack.callback(echo.join)
    stack.callback(over.set)
    names = (f"\0{CANARY}", str(folder / "socket"))
    for name in names:
        local = stack.enter_context(socket.socket(socket.AF_UNIX))
        local.bind(name)
        local.listen()
    return stream.getsockname()[1], datagram.getsockname()[1], *names


def _echo(datagram: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        with suppress(TimeoutError):
            content, sender = datagram.recvfrom(100)
            datagram.sendto(content, sender)


def _segment(stack: ExitStack) -> None:
    """Put the canary into a System V shared-memory segment."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    number = libc.shmget(SEGMENT_KEY, 4096, IPC_CREAT | 0o666)
    assert number >= 0, ctypes.get_errno()
    stack.callback(libc.shmctl, number, IPC_RMID, None)
    place = libc.shmat(number, None, 0)
    ctypes.memmove(place, CANARY.encode(), len(CANARY))
