"""A site's half year as a ledger: three sources, seven agreements, and things worth a look.

What looks random comes from digests, so that the ledger is the same each time.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from sandbox.errors import Conflict
from tests.support.budget_tree import Party, Source, caps, key
from tests.support.diary import Diary
from tests.support.honest_ledger import Entry
from tests.support.witnesses import ALPHA, BETA

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the morning of a Monday in Chongqing."""
DISTRICTS = ("Banan", "Beibei", "Dazu", "Fuling", "Jiangjin", "Yubei")
FLOOD = "flood-2026-06"


def parties(residents: Source, riders: Source, pupils: Source) -> list[Party]:
    small, large = ("0.0004", "0.0008", "0.0012"), ("0.001", "0.0025", "0.004")
    return [
        Party("4b1e90c27d35", residents, "clinic", Fraction("0.12"), large, (9, 150), 9),
        Party("a07c55e81f62", residents, "insurer", Fraction("0.1"), small, (20, 120), 14),
        Party("1d83f6b04ae9", residents, "clinic", Fraction("0.08"), small, (65, 172), 8),
        Party("e2596cd17b08", residents, "faculty", Fraction("0.12"), large, (94, 176), 10),
        Party("70fa3be492c1", riders, "planner", Fraction("0.06"), large, (16, 140), 5),
        Party("c8d41a07f35e", riders, "start-up", Fraction("0.06"), small, (75, 170), 12),
        Party("93e7b2605dca", pupils, "faculty", Fraction(2), ("0.05", "0.1"), (40, 160), 5),
    ]


