"""The rules that an honest ledger keeps, replayed entry by entry in exact arithmetic.

Pure: entries in, findings and balances out. What is wrong is found and replay goes on, so that one
bad entry does not hide another. The rules, with the codes of their findings:

R1  Entries number themselves: each `index` is one more than the last (`entry.index`). An entry that
    misses a field is passed over (`entry.malformed`), so is an unknown kind (`entry.kind`). A clock
    may be set back, but that shows (`time.backwards`).
R2  The first entry founds the site and no other does (`site.missing`, `site.repeated`).
R3  A dataset stays with its source (`policy.source`), and its policies count from 0
    (`policy.version`). The first policy of a source opens its account and says its owner's key;
    every one is signed by the key in force (`policy.owner_key`, `policy.signature`) for this log,
    the `origin` of its first entry (`policy.origin`), and repeats the accounting and the caps in
    force (`policy.terms`). A partition has 2 to 64 keys, none twice, and
    more of them than one person may be in (`policy.partition`).
R4  A snapshot is taken in under the policy in force, the dataset's last one (`dataset.policy`),
    and its name is new (`dataset.snapshot`).
R5  An application has a new name (`application.repeated`) and names a dataset with a policy
    (`application.dataset`). It is decided once (`decision.application`, `decision.repeated`).
R6  An agreement has a new name and an application that was granted (`agreement.application`) and
    has no other agreement over the same source (`agreement.repeated`). It covers the dataset
    applied for, if it was granted before the log had steps, else datasets whose owners have
    consented last (`agreement.consent`), for its applicant (`agreement.researcher`), and only
    datasets of its source (`agreement.datasets`); both parties signed its digest, the site with its
    key in force (`agreement.researcher_signature`, `agreement.site_signature`); it is counted like
    its source (`agreement.accounting`), capped by each dataset's policy (`agreement.cap`), and ends
    no earlier than it starts (`agreement.period`). It grants lanes, and only such as each dataset's
    policy opens (`agreement.lanes`). Its digest is of the terms that it states, its name among
    them, and of its `words` (`agreement.document`). It opens an account below its source, or if it
    `amends` one, goes on with that one's, whose first version it is named by, under its own cap:
    which is no lower than what is spent, and otherwise no higher than each policy allows. What it
    amends is the last version, neither disposed of nor past its last day, of the same researcher
    over the same source (`agreement.amends`); its name is the first one's, a full stop and more, as
    no other's is. Whatever this researcher had over this source that is over, disposed of or past
    the last day of its last version, has feedback (`agreement.feedback`).
R7  A debit names the last version of an agreement that has not ended (`debit.agreement`), falls on
    one of its days in UTC (`debit.period`), asks one of its datasets (`debit.dataset`) through one
    of its lanes that the dataset's policy opens, too (`debit.lane`), at its current snapshot
    (`debit.snapshot`) under its policy in force (`debit.policy`). No submission is debited twice
    unless the first debit was cancelled (`debit.repeated`). Parts that it names are some, not all,
    of the partition that its snapshot was taken in under, none twice (`debit.parts`). An emergency
    that it names is one of its source, open at the debit's time (`debit.emergency`). It names the
    question that was approved for emergencies in one, and none outside of one (`debit.template`).
R8  A cost is not negative; a pure one has an epsilon, and its rho is epsilon**2 / 2 (`debit.cost`;
    Bun, Steinke 2016, proposition 1.4). It is spent, rho under `zcdp` and epsilon under `pure`,
    from the accounts on its path:
    - in an emergency: `emergency/<source>`;
    - else `agreement/<id of its first version>`, `person/<source>/<researcher>`, and for each of
      day, month and quarter that the caps limit, `period/<source>/<2026-11-22 | 2026-11 | 2026-Q4>`
      of the debit's time;
    - where it names parts, each `part/<snapshot>/<key>`;
    - `source/<source>`: by the whole cost, or where it names parts, by what they add to the sum of
      the `most` parts of this snapshot that have spent most.
    The entry states what exactly these have then spent (`debit.balances`), and none is over its cap
    (`debit.over_cap`): a period's is the one in force at the debit; a person's is the caps'
    `person`, or without one 64 times the source's, which nobody reaches before the source does (who
    asks about each part in turn pays for each, the source for the dearest); parts have the
    source's. Outside an emergency the source keeps what the tranche has not spent
    (`debit.reserve`).
R9  A release names an earlier debit of its submission (`release.debit`) that no release named
    before (`release.repeated`) and that was not cancelled (`release.cancelled`). The debit's
    agreement has not ended, and its last day in UTC is not over (`release.agreement`).
R10 A failure names an earlier debit of its submission (`failure.debit`). The debit stands: the same
    request may try again and collect its one answer.
R11 A cancellation names an earlier debit of its submission (`cancellation.debit`) that has neither
    failed, been released nor been cancelled (`cancellation.late`): it gives back at every account
    what the debit took, and states what they have then spent (`cancellation.balances`).
R12 Caps change from the ones in force (`cap.before`) under the accounting in force, as the owner's
    key in force signed (`cap.owner_key`, `cap.signature`) for this log (`cap.origin`), with the
    next number of the source's changes (`cap.change`), and never to less than what is spent: by the
    source with what it keeps back, the tranche, a person, or a period that is not over
    (`cap.below_spent`). A change that breaks a rule does not count: what follows is judged by the
    caps that were in force.
R13 A key changes from the one in force (`key.old`), signed by both (`key.signature`) for this log
    (`key.origin`), with the next number of its subject's changes (`key.change`):
    `source/<name>`'s owner's, or `site`'s own. A change that breaks a rule does not count.
R14 An emergency has a new name and a source (`emergency.source`, `emergency.repeated`), two
    different people behind it (`emergency.by`), and ends after it starts (`emergency.period`).
    Every earlier one over its source that had ended by then was reviewed (`emergency.unreviewed`):
    after its end, and by neither of the two.
R15 A review, a disposal, feedback and an erasure are of something that the log knows
    (`review.subject`, `disposal.agreement`, `feedback.agreement`, `erasure.subject`); an agreement
    is disposed of once, with all its versions (`disposal.repeated`), by its researcher
    (`disposal.by`), who alone gives feedback on it (`feedback.by`); an emergency is reviewed by
    neither of the two who opened it (`review.by`).
R16 An anchor is of a head of no more entries than stand before it (`anchor.size`), and each
    co-signature on it holds under its key (`anchor.cosignature`). `sandbox.ledger.verify` compares
    its root with the tree's at that size (`anchor.root`).
R17 A step is one of an application that was begun (`step.application`), which only `draft` does.
    A draft may be edited. From receipt on, an application may be assessed, also anew, and its
    owners consent or decline, also anew, each naming a dataset (`step.dataset`); a supplement may
    be asked for, and until the applicant resubmits nothing else happens but a withdrawal or a
    refusal. What is resubmitted has to be assessed and consented to again. Withdrawal and decision
    end it (`step.order`, `decision.application`). Draft, edit, resubmission and withdrawal are by
    one person (`step.by`). From a log's first step on, whatever is granted is assessed
    (`decision.unassessed`).
R18 A certificate says that the end of an agreement was carried out, by its first version
    (`certificate.agreement`): once (`certificate.repeated`), and only when it is over, `disposed`
    of or `expired`, its last day in UTC past, as the cause says (`certificate.cause`). By then each
    of its debits was answered, given back or has failed (`certificate.unsettled`). Disposal and
    certificate end an agreement: nothing is debited or released under it any more.
R19 An opening hands the open columns of a file to whoever signs in: its dataset is none that is
    asked of under a budget (`opening.dataset`), and its snapshot has a new name
    (`opening.snapshot`).
R20 A withdrawal ends an opening: it names the snapshot of the dataset's last one, which is not
    withdrawn yet (`withdrawal.snapshot`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.errors import BadInput
from sandbox.ledger import access, course, owners, records, spending, supervision
from sandbox.ledger.balance import Balance
from sandbox.ledger.findings import Collector, Finding, shown
from sandbox.ledger.standing import Anchored, Broken, Key, Standing


@dataclass(frozen=True, slots=True)
class Findings:
    """What a replay found, and where it left every account."""

    found: tuple[Finding, ...]
    balances: Mapping[str, Balance]
    """By account: `source/...`, `agreement/...`, `person/...`, `period/...`, `emergency/...` and
    `part/...`, as rule R8 names them."""
    counts: Mapping[str, int]
    """Entries by kind; malformed and unknown ones are not counted."""
    anchors: Sequence[Anchored]
    """What anchors say of the tree, for those who have it."""


def replay(entries: Iterable[tuple[int, Mapping[str, Any]]]) -> Findings:
    """Replay entries, each with its position in the log, and give all that breaks a rule."""
    run = _Replay()
    for position, entry in entries:
        run.take(position, entry)
    return run.findings()


def _site(stands: Standing, site: records.Site) -> Broken:
    """Found the site (R2)."""
    if stands.site:
        yield "site.repeated", "The site is founded again"
        return
    stands.site = site
    stands.keys["site"] = Key(site.site_key)


def _refusal(_stands: Standing, _refusal: records.Refusal) -> Broken:
    """Refuse a request: it cost nothing, so that there is nothing to judge."""
    yield from ()


_RULES: Mapping[type[records.Record], Callable[[Standing, Any], Broken]] = {
    records.Site: _site,
    records.Dataset: access.dataset,
    records.Application: access.application,
    records.Step: course.step,
    records.Decision: access.decision,
    records.Refusal: _refusal,
    records.Debit: spending.debit,
    records.Cancellation: spending.cancellation,
    records.Release: spending.release,
    records.Failure: spending.failure,
    records.Emergency: supervision.emergency,
    records.Review: supervision.review,
    records.Disposal: supervision.disposal,
    records.Certificate: supervision.certificate,
    records.Feedback: supervision.feedback,
    records.Opening: access.opening,
    records.Withdrawal: access.withdrawal,
    records.Erasure: supervision.erasure,
    records.Anchor: supervision.anchor,
}
_SIGNED_RULES: Mapping[
    type[records.Record], Callable[[Standing, Any, Mapping[str, Any]], Broken]
] = {
    records.Policy: owners.policy,
    records.Agreement: access.agreement,
    records.CapChange: owners.cap_change,
    records.KeyChange: owners.key_change,
}
"""Rules of what owners and parties sign, which are shown the entry as it is written."""


class _Replay:
    """Takes entries in order: numbers them, watches the clock, and applies each kind's rule."""

    def __init__(self) -> None:
        self.collector = Collector()
        self.stands = Standing()
        self.taken = 0
        self.next_index = 0
        self.clock: datetime | None = None
        self.counts: Counter[str] = Counter()

    def findings(self) -> Findings:
        """Close the replay."""
        if not self.taken:
            self.collector.add(None, "site.missing", "The log has no entries")
        return Findings(
            self.collector.findings(),
            self.stands.balances(),
            self.counts,
            self.stands.anchors,
        )

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
        for code, message in (*self._time(record), *self._rule(record, entry)):
            self.collector.add(index, code, message)

    def _rule(self, record: records.Record, entry: Mapping[str, Any]) -> Broken:
        kind = type(record)
        if kind in _SIGNED_RULES:
            return _SIGNED_RULES[kind](self.stands, record, entry)
        return _RULES[kind](self.stands, record)

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

    def _time(self, record: records.Record) -> Broken:
        if self.clock and record.time < self.clock:
            yield "time.backwards", f"The entry before is {self.clock - record.time} later"
        self.clock = record.time
