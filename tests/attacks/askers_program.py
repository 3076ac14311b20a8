"""Many askers in several processes, who all ask at the same moment.

Usage: askers_program.py URL. The first line on standard input is a JSON list with a list for each
process: of what it asks at once, as `[token, question]`. When every connection stands, `ready` is
printed; the next line lets all go. Then the outcomes are printed as JSON in the order of the
askers: `[status, SHA-256 of the answer]`, or `[status, code]` of a refusal. Who is told that there
is no place to compute in asks again.
"""

import hashlib
import http.client
import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from urllib.parse import urlsplit

Asked = tuple[str, str]
Outcome = tuple[int, str]

PATIENCE = 300
"""Seconds that an answer may take."""
BUSY = {"engine.busy", "submission.cancelled"}
PAUSE = 0.05
"""Seconds before asking again where there was no place."""


def connected(address: str) -> http.client.HTTPConnection:
    """Connect, and wait if need be: a thousand come at once."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    connection.connect()
    return connection


def ask(connection: http.client.HTTPConnection, token: str, question: str) -> Outcome:
    """Ask until there is a place."""
    outcome = asked_once(connection, token, question)
    while outcome[1] in BUSY:
        time.sleep(PAUSE)
        outcome = asked_once(connection, token, question)
    return outcome


def asked_once(connection: http.client.HTTPConnection, token: str, question: str) -> Outcome:
    """Ask, and give the status with what identifies the reply."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    connection.request("POST", "/api/v1/questions", question.encode(), headers)
    reply = connection.getresponse()
    body = reply.read()
    if reply.status == http.client.OK:
        return reply.status, hashlib.sha256(body).hexdigest()
    return reply.status, str(json.loads(body)["code"])


def ask_all(address: str, share: list[Asked], ready: int, start: int) -> list[Outcome]:
    """Connect all of one process's askers, say so, and let them go when `start` is closed."""
    going = threading.Event()

    def wait_and_ask(connection: http.client.HTTPConnection, asked: Asked) -> Outcome:
        going.wait()
        return ask(connection, *asked)

    with ThreadPoolExecutor(len(share)) as threads:
        connections = list(threads.map(lambda _: connected(address), share))
        outcomes = threads.map(wait_and_ask, connections, share)
        os.write(ready, b".")
        os.read(start, 1)
        going.set()
        return list(outcomes)


def fork(address: str, share: list[Asked], ready: int, gate: tuple[int, int]) -> int:
    """Begin a process that asks its share; give where its outcomes can be read."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return reading
    start, held = gate
    os.close(held)
    with os.fdopen(writing, "w") as told:
        json.dump(ask_all(address, share, ready, start), told)
    os._exit(0)


def main(url: str) -> None:
    """Fork, wait, let go, and print what everybody got."""
    shares = cast("list[list[Asked]]", json.loads(sys.stdin.readline()))
    gate = os.pipe()
    standing, ready = os.pipe()
    pipes = [fork(urlsplit(url).netloc, share, ready, gate) for share in shares]
    for _ in shares:
        os.read(standing, 1)
    print("ready", flush=True)  # noqa: T201  (tells the test)
    sys.stdin.readline()
    os.close(gate[1])
    outcomes = []
    for pipe in pipes:
        with os.fdopen(pipe) as told:
            outcomes += json.load(told)
    print(json.dumps(outcomes))  # noqa: T201  (tells the test)


main(*sys.argv[1:])
