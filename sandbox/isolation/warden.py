"""The warden: a small process beside each box, which outlives neither the box nor the site.

It alone starts the box, holds the wall clock and the memory watch, destroys the box with all its
processes, and removes its folder. It does so when the box is done, over a limit, or unwanted, and
when the site dies, however it dies: then the pipe between them ends, or the parent has changed.
Should the warden itself be killed, the kernel kills what it started (PR_SET_PDEATHSIG), and the
next site or pool sweeps the folder.

This file runs by itself, as `python -I -S warden.py`, and imports nothing of ours. On standard
input: one line of JSON (`sandbox.isolation.plan`), a byte when a job is handed in, and another at
the end. Descriptors that the arguments name become the box's standard input, output and errors.
"""

import base64
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

CONTROL, HANDED = 0, 3
HAND_IN, END = b"J", b"E"
"""What the site says; the pipe's end says the latter too, unless a fork of the site's holds it."""
IDLE, ALERT = 1.0, 0.05
"""Seconds between two looks: while nothing of a stranger's is in the box, and afterwards."""
GRACE = 2.0
"""Seconds beyond the wall clock that the site itself keeps."""
PATIENCE = 30.0
"""Seconds in which killed processes end, or the machine is in trouble."""
RESCAN = 4
"""Looks at the memory of known processes between two searches for new ones."""
STARTERS = 200
"""Processes that a back end may need besides the box's own: gVisor has some for each of them."""
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
KCMP, KCMP_VM = {"x86_64": 312, "aarch64": 272}.get(os.uname().machine, 0), 1
"""Number of the system call that compares processes, and what it compares."""
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
MS_NOSUID, MS_NODEV = 2, 4

libc = ctypes.CDLL(None, use_errno=True)


