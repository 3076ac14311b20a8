"""The ledger for its readers: the signed head, and tiles by their C2SP tlog-tiles paths."""

from fastapi import APIRouter, Response

from sandbox.flow.permit import require
from sandbox.flow.record import head
from sandbox.model.principal import Role
from sandbox.web import tiles
from sandbox.web.who import Caller, TheSite

READERS = (Role.AUDITOR, Role.OWNER, Role.STEWARD)

router = APIRouter(prefix="/log", tags=["ledger"])


@router.get("/checkpoint")
def read_checkpoint(caller: Caller, site: TheSite) -> Response:
    """Sign the log's head as it is now (C2SP tlog-checkpoint)."""
    require(caller, *READERS)
    with site.books.read() as page:
        size = page.log.size()
        root = page.log.root(size)
    return Response(head(site, size, root), media_type="text/plain; charset=utf-8")


@router.get("/tile/{path:path}")
def read_tile(caller: Caller, path: str, site: TheSite) -> Response:
    """Give an entry bundle or a tile of hashes, full or as wide as the path asks for."""
    require(caller, *READERS)
    tile = tiles.parse(f"tile/{path}")
    with site.books.read() as page:
        return Response(tiles.content(page.log, tile), media_type="application/octet-stream")
