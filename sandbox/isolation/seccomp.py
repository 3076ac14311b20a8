"""Which system calls of the host's kernel a program under bubblewrap may make; all others fail.

An allow-list for numeric Python: files, memory, threads, processes of its own, time, and pipes.
No socket but a pair that is connected to itself, no namespace, mount, tracing, key, module, device
control, performance counter, shared-memory segment or message queue; nor what tells how busy the
host is (sysinfo), which other blocks could change.
"""

import errno
import os
from importlib.util import find_spec

_ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range
open openat creat stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat
getcwd chdir fchdir getdents64 getdents mkdir mkdirat rmdir unlink unlinkat rename renameat
renameat2 link linkat symlink symlinkat ftruncate truncate fallocate fsync fdatasync fchmod chmod
fchmodat umask utimensat utime utimes futimesat copy_file_range sendfile dup
dup2 dup3 fcntl flock pipe pipe2 statfs fstatfs poll ppoll select pselect6 epoll_create
epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2 timerfd_create
timerfd_settime timerfd_gettime mmap munmap mremap mprotect madvise msync brk membarrier
rseq get_mempolicy futex futex_waitv set_robust_list get_robust_list set_tid_address arch_prctl
gettid getpid getppid getpgrp getpgid getsid setsid setpgid getuid geteuid getgid getegid getgroups
getresuid getresgid fork vfork execve exit exit_group wait4 waitid kill tgkill rt_sigaction
rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigpending sigaltstack restart_syscall
pause alarm setitimer getitimer sched_yield sched_getaffinity sched_getparam sched_getscheduler
sched_get_priority_max sched_get_priority_min clock_gettime clock_getres clock_nanosleep nanosleep
gettimeofday time times getrusage uname getrandom getcpu getrlimit setrlimit sendto recvfrom
sendmsg recvmsg shutdown getsockname getpeername getsockopt setsockopt
"""
ABSENT = ("clone3", "openat2", "io_uring_setup", "memfd_create", "userfaultfd")
"""Said not to exist (ENOSYS): the C library and Python then take an older way."""
NAMESPACES = 0x7E020080
"""Every CLONE_NEW* flag of clone(2): a new thread or process, and no more."""
AF_UNIX = 1
TERMINAL_QUESTIONS = (0x5401, 0x5413, 0x541B, 0x5451, 0x5450, 0x5421)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIOCLEX, FIONCLEX, FIONBIO: what Python asks of any descriptor."""
PRCTL_NAMES = (15, 16, 0x53564D41)
"""PR_SET_NAME, PR_GET_NAME, PR_SET_VMA: names for debugging, which threads give themselves."""


def available() -> bool:
    """Say whether the library that writes such programs is here."""
    return find_spec("pyseccomp") is not None


def program() -> bytes:
    """Write the filter as a BPF program."""
    import pyseccomp  # noqa: PLC0415  (optional: only sites that share their kernel need it)

    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ERRNO(errno.EPERM))
    for call in _ALLOWED.split():
        rules.add_rule(pyseccomp.ALLOW, call)
    for call in ABSENT:
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), call)
    equal, masked = pyseccomp.EQ, pyseccomp.MASKED_EQ
    rules.add_rule(pyseccomp.ALLOW, "socketpair", pyseccomp.Arg(0, equal, AF_UNIX))
    rules.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, masked, NAMESPACES, 0))
    rules.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, equal, 0))
    for question in TERMINAL_QUESTIONS:
        rules.add_rule(pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, equal, question))
    for name in PRCTL_NAMES:
        rules.add_rule(pyseccomp.ALLOW, "prctl", pyseccomp.Arg(0, equal, name))
    file = os.memfd_create("seccomp")
    with os.fdopen(file, "w+b") as kept:
        rules.export_bpf(kept)
        kept.seek(0)
        return kept.read()
