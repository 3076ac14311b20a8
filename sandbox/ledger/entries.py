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
Caps = Mapping[str, str | None]
"""A source's caps in its accounting's unit: `source`, and `person`, `day`, `month`, `quarter`,
`emergency`, each null where there is no such limit; `delta` is the one their epsilons are read at.
"""


def instant(moment: datetime) -> str:
    """Write a time the way entries do: `2026-11-22T08:30:00.000000Z`."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def site(time: datetime, *, origin: str, ledger_key: str, site_key: str) -> Entry:
    """Open the log: who writes it (`ledger_key`, C2SP) and who signs for owners (base64)."""
    return {
        "kind": "site",
        "time": instant(time),
        "origin": origin,
        "ledger_key": ledger_key,
        "site_key": site_key,
    }


def policy(time: datetime, terms: Mapping[str, Any], signature: str) -> Entry:
    """Record a policy by what its owner signed: see `policy_terms`."""
    return {"kind": "policy", "time": instant(time), **terms, "signature": signature}


def policy_terms(  # noqa: PLR0913  (an entry lists its fields)
    *,
    origin: str,
    dataset: str,
    source: str,
    owner: str,
    version: int,
    digest: str,
    accounting: str,
    caps: Caps,
    per_agreement: str,
    lanes: Sequence[str],
    partition: Mapping[str, Any] | None,
    owner_key: str,
) -> Entry:
    """Say what a policy means: its document's digest, its caps in the accounting's unit, its lanes.

    The owner's key signs these very fields, so that nobody else can say what it means. `origin` is
    the log's: what was signed for one site serves at no other. `version` counts a dataset's
    policies from 0, so that an old one cannot be put in force again.
    `partition` has `column`, its `keys` and `most`, the parts that one person is in at most.
    """
    return {
        "origin": origin,
        "dataset": dataset,
        "source": source,
        "owner": owner,
        "version": version,
        "digest": digest,
        "accounting": accounting,
        "caps": dict(caps),
        "per_agreement": per_agreement,
        "lanes": list(lanes),
        "partition": partition and dict(partition),
        "owner_key": owner_key,
    }


def cap_change(time: datetime, terms: Mapping[str, Any], signature: str) -> Entry:
    """Record that a source's caps were changed, by what its owner signed: see `cap_terms`."""
    return {"kind": "cap_change", "time": instant(time), **terms, "signature": signature}


def cap_terms(  # noqa: PLR0913
    *,
    origin: str,
    source: str,
    change: int,
    accounting: str,
    before: Caps,
    after: Caps,
    owner_key: str,
) -> Entry:
    """Say what a change of caps means; `change` counts a source's changes of caps and key from 1.

    Without the number, an operator could have a raise once signed serve again after a lowering.
    """
    return {
        "origin": origin,
        "source": source,
        "change": change,
        "accounting": accounting,
        "before": dict(before),
        "after": dict(after),
        "owner_key": owner_key,
    }


def key_change(
    time: datetime, terms: Mapping[str, Any], *, old_signature: str, new_signature: str
) -> Entry:
    """Record a new key, by what the old and the new one signed: see `key_terms`."""
    return {
        "kind": "key_change",
        "time": instant(time),
        **terms,
        "old_signature": old_signature,
        "new_signature": new_signature,
    }


