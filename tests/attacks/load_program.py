"""Several processes that ask one question after another, whatever becomes of the site.

Usage: load_program.py URL TOKEN PROCESSES FILE. Each line on standard input is a question; after an
empty line they are asked until the input ends. Every third is the same for all processes at about
the same time, the others are each one's own choice. What was interrupted is asked again. A line is
added to FILE for every answer: the question's number and the answer's SHA-256. Any refusal but
that the site is busy is printed as it came, and ends its process.
"""

import hashlib
import http.client
import json
import os
import random  # noqa: TID251  (which question comes next; not noise)
import signal
import sys
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 120
"""Seconds that an answer may take, and that the site may be dead."""
BUSY = {"engine.busy", "submission.cancelled"}


def asked(connection: http.client.HTTPConnection, token: str, question: str) -> bytes | None:
    """Ask once; None if the site died, or has no place to compute in."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    try:
        connection.request("POST", "/api/v1/questions", question.encode(), headers)
        reply = connection.getresponse()
        body = reply.read()
    except (OSError, http.client.HTTPException):
        connection.close()  # the next request connects anew
        return None
    if reply.status == http.client.OK:
        return body
    if json.loads(body)["code"] not in BUSY:
        print(body.decode(), flush=True)  # noqa: T201  (tells the test)
        sys.exit(1)
    return None


def ask_for_ever(url: str, token: str, questions: list[str], file: Path) -> None:
    """Ask, and note what was answered."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    chance = random.Random(os.getpid())  # noqa: S311  (which question comes next)
    with file.open("ab", buffering=0) as notes:
        for turn in count():
            own = chance.randrange(len(questions))
            number = own if turn % 3 else turn % len(questions)
            answer = None
            while answer is None:
                answer = asked(connection, token, questions[number])
            # Few enough bytes that processes do not write into each other's lines.
            notes.write(f"{number} {hashlib.sha256(answer).hexdigest()}\n".encode())


def main(url: str, token: str, processes: str, file: str) -> None:
    """Fork, and end all when the input ends."""
    questions = list(iter(lambda: sys.stdin.readline().strip(), ""))
    children = []
    for _ in range(int(processes)):
        child = os.fork()
        if child == 0:
            ask_for_ever(url, token, questions, Path(file))
        children.append(child)
    sys.stdin.read()
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


main(*sys.argv[1:])
