"""Hostile programs for the whole lane: each gives one number, which is 0 if it reached nothing.

Each is the body of `tried`, over a block's rows. What is planted on the host is known to all.
"""

from collections.abc import Mapping

from tests.attacks.hostile_programs import FORBIDDEN, LOOKING, OWN_KERNEL, PRELUDE, together
from tests.attacks.telling_programs import RESULT, TELLING

HARMLESS = "return {'got': [0.0 * rows.height]}"
REACHING = f"""
{PRELUDE}
def tries(attempt):
    try: return bool(attempt())
    except BaseException: return False

files = FILE, f"/proc/{{PID}}/root" + FILE, SHARED, f"/proc/{{PID}}/environ"
addresses = (socket.AF_INET, ("127.0.0.1", PORT)), (socket.AF_UNIX, ABSTRACT)
reached = [file for file in files if tries(lambda: finds(file))]
reached += [one for one in addresses if tries(lambda: connected(one[0], STREAM, one[1]))]
reached += [PID] * tries(lambda: os.kill(PID, 0) is None)
"""
"""Looks for what is planted."""
AT_ONCE = f"""
{REACHING}
{RESULT}
def survivor():
    while True: pass

def filler():
    number = 0
    while True:
        number += 1
        with open(f"/tmp/{{number}}", "wb") as file: file.write(bytes(2**20))

def hoarder():
    kept = []
    while True: kept.append(bytearray(b"x" * 2**20))

def bomb():
    while True: tries(os.fork)

print(CANARY * 10**4, reached, flush=True)
if reached:
    return {{"got": [1]}}
for number in range(1, 32):
    tries(lambda: signal.signal(number, signal.SIG_IGN))
for body in (survivor, filler, hoarder, bomb):
    if os.fork() == 0:
        os.setsid()
        body()
while True: os.write(result(), CANARY.encode())
"""
"""A survivor, three bombs and a flood together, deaf to every signal."""


def hostile() -> dict[str, str]:
    """Give every program's body, by what it tries; some of one kind lie in one program."""
    return {
        "all at once": AT_ONCE,
        "looking": together(_held(LOOKING)),
        "what is forbidden": together(_held(FORBIDDEN)),
        **TELLING,
    }


def source(body: str, known: Mapping[str, object], turn: int) -> str:
    """Write a program's text; `turn` makes it one that nobody has sent yet."""
    constants = "".join(f"{name} = {value!r}\n" for name, value in known.items())
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    run = "def run(rows):\n    return {'got': max(tried(rows)['got'])}\n"
    return f"{constants}TURN = {turn}\ndef tried(rows):\n{lines}\n{run}"


def _held(programs: Mapping[str, str]) -> dict[str, str]:
    """Leave out what gVisor's kernel grants."""
    return {name: body for name, body in programs.items() if name not in OWN_KERNEL}
