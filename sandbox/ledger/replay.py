"""The rules that an honest ledger keeps, replayed entry by entry in exact arithmetic.

Pure: entries in, findings and balances out. What is wrong is found and replay goes on, so that one
bad entry does not hide another. The rules, with the codes of their findings:

R1  Entries number themselves: each `index` is one more than the last (`entry.index`). An entry that
    misses a field is passed over (`entry.malformed`), so is an unknown kind (`entry.kind`). A clock
    may be set back, but that shows (`time.backwards`).
R2  The first entry founds the site and no other does (`site.missing`, `site.repeated`).
R3  A dataset stays with its source (`policy.source`), and its policies count from 0
    (`policy.version`). The first policy of a source opens its account and says its owner's key;
    every one is signed by the key in force (`policy.owner_key`, `policy.signature`) and repeats the
    accounting and the caps in force (`policy.terms`). A partition has two keys or more, none twice,
    and more of them than one person may be in (`policy.partition`).
R4  A snapshot is taken in under the policy in force, the dataset's last one (`dataset.policy`),
    and its name is new (`dataset.snapshot`).
R5  An application has a new name (`application.repeated`) and names a dataset with a policy
    (`application.dataset`). It is decided once (`decision.application`, `decision.repeated`).
R6  An agreement has a new name and an application of its own (`agreement.repeated`) that was
    granted (`agreement.application`). It covers the dataset applied for, and only datasets of its
    source (`agreement.datasets`); both parties signed its digest, the site with its key in force
    (`agreement.researcher_signature`, `agreement.site_signature`); it is counted like its source
    (`agreement.accounting`), capped by each dataset's policy (`agreement.cap`), and ends no earlier
    than it starts (`agreement.period`). It opens an account below its source.
R7  A debit names an agreement that nobody has disposed of (`debit.agreement`), falls on one of its
    days in UTC (`debit.period`), asks one of its datasets (`debit.dataset`) at its current snapshot
    (`debit.snapshot`) under its policy in force (`debit.policy`). No submission is debited twice
    unless the first debit was cancelled (`debit.repeated`). Parts that it names are some, not all,
    of the policy's partition, none twice (`debit.parts`). An emergency that it names is one of its
    source, open at the debit's time (`debit.emergency`).
R8  A cost is not negative; a pure one has an epsilon, and its rho is epsilon**2 / 2 (`debit.cost`;
    Bun, Steinke 2016, proposition 1.4). It is spent, rho under `zcdp` and epsilon under `pure`,
    from the accounts on its path:
    - in an emergency: `emergency/<source>`;
    - else `agreement/<id>`, `person/<source>/<researcher>`, and for each of day, month and quarter
      that the caps limit, `period/<source>/<2026-11-22 | 2026-11 | 2026-Q4>` of the debit's time;
    - where it names parts, each `part/<snapshot>/<key>`;
    - `source/<source>`: by the whole cost, or where it names parts, by what they add to the sum of
      the `most` parts of this snapshot that have spent most.
    The entry states what exactly these have then spent (`debit.balances`), and none is over its cap
    (`debit.over_cap`): a person's is the caps' `person`, or the source's; parts have the source's.
    Outside an emergency the source keeps what the tranche has not spent (`debit.reserve`).
R9  A release names an earlier debit of its submission (`release.debit`) that no release named
    before (`release.repeated`) and that was not cancelled (`release.cancelled`).
R10 A failure names an earlier debit of its submission (`failure.debit`). The debit stands: the same
    request may try again and collect its one answer.
R11 A cancellation names an earlier debit of its submission (`cancellation.debit`) that has neither
    failed, been released nor been cancelled (`cancellation.late`): it gives back at every account
    what the debit took, and states what they have then spent (`cancellation.balances`).
R12 Caps change from the ones in force (`cap.before`) under the accounting in force, as the owner's
    key in force signed (`cap.owner_key`, `cap.signature`), with the next number of the source's
    changes (`cap.change`), and never to less than what is spent: by the source with what it keeps
    back, the tranche, a person, or a period that is not over (`cap.below_spent`).
R13 A key changes from the one in force (`key.old`), signed by both (`key.signature`), with the next
    number of its subject's changes (`key.change`): a source's owner's, or the site's own.
R14 An emergency has a new name and a source (`emergency.source`, `emergency.repeated`), two
    different people behind it (`emergency.by`), and ends after it starts (`emergency.period`).
R15 A review, a disposal and an erasure are of something that the log knows (`review.subject`,
    `disposal.agreement`, `erasure.subject`); an agreement is disposed of once
    (`disposal.repeated`), by its researcher (`disposal.by`).
R16 An anchor is of a head of no more entries than stand before it (`anchor.size`), and each
    co-signature on it holds under its key (`anchor.cosignature`). `sandbox.ledger.verify` compares
    its root with the tree's at that size (`anchor.root`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger import records
from sandbox.ledger.balance import Balance, faults
from sandbox.ledger.findings import Collector, Finding, figure, shown
from sandbox.ledger.signing import agreement_message, check


@dataclass(frozen=True, slots=True)
class Findings:
    """What a replay found, and where it left every account."""

    found: tuple[Finding, ...]
    balances: Mapping[str, Balance]
    """By account: `source/<name>`, `agreement/<id>`."""
    counts: Mapping[str, int]
    """Entries by kind; malformed and unknown ones are not counted."""


def replay(entries: Iterable[tuple[int, Mapping[str, Any]]]) -> Findings:
    """Replay entries, each with its position in the log, and give all that breaks a rule."""
    run = _Replay()
    for position, entry in entries:
        run.take(position, entry)
    return run.findings()


_Broken = Iterator[tuple[str, str]]
"""Broken rules: (code, message)."""


class _Replay:
    """What stands so far. Each rule gives what an entry breaks, then lets it take effect."""

    def __init__(self) -> None:
        self.collector = Collector()
        self.taken = 0
        self.next_index = 0
        self.clock: datetime | None = None
        self.counts: Counter[str] = Counter()
        self.balances: dict[str, Balance] = {}
        self.site: records.Site | None = None
        self.policies: dict[str, records.Policy] = {}
        """The policy in force of each dataset."""
        self.current: dict[str, str] = {}
        """The current snapshot of each dataset."""
        self.snapshots: set[str] = set()
        self.applications: dict[str, records.Application] = {}
        self.granted: dict[str, bool] = {}
        self.agreements: dict[str, records.Agreement] = {}
        self.used: set[str] = set()
        """Applications that have their agreement."""
        self.submissions: set[str] = set()
        self.debits: dict[int, str] = {}
        """The submission of each debit, by the debit's index."""
        self.released: set[int] = set()
        self.rules: Mapping[type[records.Record], Callable[[Any], _Broken]] = {
            records.Site: self._site,
            records.Policy: self._policy,
            records.Dataset: self._dataset,
            records.Application: self._application,
            records.Decision: self._decision,
            records.Agreement: self._agreement,
            records.Refusal: lambda _refusal: iter(()),
            records.Debit: self._debit,
            records.Release: self._release,
            records.Failure: self._failure,
        }

    def findings(self) -> Findings:
        """Close the replay."""
        if not self.taken:
            self.collector.add(None, "site.missing", "The log has no entries")
        return Findings(self.collector.findings(), self.balances, self.counts)

    def take(self, position: int, entry: Mapping[str, Any]) -> None:
        """Judge one entry and let it take effect."""
        index = self._number(position, entry)
        try:
            record = records.read(entry)
        except BadInput as malformed:
            self.collector.add(index, malformed.code, malformed.message)
            return
        if record is None:
            self.collector.add(index, "entry.kind", f"Unknown kind {shown(entry['kind'])}")
            return
        self.counts[entry["kind"]] += 1
        for code, message in (*self._time(record), *self.rules[type(record)](record)):
            self.collector.add(index, code, message)

    def _number(self, position: int, entry: Mapping[str, Any]) -> int:
        """Give the number that the entry says it has, for others name it by that (R1, R2)."""
        said = entry.get("index")
        index = said if type(said) is int and 0 <= said <= records.MAX_INDEX else position
        if index != self.next_index:
            message = f"Entry {self.next_index} is not in its place: entry {index} stands there"
            self.collector.add(self.next_index, "entry.index", message)
        if not self.taken and entry.get("kind") != "site":
            self.collector.add(index, "site.missing", "The log does not begin with its site")
        self.taken += 1
        self.next_index = index + 1
        return index

    def _time(self, record: records.Record) -> _Broken:
        if self.clock and record.time < self.clock:
            yield "time.backwards", f"The entry before is {self.clock - record.time} later"
        self.clock = record.time

    def _site(self, site: records.Site) -> _Broken:
        if self.site:
            yield "site.repeated", "The site is founded again"
        self.site = self.site or site

    def _policy(self, policy: records.Policy) -> _Broken:
        known = self.policies.get(policy.dataset)
        if known and known.source != policy.source:
            yield "policy.source", f"{shown(policy.dataset)} leaves {shown(known.source)}"
        account = self.balances.setdefault(
            f"source/{policy.source}", Balance(policy.accounting, policy.cap)
        )
        if (account.accounting, account.cap) != (policy.accounting, policy.cap):
            opened = f"{account.accounting} {figure(account.cap)}"
            yield "policy.terms", f"{opened} becomes {policy.accounting} {figure(policy.cap)}"
        self.policies[policy.dataset] = policy

    def _dataset(self, dataset: records.Dataset) -> _Broken:
        if not self._in_force(dataset.dataset, dataset.policy):
            yield "dataset.policy", f"Not the policy in force of {shown(dataset.dataset)}"
        if dataset.snapshot in self.snapshots:
            yield "dataset.snapshot", f"Snapshot {shown(dataset.snapshot)} is recorded again"
        self.snapshots.add(dataset.snapshot)
        self.current[dataset.dataset] = dataset.snapshot

    def _application(self, application: records.Application) -> _Broken:
        if application.application in self.applications:
            yield "application.repeated", f"{shown(application.application)} was received before"
        if application.dataset not in self.policies:
            yield "application.dataset", f"There is no dataset {shown(application.dataset)}"
        self.applications.setdefault(application.application, application)

    def _decision(self, decision: records.Decision) -> _Broken:
        if decision.application not in self.applications:
            yield "decision.application", f"No application {shown(decision.application)}"
        if decision.application in self.granted:
            yield "decision.repeated", f"{shown(decision.application)} was decided before"
        self.granted.setdefault(decision.application, decision.granted)

    def _agreement(self, agreement: records.Agreement) -> _Broken:
        if agreement.agreement in self.agreements or agreement.application in self.used:
            yield "agreement.repeated", f"{shown(agreement.application)} has its agreement"
        if not self.granted.get(agreement.application):
            yield "agreement.application", f"{shown(agreement.application)} was not granted"
        yield from self._coverage(agreement)
        yield from self._signatures(agreement)
        yield from self._terms(agreement)
        self.used.add(agreement.application)
        self.agreements.setdefault(agreement.agreement, agreement)
        self.balances.setdefault(
            f"agreement/{agreement.agreement}", Balance(agreement.accounting, agreement.cap)
        )

    def _coverage(self, agreement: records.Agreement) -> _Broken:
        application = self.applications.get(agreement.application)
        if application and application.dataset not in agreement.datasets:
            yield "agreement.datasets", f"{shown(application.dataset)} was applied for"
        for name in agreement.datasets:
            policy = self.policies.get(name)
            if policy is None or policy.source != agreement.source:
                yield "agreement.datasets", f"{shown(name)} is not of the agreement's source"

    def _signatures(self, agreement: records.Agreement) -> _Broken:
        message = agreement_message(agreement.digest)
        if not _holds(agreement.researcher_key, agreement.researcher_signature, message):
            yield "agreement.researcher_signature", "The researcher's signature does not hold"
        founded = self.site is not None and agreement.site_key == self.site.site_key
        if not founded or not _holds(agreement.site_key, agreement.site_signature, message):
            yield "agreement.site_signature", "The site's signature does not hold under its key"

    def _terms(self, agreement: records.Agreement) -> _Broken:
        source = self.balances.get(f"source/{agreement.source}")
        if source and source.accounting != agreement.accounting:
            yield "agreement.accounting", f"The source is counted under {source.accounting}"
        for name in agreement.datasets:
            policy = self.policies.get(name)
            if policy and agreement.cap > policy.per_agreement:
                allowed = figure(policy.per_agreement)
                yield "agreement.cap", f"{figure(agreement.cap)}; {shown(name)} allows {allowed}"
        if agreement.starts > agreement.ends:
            yield "agreement.period", f"From {agreement.starts} to {agreement.ends}"

    def _debit(self, debit: records.Debit) -> _Broken:
        if debit.submission in self.submissions:
            yield "debit.repeated", f"Submission {shown(debit.submission)} was debited before"
        agreement = self.agreements.get(debit.agreement)
        yield from self._permission(debit, agreement)
        if self.current.get(debit.dataset) != debit.snapshot:
            yield "debit.snapshot", f"{shown(debit.snapshot)} is not the current snapshot"
        if not self._in_force(debit.dataset, debit.policy):
            yield "debit.policy", f"Not the policy in force of {shown(debit.dataset)}"
        yield from self._spending(debit, agreement)
        self.submissions.add(debit.submission)
        self.debits[debit.index] = debit.submission

    def _permission(self, debit: records.Debit, agreement: records.Agreement | None) -> _Broken:
        if agreement is None:
            yield "debit.agreement", f"No agreement {shown(debit.agreement)} is in force"
            return
        day = debit.time.date()
        if not agreement.starts <= day <= agreement.ends:
            yield "debit.period", f"{day} is not within {agreement.starts} to {agreement.ends}"
        if debit.dataset not in agreement.datasets:
            yield "debit.dataset", f"The agreement does not cover {shown(debit.dataset)}"

    def _spending(self, debit: records.Debit, agreement: records.Agreement | None) -> _Broken:
        """Spend at every account of the path; without an agreement, at the dataset's source."""
        below = agreement or self.policies.get(debit.dataset)
        path = [f"agreement/{debit.agreement}", f"source/{below.source}" if below else ""]
        before = {name: self.balances[name] for name in path if name in self.balances}
        for accounting in {balance.accounting for balance in before.values()}:
            yield from (("debit.cost", fault) for fault in faults(debit.cost, accounting))
        after = {name: balance.less(debit.cost) for name, balance in before.items()}
        if not all(balance.can_be_stated for balance in after.values()):
            yield "debit.cost", "The sum of costs is too long for any entry to state"
            return
        self.balances.update(after)
        for name, balance in after.items():
            if balance.spent > balance.cap:
                spent = f"{shown(name)} has spent {figure(balance.spent)}"
                yield "debit.over_cap", f"{spent} of {figure(balance.cap)}"
        if agreement and debit.balances != {name: one.spent for name, one in after.items()}:
            yield "debit.balances", "The stated balances are not the sum of the debits"

    def _release(self, release: records.Release) -> _Broken:
        if self.debits.get(release.debit) != release.submission:
            yield "release.debit", f"Entry {release.debit} is no debit of this submission"
        if release.debit in self.released:
            yield "release.repeated", f"Debit {release.debit} has its release"
        self.released.add(release.debit)

    def _failure(self, failure: records.Failure) -> _Broken:
        if self.debits.get(failure.debit) != failure.submission:
            yield "failure.debit", f"Entry {failure.debit} is no debit of this submission"

    def _in_force(self, dataset: str, digest: str) -> bool:
        policy = self.policies.get(dataset)
        return policy is not None and policy.digest == digest


def _holds(public: str, signature: str, message: bytes) -> bool:
    try:
        check(public, signature, message)
    except NotVerified:
        return False
    return True
