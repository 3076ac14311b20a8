"""What the log says: one function an entry kind, so that writer and verifier share one format.

Entries are JSON objects of text, integers, booleans, lists and maps; no floats. Times are RFC 3339
UTC text, numbers that must be exact are text (`0.375`, `3/8`). No entry holds personal data or a
value from rows: free text and requests appear as salted commitments (`sandbox.ledger.canonical`),
whose openings stand in a deletable store. The log adds `index` to every entry.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

Entry = dict[str, Any]


def instant(moment: datetime) -> str:
    """Write a time the way entries do: `2026-11-22T08:30:00.000000Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def site(time: datetime, *, origin: str, ledger_key: str, site_key: str) -> Entry:
    """Open the log: who writes it (`ledger_key`, C2SP) and who signs for owners (base64)."""
    return {
        "kind": "site",
        "time": instant(time),
        "origin": origin,
        "ledger_key": ledger_key,
        "site_key": site_key,
    }


def policy(  # noqa: PLR0913  (an entry lists its fields)
    time: datetime,
    *,
    dataset: str,
    source: str,
    owner: str,
    digest: str,
    accounting: str,
    cap: str,
    per_agreement: str,
) -> Entry:
    """Record a policy: its document's digest, and the caps it means in the accounting's unit."""
    return {
        "kind": "policy",
        "time": instant(time),
        "dataset": dataset,
        "source": source,
        "owner": owner,
        "digest": digest,
        "accounting": accounting,
        "cap": cap,
        "per_agreement": per_agreement,
    }


def dataset(time: datetime, *, name: str, snapshot: str, commitment: str, policy: str) -> Entry:
    """Record a snapshot of a dataset, under the policy with this digest."""
    return {
        "kind": "dataset",
        "time": instant(time),
        "dataset": name,
        "snapshot": snapshot,
        "commitment": commitment,
        "policy": policy,
    }


def application(time: datetime, *, id: str, dataset: str, commitment: str) -> Entry:  # noqa: A002  (the field's name)
    """Record that an application was received."""
    return {
        "kind": "application",
        "time": instant(time),
        "application": id,
        "dataset": dataset,
        "commitment": commitment,
    }


def decision(time: datetime, *, application: str, granted: bool, by: str, commitment: str) -> Entry:
    """Record a steward's decision; its reason is committed to."""
    return {
        "kind": "decision",
        "time": instant(time),
        "application": application,
        "granted": granted,
        "by": by,
        "commitment": commitment,
    }


def agreement(  # noqa: PLR0913
    time: datetime,
    *,
    id: str,  # noqa: A002
    application: str,
    datasets: Sequence[str],
    source: str,
    digest: str,
    researcher_key: str,
    researcher_signature: str,
    site_key: str,
    site_signature: str,
    starts: date,
    ends: date,
    accounting: str,
    cap: str,
) -> Entry:
    """Record an agreement in force, and the account it opens below its source."""
    return {
        "kind": "agreement",
        "time": instant(time),
        "agreement": id,
        "application": application,
        "datasets": list(datasets),
        "source": source,
        "digest": digest,
        "researcher_key": researcher_key,
        "researcher_signature": researcher_signature,
        "site_key": site_key,
        "site_signature": site_signature,
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "accounting": accounting,
        "cap": cap,
    }


def refusal(
    time: datetime, *, dataset: str, agreement: str | None, request: str, codes: Sequence[str]
) -> Entry:
    """Record a refused request: a commitment to it, and the codes of all reasons. Costs nothing."""
    return {
        "kind": "refusal",
        "time": instant(time),
        "dataset": dataset,
        "agreement": agreement,
        "request": request,
        "codes": list(codes),
    }


def debit(  # noqa: PLR0913
    time: datetime,
    *,
    submission: str,
    agreement: str,
    dataset: str,
    snapshot: str,
    policy: str,
    request: str,
    cost: Mapping[str, str | None],
    balances: Mapping[str, str],
) -> Entry:
    """Record a debit before rows are read.

    `cost` has `rho`, `delta` and `epsilon` (null where not pure); `balances` maps each account on
    the path (`agreement/<id>`, `source/<name>`) to what it has spent after this debit.
    """
    return {
        "kind": "debit",
        "time": instant(time),
        "submission": submission,
        "agreement": agreement,
        "dataset": dataset,
        "snapshot": snapshot,
        "policy": policy,
        "request": request,
        "cost": dict(cost),
        "balances": dict(balances),
    }


def release(time: datetime, *, submission: str, debit: int, answer: str) -> Entry:
    """Record an answer (SHA-256 of its canonical JSON) and the index of the debit that paid it."""
    return {
        "kind": "release",
        "time": instant(time),
        "submission": submission,
        "debit": debit,
        "answer": answer,
    }


def failure(time: datetime, *, submission: str, debit: int, code: str) -> Entry:
    """Record that a paid run failed; the debit stands and the same request may try again."""
    return {
        "kind": "failure",
        "time": instant(time),
        "submission": submission,
        "debit": debit,
        "code": code,
    }
