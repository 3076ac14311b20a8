"""A site that is killed again and again, and what its users keep of it meanwhile."""

import json
import os
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from sandbox.client.connection import Connection
from sandbox.client.export import export
from sandbox.client.log import RemoteLog
from sandbox.errors import Conflict, Unavailable
from sandbox.ledger.canonical import sha256
from sandbox.ledger.note import Checkpoint, open_checkpoint, verifier_key
from sandbox.ledger.tiles import read_export
from sandbox.ledger.verify import Demand, verify_export, verify_log
from sandbox.model.names import AccountId
from sandbox.model.principal import Role
from sandbox.model.step import Step
from sandbox.store.place import open_books
from tests.support.served import served
from tests.support.town import CSV, POLICY

PATIENCE = 120
"""Seconds that anything may take on a busy machine."""
PROGRAM = Path(__file__).with_name("lives_program.py")
CAPPED = POLICY.replace("ACCOUNTING", "zcdp").replace(
    "  per_agreement: {epsilon: 1}\n",
    """\
  per_agreement: {epsilon: 1.5}
  per_person: {epsilon: 1.5}
  per_period: {day: 1.5, month: 1.5, quarter: 1.5}
  emergency: {epsilon: 0.5}
  partition: {column: site, max_parts: 1}
""",
)
"""Every kind of account that there is."""
PRICE = Fraction(1, 1_000_000)
"""In rho; far more questions fit into the caps than any test asks."""

NOTHING = Counter[str]()
PAID = Counter({"debit": 1})
LEFT = {
    Step.SUBMITTED: NOTHING,
    Step.JUDGED: NOTHING,
    Step.CHARGED: NOTHING,
    Step.DEBITED: NOTHING,
    Step.RESERVED: PAID,
    Step.PLACED: PAID,
    Step.BEGUN: PAID,
    Step.EXECUTED: PAID,
    Step.MEASURED: PAID,
    Step.LOGGED: PAID,
    Step.STORED: PAID,
    Step.RECORDED: PAID + Counter({"release": 1}),
    # Here a second question has the only place to compute in, and is paid for too.
    Step.CANCELLED: PAID + PAID + Counter({"cancellation": 1}),
    Step.FAILED: PAID + Counter({"failure": 1}),
}
"""What a lone question has in the ledger when something befalls the site after a step."""


AT_THE_END = {Step.DESTROYED, Step.CERTIFIED, Step.CLOSED}
"""Steps of an agreement's end, which no question passes."""