class HalfYear(Diary):
    """What happened, day by day."""

    def __init__(self) -> None:
        super().__init__(START)
        self.residents = Source(
            "health/residents",
            "zcdp",
            caps("0.4", person="0.15", month="0.12", quarter="0.3", emergency="0.04"),
            "0.12",
            ("health/clinic-visits", "health/screening"),
            {"column": "district", "keys": list(DISTRICTS), "most": 2},
        )
        self.riders = Source(
            "transport/riders",
            "zcdp",
            caps("0.12", day="0.01", month="0.036", emergency="0.02"),
            "0.06",
            ("transport/metro-trips",),
        )
        self.pupils = Source(
            "education/pupils",
            "pure",
            caps("4", delta="0", person="2.5"),
            "2",
            ("education/attendance",),
        )
        self.everybody = parties(self.residents, self.riders, self.pupils)
        self.asked = 0

    def told(self) -> list[Entry]:
        """Tell it from the first day to the last."""
        self.found()
        for source in (self.residents, self.riders, self.pupils):
            for dataset in source.datasets:
                self.publish(source, dataset)
                self.take_in(dataset)
        for day in range(180):
            self.day(day)
        return self.entries

    def day(self, day: int) -> None:
        """Let one day pass: paperwork first, then requests, then what is remarkable."""
        morning = START + timedelta(days=day)
        self.paperwork(day, morning)
        self.supervision(day, morning)
        if morning.weekday() < 5:
            for minutes, party in sorted(self.requests(day), key=lambda one: one[0]):
                self.at(morning, minutes)
                self.request(party, day)
        remarkable = {
            47: self.night,
            101: self.burst,
            116: self.flood,
            122: self.probe,
            136: self.bad_hour,
            143: self.rush,
        }
        if day in remarkable:
            remarkable[day](morning)

    def paperwork(self, day: int, morning: datetime) -> None:
        for party in self.everybody:
            if day == party.days[0] - 7:
                self.at(morning, 95 + party.days[0])
                name = f"key of {party.researcher}, {'later' if day > 50 else 'first'}"
                self.agree(party, date(2026, 3, 1), date(2026, 12, 31), key(name))
        if day == 58:
            self.at(morning, 300)
            self.apply("application-6d10", "transport/metro-trips", granted=False)
        if day == 64:
            self.at(morning, 130)
            self.publish(self.residents, "health/screening")
        if day in {31, 92, 153}:
            for dataset in self.policies:
                self.at(morning, 40 + len(dataset))
                self.take_in(dataset)

    def supervision(self, day: int, morning: datetime) -> None:
        """Do what owners, stewards and auditors do."""
        residents, riders = self.residents, self.riders
        deeds: Mapping[int, Callable[[], None]] = {
            59: lambda: self.recap(residents, source="0.5", month="0.14"),
            72: lambda: self.rekey(residents, key("owner of health/residents, second")),
            80: lambda: self.rekey_site(key("site, second")),
            88: lambda: self.review("ledger", "in_order"),
            103: lambda: self.review("agreement/c8d41a07f35e", "objection"),
            104: lambda: self.recap(riders, day="0.006"),
            121: lambda: self.review(f"emergency/{FLOOD}", "in_order"),
            126: lambda: self.dispose(self.everybody[1]),
            129: lambda: self.recap(residents, source="0.47", person="0.16"),
            157: lambda: self.erase("agreement/a07c55e81f62", 7),
            158: lambda: self.erase("application/application-6d10", 2),
            177: lambda: self.review("source/health/residents", "in_order"),
        }
        self.at(morning, 5)
        if day in deeds:
            deeds[day]()
        if day % 14 == 13:
            self.anchor([ALPHA, BETA])

    def requests(self, day: int) -> Iterator[tuple[int, Party]]:
        for party in self.everybody:
            first, last = party.days
            if first <= day <= last and party.patience:
                for number in range(3):
                    if roll(f"{party.name} {day} {number}", 30) < party.pace:
                        yield 20 + roll(f"when {party.name} {day} {number}", 520), party

    def night(self, morning: datetime) -> None:
        self.at(morning, 15 * 60)
        for _ in range(4):
            self.pass_time(7)
            self.ask(self.everybody[1], "health/clinic-visits", "0.0008")

    def burst(self, morning: datetime) -> None:
        self.at(morning, 610)
        for _ in range(24):
            self.pass_time(0.3)
            self.ask(self.everybody[5], "transport/metro-trips", "0.0002")

    def flood(self, morning: datetime) -> None:
        """Open the tranche and spend from it."""
        self.at(morning, 570)
        self.declare(FLOOD, self.residents, 72)
        for parts in (None, ("Yubei",), ("Banan", "Fuling")):
            self.pass_time(11)
            clinic = self.everybody[0]
            paid = self.debit(clinic, "health/clinic-visits", "0.008", parts, FLOOD)
            self.pass_time(0.05)
            self.release(paid)

    def probe(self, morning: datetime) -> None:
        self.at(morning, 615)
        for code in ("column.closed", "column.use", "column.use", "budget.per_submission"):
            self.pass_time(2)
            self.refuse("health/clinic-visits", "e2596cd17b08", [code])
        self.pass_time(2)
        self.ask(self.everybody[3], "health/clinic-visits", "0.0025")

    def bad_hour(self, morning: datetime) -> None:
        self.at(morning, 630)
        for number in range(3):
            self.pass_time(4)
            dataset = self.residents.datasets[number % 2]
            self.ask(self.everybody[2], dataset, "0.001", end="engine.failed")

    def rush(self, morning: datetime) -> None:
        """Give debits back, for the queue is full."""
        self.at(morning, 560)
        for party in (self.everybody[3], self.everybody[0], self.everybody[3], self.everybody[2]):
            self.pass_time(3)
            self.ask(party, "health/clinic-visits", "0.001", end="engine.busy")

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

    def ask(self, party: Party, dataset: str, price: str, *, end: str = "") -> None:
        """Debit and release, or refuse where the budget is used up."""
        parts = self.districts(party)
        try:
            paid = self.debit(party, dataset, price, parts)
        except Conflict:
            self.refuse(dataset, party.name, ["budget.exceeded"])
            party.patience = max(0, party.patience - 1)
            return
        self.pass_time(0.05)
        if end == "engine.busy":
            self.cancel(paid, end)
            return
        if end:
            self.fail(paid, end)
            self.pass_time(1)
        self.release(paid)

    def districts(self, party: Party) -> tuple[str, ...] | None:
        """Choose the districts that a question is about; most are about everybody."""
        if not party.source.partition or roll(f"parts {len(self.entries)}", 3):
            return None
        first = roll(f"first part {len(self.entries)}", len(DISTRICTS))
        count = 1 + roll(f"parts of {len(self.entries)}", 2)
        return tuple(sorted(DISTRICTS[(first + step) % len(DISTRICTS)] for step in range(count)))


def roll(what: str, sides: int) -> int:
    """Throw a die that always falls the same way for the same question."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:8]) % sides
