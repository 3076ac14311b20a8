"""Found a site: the ledger's first entry, and the first token of each role."""

from sandbox.flow.permit import admit
from sandbox.flow.seal import public_text
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.note import verifier_key
from sandbox.model.principal import Role


def found(site: Site) -> dict[Role, str]:
    """Open the books once; give the four first tokens, or none if the site stands already."""
    with site.books.write() as page:
        if page.log.size():
            return {}
        page.log.append(
            entries.site(
                site.clock.now(),
                origin=site.origin,
                ledger_key=verifier_key(site.origin, site.ledger_signer.public),
                site_key=public_text(site.site_signer),
            )
        )
        return {role: admit(site, page, role.value, role) for role in Role}
