"""Programs that try to see, reach or change something outside of their box.

Each is the body of a function that returns something true if it succeeds. All of `LOOKING` lie
together in one program, as do all of `FORBIDDEN`, so that one box runs them; each is tried whatever
the others did. System calls by number are those of x86-64.
"""

PRELUDE = """
import ctypes, glob, os, resource, signal, socket, subprocess, tempfile, time
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
STREAM = socket.SOCK_STREAM

def text(path):
    with open(path, "rb") as file:
        return file.read(10**6)

def finds(path):
    return CANARY.encode() in text(path)

def connected(family, kind, address):
    with socket.socket(family, kind) as one:
        one.settimeout(0.5)
        one.connect(address)
        return True

def creates(family, kind=socket.SOCK_RAW, protocol=0):
    with socket.socket(family, kind, protocol):
        return True

def child(attempt):
    number = os.fork()
    if number == 0:
        try:
            os._exit(1 if attempt() else 0)
        except BaseException:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) == 1
"""
LOOKING = {
    # Files of the host
    "a file": "return finds(FILE)",
    "a folder": "return os.listdir(FOLDER)",
    "a file through a process's root": "return finds(f'/proc/{PID}/root' + FILE)",
    "a file through the parent's root": "return finds(f'/proc/{os.getppid()}/root' + FILE)",
    "a file by climbing": "return finds('/tmp/' + '../' * 40 + FILE)",
    "a file through a symbolic link": """
link = tempfile.mkdtemp() + "/link"
os.symlink(FILE, link)
return finds(link)
""",
    "a file through a hard link": """
link = tempfile.mkdtemp(dir=os.path.dirname(FILE) if os.path.exists(FILE) else None) + "/link"
os.link(FILE, link)
return finds(link)
""",
    "a handle of a file": """
handle = ctypes.create_string_buffer(136)
handle[0:4] = (128).to_bytes(4, "little")
mount = ctypes.c_int()
return libc.name_to_handle_at(-100, FILE.encode(), handle, ctypes.byref(mount), 0) == 0
""",
    "where the host keeps its interpreter": "return PREFIX.encode() in text('/proc/self/maps')",
    "a device of its own": """
node = tempfile.mkdtemp() + "/node"
os.mknod(node, 0o20600, os.makedev(1, 11))
return os.open(node, os.O_RDONLY | os.O_NONBLOCK)
""",
    "the kernel's log": "return os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)",
    # Processes of the host
    "the list of processes": "return any(finds(one) for one in glob.glob('/proc/[0-9]*/cmdline'))",
    "a process's variables": "return VARIABLE.encode() in text(f'/proc/{PID}/environ')",
    "a signal to a process": "os.kill(PID, 0); return True",
    "a handle of a process": "return os.pidfd_open(PID)",
    "tracing a process": "return libc.ptrace(0x4206, PID, None, None) == 0",
    "reading a process": """
word = ctypes.create_string_buffer(8)
with open(f"/proc/{PID}/maps") as maps:
    place = int(maps.readline().split("-")[0], 16)
with open(f"/proc/{PID}/mem", "rb") as memory:
    memory.seek(place)
    return memory.read(4) == b"\\x7fELF"
""",
    "a process's priority": "return os.getpriority(os.PRIO_PROCESS, PID) is not None",
    # Networks
    "a port of the host": "return connected(socket.AF_INET, STREAM, ('127.0.0.1', PORT))",
    "a port by its mapped address": """
return connected(socket.AF_INET6, STREAM, ("::ffff:127.0.0.1", PORT))
""",
    "a datagram to the host": """
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    one.settimeout(0.5)
    one.sendto(b"hello", ("127.0.0.1", DATAGRAMS))
    return one.recv(10) == b"hello"
""",
    "an abstract socket": "return connected(socket.AF_UNIX, STREAM, ABSTRACT)",
    "a socket in a folder": "return connected(socket.AF_UNIX, STREAM, LOCAL)",
    "a raw socket": "return creates(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "a packet socket": "return creates(socket.AF_PACKET)",
    "the host's name": "return socket.gethostname() == HOST",
    # Memory and descriptors that are shared
    "a variable": "return os.environ.get(VARIABLE) == CANARY",
    "an inherited descriptor": "return os.pread(OPENED, 100, 0) == CANARY.encode()",
    "a file in shared memory": "return finds(SHARED)",
    "a segment of shared memory": """
number = libc.shmget(KEY, 0, 0)
place = libc.shmat(number, None, 0o10000) if number >= 0 else None
return place is not None and ctypes.string_at(place, len(CANARY)) == CANARY.encode()
""",
    # Privileges
    "being root": "os.setresuid(0, 0, 0); return True",
    "a capability": """
fields = dict(line.split(":", 1) for line in text("/proc/self/status").decode().splitlines())
return int(fields["CapEff"], 16)
""",
    "another root": "return child(lambda: os.chroot('/') is None)",
    "a mount": """
place = tempfile.mkdtemp().encode()
return libc.mount(b"none", place, b"tmpfs", 0, None) == 0 and libc.umount(place) == 0
""",
    "the host's namespaces": """
def enter():
    return libc.setns(os.open(f"/proc/{PID}/ns/mnt", os.O_RDONLY), 0) == 0 and finds(FILE)
return child(enter)
""",
    "a file, as root of a namespace of its own": """
return child(lambda: libc.unshare(0x10000000) == 0 and finds(FILE))
""",
    "a port, as root of a namespace of its own": """
address = ("127.0.0.1", PORT)
return child(lambda: libc.unshare(0x10000000) == 0 and connected(socket.AF_INET, STREAM, address))
""",
    "naming the machine": "return libc.sethostname(HOST.encode(), len(HOST)) == 0",
    "a higher priority": "return child(lambda: os.setpriority(os.PRIO_PROCESS, 0, -5) is None)",
    "a key ring": "return libc.syscall(248, b'user', b'k', b'v', 1, -2) > 0",
}
"""Each succeeds in a bare process of root, which is how we know that it would show."""

