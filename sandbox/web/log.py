"""The ledger for its readers: signed heads, and tiles by their C2SP tlog-tiles paths."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from sandbox.flow.authorise import demand
from sandbox.flow.cosign import cosign
from sandbox.flow.publish import newest_head, pending_head, witnessed_head
from sandbox.model.verb import Verb
from sandbox.web import tiles
from sandbox.web.body import JsonBody
from sandbox.web.openapi import gives_file, takes
from sandbox.web.who import Caller, TheSite
from sandbox.wire import CosignatureForm

NOTE = "text/plain; charset=utf-8"
TILE = "application/octet-stream"

router = APIRouter(prefix="/log", tags=["ledger"])

Cosigned = Annotated[CosignatureForm, Depends(JsonBody(CosignatureForm))]


@router.get("/checkpoint", response_class=Response, openapi_extra=gives_file(NOTE))
def read_checkpoint(caller: Caller, site: TheSite) -> Response:
    """Sign the log's head as it is now (C2SP tlog-checkpoint)."""
    demand(caller, Verb.READ_LOG)
    return Response(newest_head(site), media_type=NOTE)


@router.get("/checkpoint/pending", response_class=Response, openapi_extra=gives_file(NOTE))
def read_pending_checkpoint(caller: Caller, site: TheSite) -> Response:
    """Give the head that witnesses are to co-sign now."""
    demand(caller, Verb.READ_LOG)
    return Response(pending_head(site), media_type=NOTE)


@router.get("/checkpoint/witnessed", response_class=Response, openapi_extra=gives_file(NOTE))
def read_witnessed_checkpoint(caller: Caller, site: TheSite) -> Response:
    """Give the newest head that enough witnesses have co-signed."""
    demand(caller, Verb.READ_LOG)
    return Response(witnessed_head(site), media_type=NOTE)


@router.post(
    "/cosignature",
    response_class=Response,
    openapi_extra=takes(CosignatureForm) | gives_file(NOTE),
)
def add_cosignature(caller: Caller, cosigned: Cosigned, site: TheSite) -> Response:
    """Take in a witness's co-signature (C2SP tlog-cosignature); give the head that carries it."""
    return Response(cosign(site, caller, cosigned), media_type=NOTE)


@router.get("/tile/{path:path}", response_class=Response, openapi_extra=gives_file(TILE))
def read_tile(caller: Caller, path: str, site: TheSite) -> Response:
    """Give an entry bundle or a tile of hashes, full or as wide as the path asks for."""
    demand(caller, Verb.READ_LOG)
    tile = tiles.parse(f"tile/{path}")
    with site.books.read() as page:
        return Response(tiles.content(page.log, tile), media_type=TILE)
