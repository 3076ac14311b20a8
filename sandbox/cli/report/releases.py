"""Releases with all that they rest on, found in one pass over a ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import BadInput
from sandbox.ledger import records


@dataclass(frozen=True, slots=True)
class Paid:
    """A debit with the terms in force when it was paid."""

    debit: records.Debit
    policy: records.Policy
    caps: records.Caps
    partition: records.Partition | None
    """The one that the snapshot was taken in under."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release with the entries that it rests on."""

    site: records.Site
    paid: Paid
    agreement: records.Agreement
    release: records.Release

    @property
    def debit(self) -> records.Debit:
        """What was paid."""
        return self.paid.debit

    @property
    def policy(self) -> records.Policy:
        """The policy in force when it was paid."""
        return self.paid.policy


class Reading:
    """What must be remembered to know on what a release rests."""

    def __init__(self) -> None:
        self.site: records.Site | None = None
        self.policies: dict[str, records.Policy] = {}
        self.caps: dict[str, records.Caps] = {}
        self.partitions: dict[str, records.Partition | None] = {}
        self.agreements: dict[str, records.Agreement] = {}
        self.debits: dict[int, Paid] = {}

    def take(self, entry: Mapping[str, Any]) -> Release | None:
        """Read one entry; give the release, if it is one that was paid for."""
        record = _read(entry)
        match record:
            case records.Debit() | records.Cancellation():
                self._money(record)
            case records.Release():
                return self._released(record)
            case records.Record():
                self._terms(record)
            case None:
                pass
        return None

    def _terms(self, record: records.Record) -> None:
        match record:
            case records.Site():
                self.site = self.site or record
            case records.Policy():
                self.policies[record.dataset] = record
                self.caps.setdefault(record.source, record.caps)
            case records.CapChange() if record.source in self.caps:
                self.caps[record.source] = record.after
            case records.Dataset() if record.dataset in self.policies:
                self.partitions[record.snapshot] = self.policies[record.dataset].partition
            case records.Agreement():
                self.agreements.setdefault(record.agreement, record)
            case _:
                pass

    def _money(self, record: records.Debit | records.Cancellation) -> None:
        if isinstance(record, records.Cancellation):
            self.debits.pop(record.debit, None)
        elif record.dataset in self.policies:
            terms = self.policies[record.dataset]
            partition = self.partitions.get(record.snapshot)
            self.debits[record.index] = Paid(record, terms, self.caps[terms.source], partition)

    def _released(self, release: records.Release) -> Release | None:
        paid = self.debits.pop(release.debit, None)
        under = self.agreements.get(paid.debit.agreement) if paid else None
        if paid is None or under is None or self.site is None:
            return None
        return Release(self.site, paid, under, release)


def _read(entry: Mapping[str, Any]) -> records.Record | None:
    try:
        return records.read(entry)
    except BadInput:
        return None