def main(streams: list[int]) -> None:
    """Hold one box from its start to its end."""
    site = os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # The site's end is what ends us, in order.
    for stream in streams:
        os.set_inheritable(stream, False)  # noqa: FBT003  (the standard library's own way)
    called("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    plan = json.loads(line())
    with folder(plan):
        box = start(plan, streams)
        for stream in streams:
            os.close(stream)
        try:
            watch(box, site, plan)
        finally:
            destroy()


def line() -> bytes:
    """Read the plan, byte by byte, so that what follows stays in the pipe."""
    read = bytearray()
    while not read.endswith(b"\n"):
        byte = os.read(CONTROL, 1)
        if not byte:
            sys.exit(0)  # The site died before it had said what it wanted.
        read += byte
    return bytes(read)


@contextmanager
def folder(plan: dict[str, Any]) -> Iterator[None]:
    """Make the box's folder, locked as long as we live, and remove it."""
    own = Path(plan["folder"])
    own.mkdir(mode=0o700)
    lock = os.open(own, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        own.chmod(0o711)  # Whoever starts the box as nobody has to pass.
        for name in plan["folders"]:
            (own / name).mkdir(parents=True, exist_ok=True)
        for name, text in plan["files"]:
            (own / name).write_text(text)
        for source, name in plan["stage"]:
            staged = own / name
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.mkdir() if Path(source).is_dir() else staged.touch()
        yield
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(lock)


def start(plan: dict[str, Any], streams: list[int]) -> int:
    """Start the box; give its process."""
    warden = os.getpid()
    box = os.fork()
    if box:
        return box
    try:
        become(plan, streams, warden)
    except BaseException:  # noqa: BLE001  (a fork must never return into our caller)
        traceback.print_exc()
    os._exit(127)


def become(plan: dict[str, Any], streams: list[int], warden: int) -> NoReturn:
    """Turn into the back end's program: our streams, no other descriptor, no environment."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number, stream in enumerate([*streams, nowhere][:3]):
        os.dup2(stream, number)
    os.sched_setaffinity(0, plan["processors"])
    Path("/proc/self/oom_score_adj").write_text("1000")  # Rather a box than the site.
    if plan["handed"]:
        hand_over(base64.b64decode(plan["handed"]))
    if plan["stage"] or plan["places"]:
        stage(plan)
    if plan["user"] is not None:
        os.setgroups([])
        os.setresgid(*[plan["user"]] * 3)
        os.setresuid(*[plan["user"]] * 3)
    called("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != warden:
        os._exit(127)  # It died before the kernel knew that we must not outlive it.
    os.umask(0o022)
    os.execve(plan["argv"][0], plan["argv"], {"PATH": "/usr/bin:/bin"})  # noqa: S606  (ours)


def hand_over(words: bytes) -> None:
    """Put what the starter reads on descriptor 3."""
    file = os.memfd_create("handed")
    os.write(file, words)
    os.lseek(file, 0, os.SEEK_SET)
    if file == HANDED:
        os.set_inheritable(file, True)  # noqa: FBT003  (the standard library's own way)
    else:
        os.dup2(file, HANDED)


def stage(plan: dict[str, Any]) -> None:
    """Show the starter, and nobody else, what lies where its user could not go."""
    called("unshare", CLONE_NEWNS)
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    for source, name in plan["stage"]:
        mount(source, f"{plan['folder']}/{name}", None, MS_BIND | MS_REC)
    for name, options in plan["places"]:
        target = f"{plan['folder']}/{name}"
        mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options)


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount one thing."""
    sort = kind.encode() if kind else None
    called("mount", source.encode(), target.encode(), sort, flags, options.encode())


def called(name: str, *values: object) -> None:
    """Call the C library.

    Raises:
        OSError: it says no.
    """
    if getattr(libc, name)(*values) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def watch(box: int, site: int, plan: dict[str, Any]) -> None:
    """Return once the box has ended, or has to."""
    looked = select.poll()
    looked.register(os.pidfd_open(box), select.POLLIN)
    looked.register(CONTROL, select.POLLIN)
    deadline, known, look = None, [], 0
    while os.getppid() == site:
        ready = dict(looked.poll(1000 * (IDLE if deadline is None else ALERT)))
        if ready.keys() - {CONTROL}:
            return  # The box ended by itself.
        if CONTROL in ready:
            if deadline or os.read(CONTROL, 1) != HAND_IN:
                return  # The site has what it wanted, or is no more.
            deadline = time.monotonic() + plan["wall"] + GRACE
        if deadline is None:
            continue
        if look % RESCAN == 0:
            known = descendants(os.getpid())
        look += 1
        crowded = len(known) > STARTERS + 2 * plan["tasks"]
        if crowded or time.monotonic() > deadline or used(known) > plan["memory"]:
            return


def descendants(root: int) -> list[int]:
    """Find all processes below one, whichever namespaces they are in."""
    below: dict[int, list[int]] = {}
    with os.scandir("/proc") as entries:
        processes = [int(entry.name) for entry in entries if entry.name.isdigit()]
    for process in processes:
        with suppress(OSError):
            stat = content(f"/proc/{process}/stat")
            parent = int(stat.rpartition(b")")[2].split()[1])
            below.setdefault(parent, []).append(process)
    found, open_ones = [], [root]
    while open_ones:
        children = below.get(open_ones.pop(), [])
        found += children
        open_ones += children
    return found


def used(processes: list[int]) -> int:
    """Bytes that these processes use together; shared pages count once where we may look."""
    counted: list[int] = []
    for process in processes:
        if not any(one_memory(process, other) for other in counted):
            counted.append(process)
    return sum(map(proportional, counted))


def one_memory(process: int, other: int) -> bool:
    """Whether two processes have one address space, as gVisor's have; no, if nobody can tell."""
    return bool(KCMP) and libc.syscall(KCMP, process, other, KCMP_VM, 0, 0) == 0


def proportional(process: int) -> int:
    """Bytes of one process: its proportional set, or all that is resident if that is hidden."""
    for name, key in (("smaps_rollup", b"Pss:"), ("status", b"VmRSS:")):
        with suppress(OSError):
            rows = content(f"/proc/{process}/{name}").splitlines()
            found = [row for row in rows if row.startswith(key)]
            return 1024 * int(found[0].split()[1]) if found else 0
    return 0


def content(path: str) -> bytes:
    """Read a small file of the kernel's, the quick way: this is done many times a second."""
    opened = os.open(path, os.O_RDONLY)
    try:
        return os.read(opened, 8192)
    finally:
        os.close(opened)


def destroy() -> None:
    """Kill everything below us until there is nothing; orphans come to us (subreaper)."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for process in descendants(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return
        time.sleep(0.002)


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]])