def key_terms(*, origin: str, subject: str, change: int, old_key: str, new_key: str) -> Entry:
    """Say whose key follows which: `source/<name>` for its owner's, `site` for the site's own."""
    return {
        "origin": origin,
        "subject": subject,
        "change": change,
        "old_key": old_key,
        "new_key": new_key,
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


def step(
    time: datetime,
    *,
    application: str,
    move: str,
    by: str,
    dataset: str | None = None,
    commitment: str | None = None,
) -> Entry:
    """Record a move in an application's course that has no entry kind of its own.

    `move` is `draft`, `edit`, `supplement`, `resubmit`, `assess`, `consent`, `decline` or
    `withdraw`; `by` is a pseudonym. Consent and decline name the owner's `dataset`. What was
    written is committed to; null where nothing was.
    """
    return {
        "kind": "step",
        "time": instant(time),
        "application": application,
        "move": move,
        "by": by,
        "dataset": dataset,
        "commitment": commitment,
    }


def decision(time: datetime, *, application: str, granted: bool, by: str, commitment: str) -> Entry:
    """Record the decision of a steward, by their pseudonym; its reason is committed to."""
    return {
        "kind": "decision",
        "time": instant(time),
        "application": application,
        "granted": granted,
        "by": by,
        "commitment": commitment,
    }


def agreement_terms(  # noqa: PLR0913  (an entry lists its fields)
    *,
    id: str,  # noqa: A002
    application: str,
    datasets: Sequence[str],
    source: str,
    researcher_key: str,
    site_key: str,
    starts: date,
    ends: date,
    lanes: Sequence[str],
    accounting: str,
    cap: str,
    amends: str | None = None,
) -> Entry:
    """Say what an agreement grants, in the very fields that both sides sign.

    `lanes` are named as policies name them; `cap` is the account's, in the accounting's unit.
    `amends` is the version that this one takes the place of: the account is then the first
    version's, under a new cap.
    """
    return {
        "agreement": id,
        "application": application,
        "datasets": list(datasets),
        "source": source,
        "researcher_key": researcher_key,
        "site_key": site_key,
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "lanes": list(lanes),
        "accounting": accounting,
        "cap": cap,
        "amends": amends,
    }


def agreement(  # noqa: PLR0913
    time: datetime,
    terms: Mapping[str, Any],
    *,
    words: str,
    digest: str,
    researcher: str,
    researcher_signature: str,
    site_signature: str,
) -> Entry:
    """Record an agreement in force, and the account it opens below its source.

    `digest` is of the terms (see `agreement_terms`) and of `words`, itself a digest of the texts.
    `researcher` is a pseudonym: the same for all agreements of one person or team.
    """
    return {
        "kind": "agreement",
        "time": instant(time),
        **terms,
        "words": words,
        "digest": digest,
        "researcher": researcher,
        "researcher_signature": researcher_signature,
        "site_signature": site_signature,
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
    lane: str,
    snapshot: str,
    policy: str,
    request: str,
    parts: Sequence[str] | None,
    emergency: str | None,
    template: str | None,
    cost: Mapping[str, str | None],
    balances: Mapping[str, str],
) -> Entry:
    """Record a debit before rows are read.

    `lane` is the one that the request came by, as policies and agreements name it. `parts` are the
    keys of the policy's partition that the question is about, null if it is about everybody;
    `emergency` is the opening that lets it spend from the tranche, on the question that its owner
    approved under the name `template`; outside of one, both are null. `cost` has `rho`, `delta` and
    `epsilon` (null where not pure); `balances` maps each account on the path to what it has spent
    after this debit.
    """
    return {
        "kind": "debit",
        "time": instant(time),
        "submission": submission,
        "agreement": agreement,
        "dataset": dataset,
        "lane": lane,
        "snapshot": snapshot,
        "policy": policy,
        "request": request,
        "parts": None if parts is None else list(parts),
        "emergency": emergency,
        "template": template,
        "cost": dict(cost),
        "balances": dict(balances),
    }


def cancellation(
    time: datetime, *, submission: str, debit: int, code: str, balances: Mapping[str, str]
) -> Entry:
    """Record that a debit was given back, for no row had been read, and why.

    `balances` are of the accounts that the debit changed, as they stand after it was given back.
    """
    return {
        "kind": "cancellation",
        "time": instant(time),
        "submission": submission,
        "debit": debit,
        "code": code,
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


def emergency(  # noqa: PLR0913
    time: datetime,
    *,
    id: str,  # noqa: A002
    source: str,
    by: Sequence[str],
    starts: datetime,
    ends: datetime,
    commitment: str,
) -> Entry:
    """Record that two officials (pseudonyms) opened a source's tranche; the reason is committed."""
    return {
        "kind": "emergency",
        "time": instant(time),
        "emergency": id,
        "source": source,
        "by": list(by),
        "starts": instant(starts),
        "ends": instant(ends),
        "commitment": commitment,
    }


def review(time: datetime, *, subject: str, by: str, outcome: str, commitment: str) -> Entry:
    """Record that somebody (a pseudonym) looked into something, and what they found.

    `subject` is `source/<name>`, `agreement/<id>`, `emergency/<id>` or `ledger`; `outcome` is
    `in_order` or `objection`; what they wrote is committed to.
    """
    return {
        "kind": "review",
        "time": instant(time),
        "subject": subject,
        "by": by,
        "outcome": outcome,
        "commitment": commitment,
    }


def disposal(time: datetime, *, agreement: str, by: str, commitment: str) -> Entry:
    """Record that a researcher has disposed of what an agreement gave them, which ends it."""
    return {
        "kind": "disposal",
        "time": instant(time),
        "agreement": agreement,
        "by": by,
        "commitment": commitment,
    }


def certificate(
    time: datetime, *, agreement: str, cause: str, tokens: int, stopped: int, key: str
) -> Entry:
    """Certify that an agreement's end was carried out, once for all of its versions.

    `agreement` is the first version; `cause` is `expired` or `disposed`; `tokens` were revoked and
    `stopped` questions will not be answered; `key` is the SHA-256 of the key that was destroyed.
    """
    return {
        "kind": "certificate",
        "time": instant(time),
        "agreement": agreement,
        "cause": cause,
        "tokens": tokens,
        "stopped": stopped,
        "key": key,
    }


def feedback(time: datetime, *, agreement: str, by: str, commitment: str) -> Entry:
    """Record that a researcher has reported on their use of the results; what is committed to."""
    return {
        "kind": "feedback",
        "time": instant(time),
        "agreement": agreement,
        "by": by,
        "commitment": commitment,
    }


def opening(  # noqa: PLR0913  (an entry lists its fields)
    time: datetime, *, dataset: str, snapshot: str, policy: str, by: str, csv: str, parquet: str
) -> Entry:
    """Record that unconditional data were opened for download, or a newer version of them.

    `policy` is the SHA-256 of the policy document, `csv` and `parquet` are those of the two files.
    """
    return {
        "kind": "opening",
        "time": instant(time),
        "dataset": dataset,
        "snapshot": snapshot,
        "policy": policy,
        "by": by,
        "csv": csv,
        "parquet": parquet,
    }


def withdrawal(time: datetime, *, dataset: str, snapshot: str, by: str, commitment: str) -> Entry:
    """Record that an owner took down what was open; `commitment` binds the reason."""
    return {
        "kind": "withdrawal",
        "time": instant(time),
        "dataset": dataset,
        "snapshot": snapshot,
        "by": by,
        "commitment": commitment,
    }


def erasure(time: datetime, *, subject: str, by: str, payloads: int) -> Entry:
    """Record that payloads were deleted: of `application/<id>` or `agreement/<id>`."""
    return {
        "kind": "erasure",
        "time": instant(time),
        "subject": subject,
        "by": by,
        "payloads": payloads,
    }


def anchor(
    time: datetime, *, size: int, root: str, keys: Sequence[str], cosignatures: Sequence[str]
) -> Entry:
    """Record that witnesses have co-signed the head of the first `size` entries.

    `keys` are their verifier keys, `cosignatures` the note's lines, one by each key.
    """
    return {
        "kind": "anchor",
        "time": instant(time),
        "size": size,
        "root": root,
        "keys": list(keys),
        "cosignatures": list(cosignatures),
    }