class Lives:
    """The program `lives_program.py`, with the orders that it takes."""

    def __init__(self, folder: Path, books: str | None) -> None:
        self._program = subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, str(PROGRAM), str(folder), *([books] if books else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # so that nothing is read ahead of `select`
        )
        self.url = self._told()
        self._pid = 0

    @property
    def pid(self) -> int:
        """The process of the life that there is; 0 if there is none."""
        return self._pid

    def begin(self, *order: str) -> None:
        """End the life that there is, and start one; it takes connections when this returns."""
        if self._pid:
            self.kill()
        self._order("live", *order)
        self._pid = int(self._told().removeprefix("born "))

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self._pid, signal.SIGKILL)
        self.bury()

    def bury(self) -> None:
        """Wait until it has ended."""
        self._order("bury")
        assert self._told() == "dead"
        self._pid = 0

    def end(self) -> None:
        """End the program, and the life that there is."""
        if self._pid:
            self.kill()
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.stdout.close()
        assert self._program.wait(PATIENCE) == 0

    def _order(self, *words: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write((" ".join(words) + "\n").encode())

    def _told(self) -> str:
        assert self._program.stdout is not None
        waiting, _, _ = select.select([self._program.stdout], [], [], PATIENCE)
        assert waiting, "the program is stuck"
        line: bytes = self._program.stdout.readline()
        assert line, "the program has ended"
        return line.decode().strip()


@dataclass
class Mortal:
    """A site with a dataset and a researcher, and all that its users have seen of it."""

    folder: Path
    books: str | None
    lives: Lives
    key: str
    """Verifier key of the ledger."""
    token: str
    """The researcher's."""
    researcher: Connection
    auditor: Connection
    heads: list[Checkpoint] = field(default_factory=list)
    """What an auditor kept."""
    answers: dict[str, bytes] = field(default_factory=dict)
    """What the researcher was told, by question."""
    counts: Counter[str] = field(default_factory=Counter)
    """Entries of each kind at the last audit."""
    audits: int = 0

    def ask(self, question: str) -> bytes | None:
        """Ask, and remember the answer; None if the site died or could not compute."""
        try:
            answer = self.send(question)
        except (Unavailable, Conflict):
            return None
        assert self.answers.setdefault(question, answer) == answer
        return answer

    def send(self, question: str) -> bytes:
        """Ask, and give the answer or raise the refusal."""
        return self.researcher.raw("POST", "/api/v1/questions", body=question.encode())

    def look(self) -> None:
        """Keep the head that the site shows."""
        self.heads.append(open_checkpoint(RemoteLog(self.auditor).checkpoint, self.key))

    def verify(self) -> None:
        """Audit the log as the site shows it, while it is asked."""
        report = verify_log(RemoteLog(self.auditor), self.key, Demand(older=self.heads))
        assert report.verified, report.findings

    def audit(self) -> Counter[str]:
        """Audit the ledger offline while nobody asks, and compare books and answers with it.

        Gives the number of entries of each kind that are new since the last audit.
        """
        self.audits += 1
        folder = self.folder / f"export{self.audits}"
        export(self.auditor, folder, witnessed=False)
        report = verify_export(folder, self.key, Demand(older=self.heads))
        assert report.verified, report.findings
        with closing(open_books(self.folder / "site", self.books)) as books, books.read() as page:
            for name, balance in report.balances.items():
                assert page.accounts.get(AccountId(name)).spent == balance.spent, name
        self._compare_answers(list(read_export(folder).entries()))
        before, self.counts = self.counts, Counter(report.counts)
        return self.counts - before

    def _compare_answers(self, entries: list[bytes]) -> None:
        """Find every answer that somebody was given in the ledger, each debit's only one."""
        releases = [entry for entry in map(json.loads, entries) if entry["kind"] == "release"]
        released = {entry["submission"]: entry["answer"] for entry in releases}
        assert len(released) == len(releases)
        for body in self.answers.values():
            told = json.loads(body)
            answer = body.removeprefix(b'{"answer":').rpartition(b',"receipt":')[0]
            assert released[told["answer"]["submission"]] == sha256(answer)
            assert entries[told["receipt"]["index"]].decode() == told["receipt"]["entry"]


def question(number: int) -> str:
    """Ask something of its own for each number below 2,500; every other one is about a part."""
    part = ["site = 'north'"] if number % 2 else []
    return json.dumps(
        {
            "dataset": "town/clinic",
            "where": [f"age >= {number % 50}", f"age <= {99 - number // 50}", *part],
            "measures": [{"kind": "count"}],
            "rho": str(PRICE),
        }
    )


@contextmanager
def mortal(folder: Path, books: str | None) -> Iterator[Mortal]:
    """Found a site in the folder, its books there or on a server; it has no life yet."""
    with served(folder, books=books) as site:
        (folder / "clinic.csv").write_text(CSV)
        (folder / "clinic.yaml").write_text(CAPPED)
        owner = site.range_of(Role.OWNER)
        owner.add_dataset(folder / "clinic.csv", folder / "clinic.yaml", folder / "owner.key")
        site.agree(Role.RESEARCHER, "town/clinic", "research")
        key = verifier_key(site.site.origin, site.site.ledger_signer.public)
        tokens = site.tokens
    lives = Lives(folder / "site", books)
    try:
        researcher, auditor = (
            Connection(lives.url, tokens[role]) for role in (Role.RESEARCHER, Role.AUDITOR)
        )
        yield Mortal(folder, books, lives, key, tokens[Role.RESEARCHER], researcher, auditor)
    finally:
        lives.end()
