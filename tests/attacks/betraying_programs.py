"""Programs that try to tell whether one person is in the data, each in a way of its own.

Nobody but that person is older than 90. A program learns it in the one block that has the person,
and tries to tell it by more than the one value of that one block.
"""

TOLD = """
import ctypes, glob, os, resource, signal, sys, time
BEGUN = {begun}  # {number}
PLACES = ("/tmp", "/dev/shm", "/var/tmp", ".")

def run(rows):
    found = bool((rows["age"] > 90).any())
"""
TELLING = {
    "the range's ends": "return {'got': float(found)}",
    "a crash": "if found: ctypes.string_at(0)",
    "an exit code": "if found: os._exit(77)",
    "sleep": "if found: time.sleep(60)",
    "work without end": "while found: pass",
    "no number": "return {'got': float('nan' if found else 0)}",
    "another shape": "return {'got': [1.0] * 10**5 if found else 0}",
    "a flood": """
while found:
    for number in range(3, 64):
        try: os.write(number, bytes(65536))
        except OSError: pass
""",
    "a log": """
if found:
    print("present" * 10**5, file=sys.stderr, flush=True)
    raise RuntimeError("present")
""",
    "marks for later blocks": """
marks = [os.path.join(place, "mark") for place in PLACES]
seen = any(map(os.path.exists, marks)) or getattr(sys, "found", False)
if found:
    sys.found = True
    for mark in marks:
        try: open(mark, "x").close()
        except OSError: pass
return {"got": float(seen or found)}
""",
    "the clock": """
if found: time.sleep(60)
return {"got": (time.time() - BEGUN) / 10}
""",
    "hogging": """
if found:
    for _ in range(40):
        try: os.fork()
        except OSError: break
    kept = []
    while True: kept.append(bytearray(b"x" * 2**20))
end, turns = time.monotonic() + 0.05, 0
while time.monotonic() < end: turns += 1
return {"got": turns / 10**6}
""",
}
"""Ways to tell, by what is told beside the declared number or by all blocks at once."""
SLOW = ("sleep", "work without end", "the clock")
"""Those that show in the time that a block takes."""


def betrayal(way: str, number: int, begun: float) -> str:
    """Write a program's text; `number` makes it another one, `begun` is when it is sent."""
    body = "\n".join(f"    {line}" for line in TELLING[way].strip().splitlines())
    head = TOLD.replace("{begun}", repr(begun)).replace("{number}", str(number))
    return f"{head}{body}\n    return {{'got': 0.0}}\n"
