"""The warden: a small process beside each box, which outlives neither the box nor the site.

It alone starts the box, holds the wall clock and the memory watch, destroys the box with all its
processes, and removes its folder. It does so when the box is done, over a limit, or unwanted, and
when the site dies, however it dies: then the pipe between them ends, or the parent has changed.
Should the warden itself be killed, the kernel kills what it started (PR_SET_PDEATHSIG), and the
next site or pool sweeps the folder.

This file runs by itself, as `python -I -S warden.py`, and imports nothing of ours, and little else:
`pathlib`, `shutil`, `traceback` and `typing` would double its start. On standard input: a length,
so much JSON (`sandbox.isolation.plan`), a byte when a job is handed in, and another at the end.
Descriptors that the arguments name become the box's standard input, output and errors.
"""

from __future__ import annotations

import binascii
import ctypes
import fcntl
import json
import os
import select
import signal
import sys
import time
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

CONTROL, HANDED, LENGTH = 0, 3, 8
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
AGAIN = 0.02
"""Seconds after which we look for what was started while we killed, if nothing ends before."""
NEAR, PAGE = 0.75, os.sysconf("SC_PAGE_SIZE")
"""Share of its memory from which on a box's use is added up exactly; bytes."""
STARTERS = 200
"""Processes that a back end may need besides the box's own: gVisor has some for each of them."""
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
KCMP, KCMP_VM = {"x86_64": 312, "aarch64": 272}.get(os.uname().machine, 0), 1
"""Number of the system call that compares processes, and what it compares."""
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE, CLONE_NEWNS = 2, 4, 2**12, 2**14, 2**18, 2**17

libc = ctypes.CDLL(None, use_errno=True)


def main(streams: list[int]) -> None:
    """Hold one box from its start to its end."""
    site = os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # The site's end is what ends us, in order.
    for stream in streams:
        os.set_inheritable(stream, False)  # noqa: FBT003  (the standard library's own way)
    called("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    plan = json.loads(read(int.from_bytes(read(LENGTH), "big")))
    with folder(plan):
        box = start(plan, streams)
        for stream in streams:
            os.close(stream)
        try:
            watch(box, site, plan)
        finally:
            destroy()


def read(length: int) -> bytes:
    """Read so much and no more, so that what follows stays in the pipe."""
    found = b""
    while len(found) < length:
        found += (some := os.read(CONTROL, length - len(found)))
        if not some:
            sys.exit(0)  # The site died before it had said what it wanted.
    return found


@contextmanager
def folder(plan: dict[str, Any]) -> Iterator[None]:
    """Make the box's folder, locked as long as we live, and remove it."""
    own = plan["folder"]
    os.mkdir(own, 0o700)
    lock = os.open(own, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.chmod(own, 0o711)  # Whoever starts the box as nobody has to pass.
        for name in plan["folders"]:
            os.makedirs(f"{own}/{name}", exist_ok=True)
        for name, text in plan["files"]:
            write(f"{own}/{name}", text)
        for source, name in plan["stage"]:
            os.makedirs(os.path.dirname(f"{own}/{name}"), exist_ok=True)
            os.mkdir(f"{own}/{name}") if os.path.isdir(source) else write(f"{own}/{name}", "")
        yield
    finally:
        remove(own)
        os.close(lock)


def write(path: str, text: str) -> None:
    """Write a small file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def remove(own: str) -> None:
    """Remove a folder with all that is in it; what cannot be removed stays."""
    for place, _, files in os.walk(own, topdown=False):
        with suppress(OSError):
            for name in files:
                os.unlink(f"{place}/{name}")
            os.rmdir(place)


def start(plan: dict[str, Any], streams: list[int]) -> int:
    """Start the box; give its process."""
    warden = os.getpid()
    box = os.fork()
    if box:
        return box
    try:
        become(plan, streams, warden)
    except BaseException:  # noqa: BLE001  (a fork must never return into our caller)
        sys.excepthook(*sys.exc_info())
    os._exit(127)


def become(plan: dict[str, Any], streams: list[int], warden: int) -> NoReturn:
    """Turn into the back end's program: our streams, no other descriptor, no environment."""
    os.setsid()
    for number, stream in enumerate([*streams, os.open(os.devnull, os.O_RDWR)][:3]):
        os.dup2(stream, number)
    os.sched_setaffinity(0, plan["processors"])
    write("/proc/self/oom_score_adj", "1000")  # Rather a box than the site.
    if plan["handed"]:
        hand_over(binascii.a2b_base64(plan["handed"]))
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
        mount("tmpfs", f"{plan['folder']}/{name}", "tmpfs", MS_NOSUID | MS_NODEV, options)


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
        raise OSError(ctypes.get_errno(), name)


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
        if crowded or time.monotonic() > deadline or exceed(known, plan["memory"]):
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


def exceed(processes: list[int], memory: int) -> bool:
    """Whether these processes use more together; what is slow to tell is asked if it may matter."""
    return sum(map(resident, processes)) > NEAR * memory and used(processes) > memory


def resident(process: int) -> int:
    """Bytes of a process that are in memory, shared ones too; the kernel is a little behind."""
    with suppress(OSError):
        return PAGE * int(content(f"/proc/{process}/statm").split()[1])
    return 0


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
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    while time.monotonic() < deadline:
        for process in descendants(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return
        signal.sigtimedwait({signal.SIGCHLD}, AGAIN)


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]])
