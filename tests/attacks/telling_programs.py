"""Programs that try to say something to the host, or to each other, beside their answer."""

RESULT = """
import os, struct
def result():
    return max(int(one) for one in range(3, 64) if is_pipe(one))
def is_pipe(number):
    try:
        return os.fstat(number).st_mode & 0o170000 == 0o010000
    except OSError:
        return False
"""
TELLING = {
    "a crash": "import ctypes; ctypes.string_at(0)",
    "an exit code": "import os; os._exit(77)",
    "an exception": "raise RuntimeError('present')",
    "an abort": "import os; os.abort()",
    "a deadly signal": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "a signal to all": "import os, signal; os.kill(-1, signal.SIGKILL); raise SystemExit",
    "a log": "import sys; print('present', file=sys.stderr); raise SystemExit",
    "text": "return 'present'",
    "a pickle": "import pickle\nreturn pickle.dumps({'got': 1})",
    "a nested list": """
nested = []
for _ in range(10**5):
    nested = [nested]
return {'got': nested}
""",
    "a NaN": "return {'got': float('nan')}",
    "an integer without end": "return {'got': 1 << 10**6}",
    "an output of another size": "return {'got': [1] * 10**5}",
    "an object that is no number": """
class Odd:
    def __float__(self): return 'x'
return {'got': Odd()}
""",
    "nothing": "return None",
    "bytes before the answer": RESULT + "os.write(result(), bytes(8)); return {'got': 1}",
    "a flood": RESULT + "while True: os.write(result(), bytes(65536))",
    "half an answer": RESULT + "os.write(result(), bytes(4)); os._exit(0)",
    "text for an answer": RESULT + "os.write(result(), b'present of 9'); os._exit(0)",
    "a closed pipe": "import os; os.closerange(0, 64)",
    "sleep": "import time; time.sleep(60)",
    "a stop": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "work without end": """
import signal
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
""",
    "a child that works on": """
import os
if os.fork() == 0:
    os.setsid()
    while True: pass
os._exit(0)
""",
    "a child that keeps the pipe": """
import os, time
if os.fork() == 0:
    os.setsid(); time.sleep(60)
os.kill(os.getpid(), 9)
""",
    "processes without end": """
import os
while True:
    try: os.fork()
    except OSError: pass
""",
    "memory without end": "kept = []\nwhile True: kept.append(bytearray(b'x' * 2**20))",
    "space without end": """
number = 0
while True:
    number += 1
    with open(f"/tmp/{number}", "wb") as file: file.write(bytes(2**20))
""",
    "names without end": """
number = 0
while True:
    number += 1
    open(f"/tmp/{number}", "x").close()
""",
    "threads without end": """
import threading, time
while True: threading.Thread(target=time.sleep, args=(60,)).start()
""",
    "descriptors without end": "import os\nkept = [os.pipe() for _ in range(10**6)]",
}
"""Ways to say one bit by something else than a declared number."""

VIEW = """
import glob, hashlib, os, resource, socket, sys
seen = [
    sorted(os.environ.items()), sys.argv, sys.path, socket.gethostname(), os.uname()[:],
    os.getcwd(), os.getresuid(), os.getresgid(), os.getgroups(), os.getpid(), os.getppid(),
    os.getsid(0), sorted(glob.glob("/*")), glob.glob("/tmp/*"), glob.glob("/dev/shm/*"),
    [resource.getrlimit(one) for one in range(16)], hash("text"), rows,
]
return {"got": int(hashlib.sha256(repr(seen).encode()).hexdigest()[:12], 16)}
"""
"""All that a program sees when it starts, as one number."""

MEETING = """
import os, socket, time

def listening(family, address):
    one = socket.socket(family)
    one.bind(address)
    one.listen()
    return one

def met(attempt):
    try: return attempt()
    except OSError: return False

def connected(family, address):
    with socket.socket(family) as one:
        one.settimeout(1)
        return one.connect(address) is None

files = ["/tmp/" + TOKEN, "/dev/shm/" + TOKEN]
sockets = [(socket.AF_UNIX, "\\0" + TOKEN), (socket.AF_INET, ("127.0.0.1", PORT))]
if rows == b"first":
    kept = [met(lambda: open(file, "x")) for file in files]
    kept += [met(lambda: listening(*one)) for one in sockets]
    time.sleep(3)
    for file in files: os.remove(file)
    return {"got": 0}
time.sleep(1)
seen = [met(lambda: os.path.exists(file)) for file in files]
return {"got": seen + [met(lambda: connected(*one)) for one in sockets]}
"""
"""What the first block leaves, and what the second looks for while the first still runs."""
