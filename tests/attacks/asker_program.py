"""One asker of many, a process of its own: waits for the start, asks once, prints the status.

Usage: asker_program.py URL TOKEN QUESTION; begins when a line comes on standard input.
"""

import sys
import urllib.error
import urllib.request


def main(url: str, token: str, question: str) -> None:
    request = urllib.request.Request(  # noqa: S310  (a site of this test, on the loopback)
        f"{url}/api/v1/questions",
        data=question.encode(),
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
    )
    print("ready", flush=True)  # noqa: T201  (tells the test)
    sys.stdin.readline()
    try:
        with urllib.request.urlopen(request, timeout=300) as reply:  # noqa: S310
            print(reply.status)  # noqa: T201
    except urllib.error.HTTPError as refused:
        print(refused.code)  # noqa: T201


main(*sys.argv[1:])
