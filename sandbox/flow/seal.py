"""Seal: the site signs an offered agreement for the owner, with its key."""

import base64
from dataclasses import replace

from sandbox.flow.clauses import digest_of
from sandbox.ledger.signing import agreement_message
from sandbox.model.agreement import Agreement
from sandbox.ports import Signer


def sealed(offer: Agreement, signer: Signer) -> Agreement:
    """Put the site's key, the digest that both sides sign, and the site's signature on an offer."""
    keyed = replace(offer, site_key=public_text(signer))
    digest = digest_of(keyed)
    signature = signer.sign(agreement_message(digest))
    return replace(keyed, digest=digest, site_signature=base64.b64encode(signature).decode())


def public_text(signer: Signer) -> str:
    """Write a public key as entries and agreements have it."""
    return base64.b64encode(signer.public).decode()
