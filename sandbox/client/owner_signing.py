"""The owner's signatures: what is signed is about this site, policy, source and key.

A site writes the terms, for it has the arithmetic. It could write terms of another policy; so each
document is read here before it is signed. `origin` is always the ledger that the owner means to
sign for: a site whose terms name another one would have them sign for there. Whether its caps are
what the policy's epsilons mean is for whoever loads policies to compare (`sandbox.cli.terms` does).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.client import signing_key
from sandbox.errors import BadInput, Conflict, NotPermitted, NotVerified, Place
from sandbox.ledger.canonical import read, sha256
from sandbox.ledger.entries import key_terms
from sandbox.ledger.signing import cap_message, key_message, policy_message
from sandbox.wire import KeyForm, PolicyTerms, SourceCard

POLICY_FIELDS = frozenset(
    (
        *("origin", "dataset", "source", "owner", "version", "digest", "accounting"),
        *("caps", "per_agreement", "lanes", "partition", "owner_key"),
    )
)
"""What `sandbox.ledger.entries.policy_terms` writes; more would be signed unread."""
CAP_FIELDS = frozenset(("origin", "source", "change", "accounting", "before", "after", "owner_key"))
"""What `sandbox.ledger.entries.cap_terms` writes."""

CAPS = ("source", "delta", "person", "day", "month", "quarter", "emergency")
"""A source's caps, in the order in which people read them."""


def policy_signature(terms: PolicyTerms, policy: str, key: Path, origin: str) -> str:
    """Sign the terms of a policy.

    Raises:
        NotVerified: code `terms.foreign`; they are of another site, policy, source or key, or are
            not written in the one canonical way. Nothing was signed.
        BadInput: code `key.unreadable`.
    """
    return signing_key.sign(key, policy_message(policy_document(terms, policy, key, origin)))


def caps_signature(terms: PolicyTerms, policy: str, key: Path, origin: str) -> str:
    """Sign the change of caps that a policy would be.

    Raises:
        NotVerified: code `terms.foreign`, as above; or the caps to be signed are not the policy's.
        BadInput: code `key.unreadable`.
    """
    return signing_key.sign(key, cap_message(cap_document(terms, policy, key, origin)))


def policy_document(terms: PolicyTerms, policy: str, key: Path, origin: str) -> Mapping[str, Any]:
    """Read what the terms say of a policy.

    Raises:
        NotVerified: code `terms.foreign`.
    """
    document = _document(terms.document)
    expected = {
        "origin": origin,
        "dataset": terms.dataset,
        "source": terms.source,
        "digest": sha256(policy.encode()),
        "owner_key": signing_key.public_key(key),
    }
    _require(document, POLICY_FIELDS, expected)
    return document


def cap_document(terms: PolicyTerms, policy: str, key: Path, origin: str) -> Mapping[str, Any]:
    """Read what the terms say of a change of caps.

    Raises:
        NotVerified: code `terms.foreign`.
    """
    agreed = policy_document(terms, policy, key, origin)
    document = _document(terms.cap_change or "")
    expected = {
        "origin": origin,
        "source": terms.source,
        "accounting": agreed["accounting"],
        "after": agreed["caps"],
        "owner_key": agreed["owner_key"],
    }
    _require(document, CAP_FIELDS, expected)
    return document


def require_same_caps(terms: PolicyTerms, policy_file: Path) -> None:
    """Stop a policy that would change its source's caps, and say how that is done.

    Raises:
        Conflict: code `budget.cap_fixed`, with each cap before and after.
    """
    if terms.cap_change is None:
        return
    change = json.loads(terms.cap_change)
    before, after = change["before"], change["after"]
    unit = "rho" if change["accounting"] == "zcdp" else "epsilon"
    changes = [
        f"{name} {before.get(name) or 'none'} -> {after.get(name) or 'none'}"
        for name in CAPS
        if before.get(name) != after.get(name)
    ]
    raise Conflict(
        f"The policy has other caps than its source, in {unit}: {', '.join(changes)}. "
        f"Sign that change first: datarange source cap {policy_file}",
        code="budget.cap_fixed",
        place=Place(file=str(policy_file), clause="privacy"),
    )


def key_form(card: SourceCard, new: Path, old: Path, origin: str) -> KeyForm:
    """Let the old key name the new one, and the new one show that it is there.

    Raises:
        NotPermitted: code `owner.key`; the source is in the care of another key than `old`.
        BadInput: code `key.unreadable`, or `key.unchanged`.
    """
    if signing_key.public_key(old) != card.owner_key:
        raise NotPermitted("The source is in the care of another key", code="owner.key")
    new_key = signing_key.public_key(new)
    if new_key == card.owner_key:
        raise BadInput("The new key is the old one", code="key.unchanged")
    subject = f"source/{card.name}"
    terms = key_terms(
        origin=origin,
        subject=subject,
        change=card.changes + 1,
        old_key=card.owner_key,
        new_key=new_key,
    )
    message = key_message(terms)
    return KeyForm(new_key, signing_key.sign(old, message), signing_key.sign(new, message))


def _document(text: str) -> Mapping[str, Any]:
    try:
        written = read(text.encode())
    except (BadInput, ValueError):
        raise _foreign() from None
    if not written.is_canonical or not isinstance(written.value, dict):
        raise _foreign()
    return written.value


def _require(
    document: Mapping[str, Any], known: frozenset[str], expected: Mapping[str, Any]
) -> None:
    same = all(document.get(name) == value for name, value in expected.items())
    if document.keys() != known or not same:
        raise _foreign()


def _foreign() -> NotVerified:
    return NotVerified(
        "The site's terms are not of this site, this policy and this key; nothing was signed",
        code="terms.foreign",
    )
