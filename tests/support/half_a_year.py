"""A site's half year as a ledger: three sources, seven agreements, and things worth a look.

Everything goes through the product's own entry functions; what looks random comes from digests, so
that the ledger is the same each time.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.ledger import entries
from sandbox.ledger.canonical import canonical, sha256
from sandbox.model.cost import text
from tests.support.honest_ledger import (
    ORIGIN,
    SITE,
    VKEY,
    Entry,
    committed,
    public_text,
    signature,
)

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the morning of a Monday in Chongqing."""


@dataclass(frozen=True)
class Source:
    """A source with the terms of its policies."""

    name: str
    accounting: str
    cap: str
    per_agreement: str
    datasets: tuple[str, ...]


@dataclass
class Party:
    """An agreement, whose it is, and how its researcher goes about it."""

    name: str
    source: Source
    key: Ed25519PrivateKey
    cap: Fraction
    prices: tuple[str, ...]
    days: tuple[int, int]
    """First and last day of activity, counted from the start."""
    pace: int
    """Questions in ten working days."""
    spent: Fraction = field(default=Fraction(0))
    patience: int = 4
    """Refusals for want of budget before they stop asking."""


RESIDENTS = Source(
    "health/residents", "zcdp", "0.45", "0.12", ("health/clinic-visits", "health/screening")
)
RIDERS = Source("transport/riders", "zcdp", "0.12", "0.06", ("transport/metro-trips",))
PUPILS = Source("education/pupils", "pure", "4", "2", ("education/attendance",))


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def parties() -> list[Party]:
    small, large = ("0.0004", "0.0008", "0.0012"), ("0.001", "0.0025", "0.004")
    return [
        Party("4b1e90c27d35", RESIDENTS, key("clinic"), Fraction("0.12"), large, (9, 150), 9),
        Party("a07c55e81f62", RESIDENTS, key("insurer"), Fraction("0.1"), small, (20, 120), 14),
        Party("1d83f6b04ae9", RESIDENTS, key("clinic"), Fraction("0.08"), small, (65, 172), 8),
        Party("e2596cd17b08", RESIDENTS, key("faculty"), Fraction("0.12"), large, (94, 176), 10),
        Party("70fa3be492c1", RIDERS, key("planner"), Fraction("0.06"), large, (16, 140), 5),
        Party("c8d41a07f35e", RIDERS, key("start-up"), Fraction("0.06"), small, (75, 170), 12),
        Party("93e7b2605dca", PUPILS, key("faculty"), Fraction(2), ("0.05", "0.1"), (40, 160), 5),
    ]


