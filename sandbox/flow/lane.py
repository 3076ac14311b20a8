"""Lane: what holds strangers' programs here, if anything does."""

from sandbox.errors import Unavailable
from sandbox.flow.site import Site
from sandbox.ports import Blocks


def require_lane(site: Site) -> Blocks:
    """Give what holds strangers' programs here.

    Raises:
        Unavailable: code `isolation.none`.
    """
    if site.blocks is None:
        raise Unavailable(
            "This site runs no programs: no way of holding them passed its self-test",
            code="isolation.none",
        )
    return site.blocks
