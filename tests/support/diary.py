"""Writes a ledger day by day as an honest site would: real signatures, the books' own arithmetic.

Balances come from `sandbox.model.path`, which the ledger's figures and its replay do not use.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.client.witness_key import WitnessKey
from sandbox.ledger import entries, tree
from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.note import Checkpoint
from sandbox.ledger.signing import (
    agreement_digest,
    agreement_message,
    cap_message,
    key_message,
    policy_message,
)
from sandbox.model.cost import text
from tests.support.budget_tree import Paid, Party, Source, Tree, price_of
from tests.support.honest_ledger import (
    ORIGIN,
    SITE,
    VKEY,
    Entry,
    committed,
    nodes,
    pseudonym,
    public_text,
    signed_by,
)


class Papers:
    """Entries about policies, caps, keys and agreements, as a site appends them."""

    def __init__(self, start: datetime) -> None:
        self.entries: list[Entry] = []
        self.now = start
        self.versions: dict[str, int] = {}
        self.policies: dict[str, str] = {}
        self.snapshots: dict[str, str] = {}
        self.site_key, self.site_changes = SITE, 0

    def add(self, entry: Entry) -> int:
        self.entries.append({**entry, "index": len(self.entries)})
        return len(self.entries) - 1

    def found(self) -> None:
        public = public_text(self.site_key)
        self.add(entries.site(self.now, origin=ORIGIN, ledger_key=VKEY, site_key=public))

    def publish(self, source: Source, dataset: str) -> None:
        """Put a dataset's first or next policy in force."""
        version = self.versions[dataset] = self.versions.get(dataset, -1) + 1
        self.policies[dataset] = sha256(f"policy {version} of {dataset}".encode())
        terms = entries.policy_terms(
            origin=ORIGIN,
            dataset=dataset,
            source=source.name,
            owner=f"{source.name.split('/')[0]}-bureau",
            version=version,
            digest=self.policies[dataset],
            accounting=source.accounting,
            caps=source.caps,
            per_agreement=source.per_agreement,
            lanes=["query"],
            partition=source.partition,
            owner_key=public_text(source.key),
        )
        signature = signed_by(source.key, policy_message(terms))
        self.add(entries.policy(self.now, terms, signature))

    def take_in(self, dataset: str) -> None:
        self.snapshots[dataset] = sha256(f"{dataset} {len(self.entries)}".encode())[:24]
        self.add(
            entries.dataset(
                self.now,
                name=dataset,
                snapshot=self.snapshots[dataset],
                commitment=committed(f"manifest {len(self.entries)} of {dataset}"),
                policy=self.policies[dataset],
            )
        )

    def recap(self, owned: Source, /, **after: str | None) -> None:
        """Change caps, by the owner's key."""
        owned.changes += 1
        terms = entries.cap_terms(
            origin=ORIGIN,
            source=owned.name,
            change=owned.changes,
            accounting=owned.accounting,
            before=owned.caps,
            after={**owned.caps, **after},
            owner_key=public_text(owned.key),
        )
        signature = signed_by(owned.key, cap_message(terms))
        self.add(entries.cap_change(self.now, terms, signature))
        owned.caps = {**owned.caps, **after}

    def rekey(self, source: Source, new: Ed25519PrivateKey) -> None:
        source.changes += 1
        self._rekey(f"source/{source.name}", source.changes, source.key, new)
        source.key = new

    def rekey_site(self, new: Ed25519PrivateKey) -> None:
        self.site_changes += 1
        self._rekey("site", self.site_changes, self.site_key, new)
        self.site_key = new

    def _rekey(
        self, subject: str, change: int, old: Ed25519PrivateKey, new: Ed25519PrivateKey
    ) -> None:
        terms = entries.key_terms(
            origin=ORIGIN,
            subject=subject,
            change=change,
            old_key=public_text(old),
            new_key=public_text(new),
        )
        old_signature, new_signature = (signed_by(one, key_message(terms)) for one in (old, new))
        self.add(
            entries.key_change(
                self.now, terms, old_signature=old_signature, new_signature=new_signature
            )
        )

    def apply(self, application: str, dataset: str, *, granted: bool) -> None:
        form = committed(f"form of {application}")
        self.add(entries.application(self.now, id=application, dataset=dataset, commitment=form))
        self.pass_time(60 if granted else 240)
        reason = committed(f"reason of {application}")
        self.add(
            entries.decision(
                self.now,
                application=application,
                granted=granted,
                by=pseudonym("steward"),
                commitment=reason,
            )
        )

    def agree(self, party: Party, starts: date, ends: date, signs: Ed25519PrivateKey) -> None:
        """Apply, be granted, and sign."""
        application, source = f"application-{party.name}", party.source
        self.apply(application, source.datasets[0], granted=True)
        self.pass_time(60)
        terms = entries.agreement_terms(
            id=party.name,
            application=application,
            datasets=source.datasets,
            source=source.name,
            researcher_key=public_text(signs),
            site_key=public_text(self.site_key),
            starts=starts,
            ends=ends,
            lanes=["query"],
            accounting=source.accounting,
            cap=text(party.cap),
        )
        words = sha256(f"words of {party.name}".encode())
        digest = agreement_digest(terms, words)
        message = agreement_message(digest)
        self.add(
            entries.agreement(
                self.now,
                terms,
                words=words,
                digest=digest,
                researcher=pseudonym(party.researcher),
                researcher_signature=signed_by(signs, message),
                site_signature=signed_by(self.site_key, message),
            )
        )

    def at(self, morning: datetime, minutes: int) -> None:
        self.now = max(self.now, morning + timedelta(minutes=minutes))

    def pass_time(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


class Diary(Papers):
    """Entries about requests, and of those who look after a site."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.tree = Tree()

    def refuse(self, dataset: str, agreement: str | None, codes: list[str]) -> None:
        request = committed(f"request {len(self.entries)}")
        self.add(
            entries.refusal(
                self.now, dataset=dataset, agreement=agreement, request=request, codes=codes
            )
        )

    def debit(
        self,
        party: Party,
        dataset: str,
        price: str,
        parts: tuple[str, ...] | None = None,
        emergency: str | None = None,
    ) -> Paid:
        """Debit a question.

        Raises:
            Conflict: an account on its path cannot hold it.
        """
        paid = Paid(
            index=len(self.entries),
            submission=sha256(f"submission {len(self.entries)}".encode()),
            party=party,
            snapshot=self.snapshots[dataset],
            time=self.now,
            cost=price_of(party.source, price),
            parts=parts,
            emergency=emergency,
        )
        after = self.tree.path(paid).debited(paid.cost)
        self.add(
            entries.debit(
                self.now,
                submission=paid.submission,
                agreement=party.name,
                dataset=dataset,
                lane="query",
                snapshot=paid.snapshot,
                policy=self.policies[dataset],
                request=committed(f"request {paid.index}"),
                parts=parts,
                emergency=emergency,
                template=emergency and "cases",
                cost={
                    "rho": text(paid.cost.rho),
                    "delta": "0",
                    "epsilon": price if party.source.accounting == "pure" else None,
                },
                balances=self.tree.settle(after),
            )
        )
        return paid

    def release(self, paid: Paid) -> None:
        said: dict[str, Any] = {"submission": paid.submission, "debit": paid.index}
        self.add(entries.release(self.now, **said, answer=sha256(canonical(said))))

    def fail(self, paid: Paid, code: str) -> None:
        said: dict[str, Any] = {"submission": paid.submission, "debit": paid.index}
        self.add(entries.failure(self.now, **said, code=code))

    def cancel(self, paid: Paid, code: str) -> None:
        said: dict[str, Any] = {"submission": paid.submission, "debit": paid.index}
        balances = self.tree.settle(self.tree.path(paid).credited(paid.cost))
        self.add(entries.cancellation(self.now, **said, code=code, balances=balances))

    def declare(self, id: str, source: Source, hours: int) -> None:  # noqa: A002
        """Let two officials open a source's tranche."""
        self.add(
            entries.emergency(
                self.now,
                id=id,
                source=source.name,
                by=(pseudonym("steward"), pseudonym("deputy")),
                starts=self.now,
                ends=self.now + timedelta(hours=hours),
                commitment=committed(f"reason of {id}"),
            )
        )

    def review(self, subject: str, outcome: str) -> None:
        said = committed(f"review {len(self.entries)}")
        self.add(
            entries.review(
                self.now,
                subject=subject,
                by=pseudonym("auditor"),
                outcome=outcome,
                commitment=said,
            )
        )

    def dispose(self, party: Party) -> None:
        said = committed(f"statement about {party.name}")
        by = pseudonym(party.researcher)
        self.add(entries.disposal(self.now, agreement=party.name, by=by, commitment=said))

    def erase(self, subject: str, payloads: int) -> None:
        by = pseudonym("steward")
        self.add(entries.erasure(self.now, subject=subject, by=by, payloads=payloads))

    def anchor(self, witnesses: Sequence[WitnessKey]) -> None:
        """Have the whole log so far co-signed."""
        leaves = [canonical(entry) for entry in self.entries]
        head = Checkpoint(ORIGIN, len(leaves), tree.root(len(leaves), nodes(leaves)))
        time = int(self.now.timestamp())
        self.add(
            entries.anchor(
                self.now,
                size=head.size,
                root=head.root.hex(),
                keys=[one.public for one in witnesses],
                cosignatures=[one.cosign(head.body, time).line for one in witnesses],
            )
        )