class HalfYear:
    """Entries as a busy site appends them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.now = START
        self.spent: dict[str, Fraction] = {}
        self.policies: dict[str, str] = {}
        self.snapshots: dict[str, str] = {}
        self.asked = 0

    def told(self) -> list[Entry]:
        """Tell it from the first day to the last."""
        self.add(entries.site(self.now, origin=ORIGIN, ledger_key=VKEY, site_key=public_text(SITE)))
        for source in (RESIDENTS, RIDERS, PUPILS):
            for dataset in source.datasets:
                self.publish(source, dataset, "first edition")
                self.take_in(dataset, 1)
        everybody = parties()
        for day in range(180):
            self.day(day, everybody)
        return self.entries

    def day(self, day: int, everybody: list[Party]) -> None:
        """Let one day pass: paperwork first, then requests, then what is remarkable."""
        morning = START + timedelta(days=day)
        self.paperwork(day, morning, everybody)
        if morning.weekday() < 5:
            for minutes, party in sorted(self.requests(day, everybody), key=lambda one: one[0]):
                self.at(morning, minutes)
                self.request(party, day)
        remarkable = {47: self.night, 101: self.burst, 122: self.probe, 136: self.bad_hour}
        if day in remarkable:
            remarkable[day](morning, everybody)

    def paperwork(self, day: int, morning: datetime, everybody: list[Party]) -> None:
        for party in everybody:
            if day == party.days[0] - 7:
                self.at(morning, 95 + party.days[0])
                self.agree(party)
        if day == 58:
            self.at(morning, 300)
            self.decline(RIDERS, "application-6d10")
        if day == 64:
            self.at(morning, 130)
            self.publish(RESIDENTS, "health/screening", "second edition")
        if day in {31, 92, 153}:
            for dataset in self.policies:
                self.at(morning, 40 + len(dataset))
                self.take_in(dataset, day)

    def requests(self, day: int, everybody: list[Party]) -> Iterator[tuple[int, Party]]:
        for party in everybody:
            first, last = party.days
            if first <= day <= last and party.patience:
                for number in range(3):
                    if roll(f"{party.name} {day} {number}", 30) < party.pace:
                        yield 20 + roll(f"when {party.name} {day} {number}", 520), party

    def night(self, morning: datetime, everybody: list[Party]) -> None:
        insurer = everybody[1]
        self.at(morning, 15 * 60)
        for _ in range(4):
            self.pass_time(7)
            self.ask(insurer, insurer.source.datasets[0], "0.0008")

    def burst(self, morning: datetime, everybody: list[Party]) -> None:
        start_up = everybody[5]
        self.at(morning, 610)
        for _ in range(24):
            self.pass_time(0.3)
            self.ask(start_up, start_up.source.datasets[0], "0.0002")

    def probe(self, morning: datetime, everybody: list[Party]) -> None:
        faculty = everybody[3]
        self.at(morning, 615)
        for code in ("column.closed", "column.use", "column.use", "budget.per_submission"):
            self.pass_time(2)
            self.refuse(faculty.source.datasets[0], faculty.name, [code])
        self.pass_time(2)
        self.ask(faculty, faculty.source.datasets[0], "0.0025")

    def bad_hour(self, morning: datetime, everybody: list[Party]) -> None:
        self.at(morning, 630)
        for number in range(3):
            self.pass_time(4)
            self.ask(everybody[2], RESIDENTS.datasets[number % 2], "0.001", failing=True)

    def request(self, party: Party, day: int) -> None:
        dataset = party.source.datasets[
            roll(f"set {party.name} {self.asked}", len(party.source.datasets))
        ]
        if roll(f"refused {party.name} {self.asked}", 9) == 0:
            codes = ("column.use", "column.closed", "budget.per_submission", "purpose.not_agreed")
            self.refuse(dataset, party.name, [codes[roll(f"code {self.asked}", 4)]])
        elif roll(f"stranger {self.asked}", 40) == 0:
            self.refuse(dataset, None, ["agreement.missing"])
        else:
            price = party.prices[roll(f"price {self.asked} {day}", len(party.prices))]
            self.ask(party, dataset, price)
        self.asked += 1

    def ask(self, party: Party, dataset: str, price: str, *, failing: bool = False) -> None:
        """Debit and release, or refuse where the budget is used up."""
        cost, source = Fraction(price), party.source
        account = f"source/{source.name}"
        over = self.spent.get(account, Fraction(0)) + cost > Fraction(source.cap)
        if over or party.spent + cost > party.cap:
            self.refuse(dataset, party.name, ["budget.exceeded"])
            party.patience = max(0, party.patience - 1)
            return
        party.spent += cost
        self.spent[account] = self.spent.get(account, Fraction(0)) + cost
        pure = source.accounting == "pure"
        submission = sha256(f"submission {len(self.entries)}".encode())
        debit = self.add(
            entries.debit(
                self.now,
                submission=submission,
                agreement=party.name,
                dataset=dataset,
                snapshot=self.snapshots[dataset],
                policy=self.policies[dataset],
                request=committed(f"request {len(self.entries)}"),
                cost={
                    "rho": text(cost**2 / 2 if pure else cost),
                    "delta": "0",
                    "epsilon": price if pure else None,
                },
                balances={
                    f"agreement/{party.name}": text(party.spent),
                    account: text(self.spent[account]),
                },
            )
        )
        self.pass_time(0.05)
        if failing:
            code = "engine.failed"
            self.add(entries.failure(self.now, submission=submission, debit=debit, code=code))
            self.pass_time(1)
        answer = sha256(canonical({"submission": submission}))
        self.add(entries.release(self.now, submission=submission, debit=debit, answer=answer))

    def refuse(self, dataset: str, agreement: str | None, codes: list[str]) -> None:
        request = committed(f"request {len(self.entries)}")
        self.add(
            entries.refusal(
                self.now, dataset=dataset, agreement=agreement, request=request, codes=codes
            )
        )

    def publish(self, source: Source, dataset: str, edition: str) -> None:
        self.policies[dataset] = sha256(f"policy of {dataset}, {edition}".encode())
        self.add(
            entries.policy(
                self.now,
                dataset=dataset,
                source=source.name,
                owner=f"{source.name.split('/')[0]}-bureau",
                digest=self.policies[dataset],
                accounting=source.accounting,
                cap=source.cap,
                per_agreement=source.per_agreement,
            )
        )

    def take_in(self, dataset: str, number: int) -> None:
        self.snapshots[dataset] = sha256(f"snapshot {number} of {dataset}".encode())[:24]
        self.add(
            entries.dataset(
                self.now,
                name=dataset,
                snapshot=self.snapshots[dataset],
                commitment=committed(f"manifest {number} of {dataset}"),
                policy=self.policies[dataset],
            )
        )

    def agree(self, party: Party) -> None:
        application, source = f"application-{party.name}", party.source
        digest = sha256(f"text of {party.name}".encode())
        self.add(
            entries.application(
                self.now, id=application, dataset=source.datasets[0], commitment=committed("form")
            )
        )
        self.pass_time(60)
        self.add(
            entries.decision(
                self.now,
                application=application,
                granted=True,
                by="steward",
                commitment=committed("reason"),
            )
        )
        self.pass_time(60)
        self.add(
            entries.agreement(
                self.now,
                id=party.name,
                application=application,
                datasets=source.datasets,
                source=source.name,
                digest=digest,
                researcher_key=public_text(party.key),
                researcher_signature=signature(party.key, digest),
                site_key=public_text(SITE),
                site_signature=signature(SITE, digest),
                starts=date(2026, 3, 1),
                ends=date(2026, 12, 31),
                accounting=source.accounting,
                cap=text(party.cap),
            )
        )

    def decline(self, source: Source, application: str) -> None:
        self.add(
            entries.application(
                self.now,
                id=application,
                dataset=source.datasets[0],
                commitment=committed("form"),
            )
        )
        self.pass_time(240)
        self.add(
            entries.decision(
                self.now,
                application=application,
                granted=False,
                by="steward",
                commitment=committed("reason"),
            )
        )

    def add(self, entry: Entry) -> int:
        self.entries.append({**entry, "index": len(self.entries)})
        return len(self.entries) - 1

    def at(self, morning: datetime, minutes: int) -> None:
        self.now = max(self.now, morning + timedelta(minutes=minutes))

    def pass_time(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


def roll(what: str, sides: int) -> int:
    """Throw a die that always falls the same way for the same question."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:8]) % sides
