"""Patterns in a ledger that an auditor should look at; none of them proves that anything is wrong.

Six rules, each over a moving window and in bounded memory. A *request* is a debit or a refusal.

bursts      at least 20 requests of one agreement within 10 minutes.
same_price  at least 10 debits of one agreement about one dataset within 24 hours whose prices agree
            in their first two digits: what averaging over variations of one question looks like.
            The log commits to questions without showing them, so only their prices can be compared.
after_hours at least 3 requests of one agreement outside working hours within 12 hours.
failures    at least 3 failed runs over one source within 1 hour.
given_back  at least 3 debits over one source given back within 1 hour: each says that no row was
            read, which only the site can know.
probing     at least 3 refusals of one agreement within the 15 minutes before a release of the same
            agreement: the question may have been changed until it passed.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal

RuleName = Literal["bursts", "same_price", "after_hours", "failures", "given_back", "probing"]

MAX_INCIDENTS = 50
"""Incidents of one rule that are listed; the others are counted."""
MAX_ENTRIES = 12
"""Entries that an incident names; the others are counted."""
MAX_WINDOWS = 4096
"""Windows of one rule that are watched at once; the one that was quiet longest goes first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How many events in how long a time are remarkable."""

    least: int
    within: timedelta


RULES: Mapping[RuleName, Rule] = {
    "bursts": Rule(20, timedelta(minutes=10)),
    "same_price": Rule(10, timedelta(hours=24)),
    "after_hours": Rule(3, timedelta(hours=12)),
    "failures": Rule(3, timedelta(hours=1)),
    "given_back": Rule(3, timedelta(hours=1)),
    "probing": Rule(3, timedelta(minutes=15)),
}


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When people are expected to work: Monday to Friday, in one time zone."""

    zone: tzinfo
    opens: int = 8
    """First hour, 0 to 23."""
    closes: int = 20
    """Hour at which work has ended, 1 to 24."""

    def local(self, time: datetime) -> datetime:
        """Give the wall clock's time; at the end of all years, where no zone can be applied, UTC's.

        What a ledger says may be absurd, and must not end its audit.
        """
        try:
            return time.astimezone(self.zone)
        except OverflowError:
            return time

    def cover(self, local: datetime) -> bool:
        """Tell whether a local time is within working hours."""
        saturday = 5
        return local.weekday() < saturday and self.opens <= local.hour < self.closes


@dataclass(frozen=True, slots=True)
class Event:
    """One entry, as far as a rule looks at it."""

    position: int
    time: datetime


@dataclass(slots=True)
class Incident:
    """Events that together meet a rule."""

    rule: RuleName
    source: str
    agreement: str
    """Empty where there is none."""
    first: datetime
    last: datetime
    count: int = 0
    newest: int = -1
    """Position of the latest event."""
    entries: list[int] = field(default_factory=list)
    """Positions of the earliest events."""

    def take_new(self, events: Iterable[Event]) -> None:
        """Add those events, in order, that are not yet among them."""
        for event in events:
            if event.position > self.newest:
                self.count += 1
                self.last, self.newest = event.time, event.position
                if len(self.entries) < MAX_ENTRIES:
                    self.entries.append(event.position)


class Watch:
    """Reads requests, failures and releases in the order of the log and notes incidents."""

    def __init__(self, hours: WorkingHours) -> None:
        self.hours = hours
        self.incidents: dict[RuleName, list[Incident]] = {name: [] for name in RULES}
        self.counts: Counter[RuleName] = Counter()
        """Incidents by rule, those that are not listed too."""
        self._windows: dict[RuleName, OrderedDict[tuple[str, ...], _Window]] = {
            name: OrderedDict() for name in RULES
        }

    def request(self, event: Event, source: str, agreement: str) -> None:
        """Take a debit or a refusal."""
        self._watch("bursts", (source, agreement), event)
        if not self.hours.cover(self.hours.local(event.time)):
            self._watch("after_hours", (source, agreement), event)

    def debit(
        self, event: Event, source: str, agreement: str, dataset: str, amount: Fraction
    ) -> None:
        """Take a debit's price, beside the request that it is."""
        self._watch("same_price", (source, agreement, dataset, _two_digits(amount)), event)

    def refusal(self, event: Event, source: str, agreement: str) -> None:
        """Take a refusal, beside the request that it is."""
        window = self._window("probing", (source, agreement))
        window.push(event, RULES["probing"])

    def failure(self, event: Event, source: str) -> None:
        """Take a failed run."""
        self._watch("failures", (source, ""), event)

    def cancellation(self, event: Event, source: str) -> None:
        """Take a debit that was given back."""
        self._watch("given_back", (source, ""), event)

    def release(self, event: Event, source: str, agreement: str) -> None:
        """Take a release: the refusals shortly before it may have led to it."""
        window = self._windows["probing"].pop((source, agreement), None)
        if window is None:
            return
        window.forget(event.time, RULES["probing"].within)
        if len(window.events) >= RULES["probing"].least:
            self._open("probing", (source, agreement), window).take_new([event])

    def _watch(self, rule: RuleName, key: tuple[str, ...], event: Event) -> None:
        window = self._window(rule, key)
        window.push(event, RULES[rule])
        if len(window.events) < RULES[rule].least:
            return
        known = window.incident
        if known is not None and known.newest >= window.events[0].position:
            known.take_new(window.events)
        else:
            window.incident = self._open(rule, key, window)

    def _open(self, rule: RuleName, key: tuple[str, ...], window: "_Window") -> Incident:
        start, end = window.events[0].time, window.events[-1].time
        incident = Incident(rule, source=key[0], agreement=key[1], first=start, last=end)
        incident.take_new(window.events)
        self.counts[rule] += 1
        if len(self.incidents[rule]) < MAX_INCIDENTS:
            self.incidents[rule].append(incident)
        return incident

    def _window(self, rule: RuleName, key: tuple[str, ...]) -> "_Window":
        windows = self._windows[rule]
        window = windows.setdefault(key, _Window())
        windows.move_to_end(key)
        if len(windows) > MAX_WINDOWS:
            windows.popitem(last=False)
        return window


class _Window:
    """The latest events of one kind by one agreement."""

    def __init__(self) -> None:
        self.events: deque[Event] = deque()
        self.incident: Incident | None = None

    def push(self, event: Event, rule: Rule) -> None:
        """Add an event; keep those within the rule's time, no more than the rule needs."""
        self.forget(event.time, rule.within)
        self.events.append(event)
        while len(self.events) > max(rule.least, MAX_ENTRIES):
            self.events.popleft()

    def forget(self, now: datetime, within: timedelta) -> None:
        """Drop what is too old, and what a clock that was set back puts into the future."""
        while self.events and not timedelta(0) <= now - self.events[0].time <= within:
            self.events.popleft()


def _two_digits(amount: Fraction) -> str:
    context = Context(prec=2)
    return str(context.divide(Decimal(amount.numerator), Decimal(amount.denominator)))
