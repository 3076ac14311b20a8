"""A site that is killed again and again, each life a fork of this process.

Usage: killed_site_program.py FOLDER LIVES. Each life opens the site in FOLDER, asks one new
question after another and reports each answer on a pipe; after a random time it gets SIGKILL.
What was acknowledged is printed at the end as JSON: question number to SHA-256 of the answer.
This process itself touches no snapshot: threads would not survive a fork.
"""

import hashlib
import json
import os
import random  # noqa: TID251  (when to kill; not noise)
import signal
import sys
import time
from pathlib import Path

from sandbox.assembly import open_site
from sandbox.flow.ask import ask
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Principal, Role
from sandbox.settings import Settings
from sandbox.wire import MeasureMessage, Question

QUESTIONS = 90


def question(number: int) -> Question:
    """Give a question of its own for each number."""
    return Question(
        dataset="town/clinic",
        where=(f"age >= {number}",),
        measures=(MeasureMessage("count"),),
        rho="0.0001",
    )


def live(folder: Path, pipe: int, first: int) -> None:
    """Ask until killed."""
    site = open_site(Settings(folder))
    with site.books.read() as page:
        asker = next(one for one in page.principals if one.role is Role.RESEARCHER)
    researcher = Principal(PrincipalName(asker.name), asker.role, asker.created)
    number = first
    while True:
        answer = ask(site, researcher, question(number % QUESTIONS))
        line = f"{number % QUESTIONS} {hashlib.sha256(answer).hexdigest()}\n"
        os.write(pipe, line.encode())
        number += 1


def lives(folder: Path, count: int) -> dict[int, set[str]]:
    """Live and die; give all digests that were acknowledged for each question."""
    acknowledged: dict[int, set[str]] = {}
    chance = random.Random(count)  # noqa: S311  (when to kill)
    for life in range(count):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            live(folder, writing, first=life)
        os.close(writing)
        time.sleep(chance.uniform(0.02, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading) as lines:
            for line in lines:
                number, _, digest = line.strip().partition(" ")
                acknowledged.setdefault(int(number), set()).add(digest)
    return acknowledged


if __name__ == "__main__":
    got = lives(Path(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps({number: sorted(digests) for number, digests in got.items()}))  # noqa: T201