FORBIDDEN = {
    "a descriptor beside its own": """
def is_open(number):
    try: return os.fstat(number) is not None
    except OSError: return False
return sum(map(is_open, range(3, 64))) > 1
""",
    "how busy the host is": """
load = os.getloadavg() if os.path.exists("/proc/loadavg") else (0, 0, 0)
about = ctypes.create_string_buffer(112)
return load != (0, 0, 0) or libc.sysinfo(about) == 0 and any(about[8:32])
""",
    "a debugger's view of init": "return libc.ptrace(0x4206, 1, None, None) == 0",
    "io_uring": "return libc.syscall(425, 8, ctypes.create_string_buffer(120)) >= 0",
    "namespaces of its own": """
return any(child(lambda flag=flag: libc.unshare(flag) == 0) for flag in (
    0x10000000, 0x00020000, 0x08000000, 0x20000000, 0x40000000))
""",
    "a cloned namespace": """
number = libc.syscall(56, 0x10000000 | 17, None, None, None, None)
if number == 0:
    os._exit(0)
return number > 0
""",
    "a message queue": "return libc.syscall(240, b'queue', 0o102, 0o600, None) >= 0",
    "files by their handles": "return libc.syscall(304, -100, bytes(136), 0) >= 0",
    "bpf": "return libc.syscall(321, 0, ctypes.create_string_buffer(b'\\1' * 4, 120), 120) >= 0",
    "userfaultfd": "return libc.syscall(323, 0) >= 0",
    "performance counters": """
return libc.syscall(298, ctypes.create_string_buffer(b"\\1" + bytes(119)), 0, -1, -1, 0) >= 0
""",
    "a kernel module": "return libc.syscall(175, b'', 0, b'') == 0",
    "another kernel": "return libc.syscall(246, 0, 0, None, 0) == 0",
    "swap": "return libc.swapon(b'/tmp/x', 0) == 0",
    "the machine's clock": """
return time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME)) is None
""",
    "raw sockets of odd families": """
for family in (29, 30, 31, 38, 40, 44):
    try:
        return creates(family, socket.SOCK_SEQPACKET) or creates(family)
    except OSError:
        continue
""",
    "a name server": "return socket.getaddrinfo('example.com', 80)",
    "an address elsewhere": "return connected(socket.AF_INET, STREAM, ('192.0.2.1', 80))",
    "an interface that leads out": "return {one for _, one in socket.if_nameindex()} - {'lo'}",
    "devices": """
return glob.glob("/dev/mem") + glob.glob("/dev/k*") + glob.glob("/dev/[sv]d*")
""",
    "terminals": "return os.openpty()",
    "writing where it is": """
done = []
for folder in ("/", "/dev", "/etc", "/home", "/lib", "/packages", "/proc", "/proc/sys/kernel",
               "/python", "/root", "/run", "/srv", "/sys", "/usr", "/var"):
    try:
        with open(folder + "/planted", "w") as file:
            done.append(folder)
    except OSError:
        continue
return done
""",
    "changing its own guest": "open('/guest.py', 'a'); return True",
    "a core dump": "return resource.setrlimit(resource.RLIMIT_CORE, (2**20, 2**20)) is None",
    "more processes": "return resource.setrlimit(resource.RLIMIT_NPROC, (4096, 4096)) is None",
    "the site's own code": "import sandbox; return True",
    "a shell": "return subprocess.run(['/bin/sh', '-c', 'exit 0']).returncode == 0",
    "settings of the kernel": "open('/proc/sys/kernel/core_pattern', 'w').write('x'); return True",
    "what the site was started with": """
return [one for one in ("DATARANGE_TOKEN", "DATARANGE_BOOKS", "PYTHONPATH") if one in os.environ]
""",
}
"""What no box permits, and what would harm this machine or need luck if it were tried bare."""

OWN_KERNEL = {
    "a cloned namespace",
    "a higher priority",
    "a message queue",
    "namespaces of its own",
    "terminals",
}
"""What gVisor's kernel grants its own processes; nothing of it reaches the host's."""


def together(programs: dict[str, str]) -> str:
    """Write one function's body that tries them all; `got` has 1 for each that succeeds."""
    functions = []
    for number, body in enumerate(programs.values()):
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        functions.append(f"def attempt_{number}():\n{lines}\n")
    tried, names = "\n".join(functions), ", ".join(f"attempt_{n}" for n in range(len(programs)))
    return f"""
{PRELUDE}
{tried}
def succeeded(attempt):
    try:
        return float(bool(attempt()))
    except BaseException:
        return 0.0

return {{"got": [succeeded(one) for one in ({names},)]}}
"""
