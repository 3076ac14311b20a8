"""Rekey the site: its own key names the one that follows it, and signs nothing afterwards."""

import base64
import json
from dataclasses import dataclass

from sandbox.errors import Conflict
from sandbox.flow.seal import public_text, sealed
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.signing import key_message
from sandbox.model.agreement import AgreementState
from sandbox.model.site_key import SiteKey
from sandbox.ports import Page, Signer

SUBJECT = "site"
"""Whose key it is, in the ledger and in the books."""


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What a change of the site's key did."""

    key: SiteKey
    reoffered: int
    """Agreements that nobody had signed yet, which the site has signed anew."""


def key_in_force(page: Page) -> SiteKey | None:
    """Give the site's key as the books know it; None before the site is founded."""
    changed = page.site_keys.find(SUBJECT)
    if changed is not None or not page.log.size():
        return changed
    return SiteKey(json.loads(page.log.entry(0))["site_key"])


def rekey_site(site: Site, successor: Signer) -> Rekeyed:
    """Put another key in force; both sign that it follows.

    What both sides have signed stands under the key of its time. What only the site has signed is
    signed anew in the same transaction: an offer under the old key could not come into force any
    more, and whoever stole that key could not make one that does.

    Raises:
        Conflict: `site.not_founded`, the site has no ledger yet; `site.key`, its key is not the
            one in force.
    """
    with site.books.write() as page:
        old, new = _in_force(site, page), public_text(successor)
        terms = entries.key_terms(
            origin=site.origin,
            subject=SUBJECT,
            change=old.changes + 1,
            old_key=old.public,
            new_key=new,
        )
        old_signature, new_signature = (
            base64.b64encode(signer.sign(key_message(terms))).decode()
            for signer in (site.site_signer, successor)
        )
        page.log.append(
            entries.key_change(
                site.clock.now(), terms, old_signature=old_signature, new_signature=new_signature
            )
        )
        key = SiteKey(new, old.changes + 1)
        put = page.site_keys.replace if old.changes else page.site_keys.add
        put(SUBJECT, key)
        return Rekeyed(key, _offered_anew(page, successor))


def _in_force(site: Site, page: Page) -> SiteKey:
    """Make sure that the site holds the key that is to have a successor.

    Raises:
        Conflict: as above.
    """
    key = key_in_force(page)
    if key is None:
        raise Conflict("This site has not been started yet", code="site.not_founded")
    if key.public != public_text(site.site_signer):
        raise Conflict("The site's key is not the one in force", code="site.key")
    return key


def _offered_anew(page: Page, signer: Signer) -> int:
    """Sign every open offer with the new key; give how many there were."""
    offers = [each for each in page.agreements if each.state is AgreementState.OFFERED]
    for offer in offers:
        page.agreements.replace(offer.id, sealed(offer, signer))
    return len(offers)
