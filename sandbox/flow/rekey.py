"""Rekey: an owner's key names the one that follows it."""

from dataclasses import replace

from sandbox.flow.authorise import demand
from sandbox.flow.fill import check_key
from sandbox.flow.recap import find_own_source
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.signing import check, key_message
from sandbox.model.account import source_account
from sandbox.model.principal import Principal
from sandbox.model.source import Source
from sandbox.model.verb import Verb
from sandbox.wire import KeyForm


def change_key(site: Site, owner: Principal, name: str, form: KeyForm) -> Source:
    """Put a source in the care of a new key: the old one says so, and the new one shows itself.

    Whoever has lost the old key cannot change caps or publish policies any more: if the site could
    help them out, its operator could help himself.

    Raises:
        BadInput: `application.public_key`; the new key is none.
        NotFound: `source.unknown`; there is none, or it is another owner's.
        NotPermitted: not an owner.
        NotVerified: code `signature.invalid`; the old or the new key did not sign this.
    """
    demand(owner, Verb.CHANGE_SOURCE)
    check_key(form.new_key)
    with site.books.write() as page:
        source = find_own_source(page, owner, name)
        terms = entries.key_terms(
            origin=site.origin,
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
