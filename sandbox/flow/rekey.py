"""Rekey: an owner's key names the one that follows it."""

from dataclasses import replace

from sandbox.errors import NotPermitted
from sandbox.flow.fill import check_key
from sandbox.flow.permit import require
from sandbox.flow.recap import find_source
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.signing import check, key_message
from sandbox.model.account import source_account
from sandbox.model.principal import Principal, Role
from sandbox.model.source import Source
from sandbox.wire import KeyForm


def change_key(site: Site, owner: Principal, name: str, form: KeyForm) -> Source:
    """Put a source in the care of a new key: the old one says so, and the new one shows itself.

    Whoever has lost the old key cannot change caps or publish policies any more: if the site could
    help them out, its operator could help himself.

    Raises:
        BadInput: `application.public_key`; the new key is none.
        NotFound: `source.unknown`.
        NotPermitted: not an owner, or not of this source.
        NotVerified: code `signature.invalid`; the old or the new key did not sign this.
    """
    require(owner, Role.OWNER)
    check_key(form.new_key)
    with site.books.write() as page:
        source = find_source(page, name)
        if source.owner != owner.name:
            raise NotPermitted("This source belongs to another owner", code="dataset.not_yours")
        terms = entries.key_terms(
            subject=source_account(source.name),
            change=source.changes + 1,
            old_key=source.owner_key,
            new_key=form.new_key,
        )
        check(source.owner_key, form.old_signature, key_message(terms))
        check(form.new_key, form.new_signature, key_message(terms))
        page.log.append(
            entries.key_change(
                site.clock.now(),
                terms,
                old_signature=form.old_signature,
                new_signature=form.new_signature,
            )
        )
        changed = replace(source, owner_key=form.new_key, changes=source.changes + 1)
        page.sources.replace(changed.name, changed)
    return changed
