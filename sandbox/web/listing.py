"""The catalogue's records: found and exported by anybody, downloaded after sign-in."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import FileResponse, StreamingResponse

from policies.classes import Grade, Openness
from sandbox.flow.croissant import croissant
from sandbox.flow.download import download
from sandbox.flow.export_records import dcat, sheet, stream
from sandbox.flow.list_record import find_record
from sandbox.flow.site import Site
from sandbox.model.finding import MAX_SEARCH, Found, Wanted
from sandbox.model.names import OwnerName
from sandbox.model.paging import MAX_PAGE, Mark
from sandbox.model.record import Record, RecordState
from sandbox.web.catalogue import public_reply
from sandbox.web.openapi import gives_file
from sandbox.web.paging import Paged, TheMarks
from sandbox.web.record_cards import record_card, record_page
from sandbox.web.who import Caller, TheSite
from sandbox.wire import OwnerCard, RecordCard, RecordPage

MAX_OWNER = 128
DCAT = "application/ld+json"
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}

public = APIRouter(tags=["records"], dependencies=[Depends(public_reply)])
router = APIRouter(prefix="/catalogue", tags=["records"])


def _wanted(
    q: Annotated[str, Query(max_length=MAX_SEARCH)] = "",
    openness: Openness | None = None,
    grade: Grade | None = None,
    owner: Annotated[str | None, Query(max_length=MAX_OWNER)] = None,
    state: RecordState | None = None,
) -> Wanted:
    """Read what somebody looks for; where its page begins and ends is not said here."""
    return Wanted(q, openness, grade, OwnerName(owner) if owner else None, state)


Search = Annotated[Wanted, Depends(_wanted)]
After = Annotated[str | None, Query(max_length=MAX_OWNER)]


@public.get("/catalogue")
def find_records(
    site: TheSite,
    wanted: Search,
    marks: TheMarks,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
) -> RecordPage:
    """Find records by words and classes, a page at a time."""
    found = find(site, wanted, marks.read(after), limit)
    return record_page(found, marks.write(found.next))


@public.get("/catalogue/records/{name:path}")
def read_record(site: TheSite, name: str) -> RecordCard:
    """Give one record."""
    return record_card(look_record_up(site, name))


@public.get("/catalogue/dcat", response_class=StreamingResponse, openapi_extra=gives_file(DCAT))
def export_dcat(site: TheSite, request: Request, wanted: Search) -> StreamingResponse:
    """Export what fits as DCAT 3 in JSON-LD."""
    lines = dcat(site, stream(site, wanted), base_of(request))
    return StreamingResponse(lines, media_type=DCAT)


@public.get(
    "/catalogue/sheet",
    response_class=StreamingResponse,
    openapi_extra=gives_file(MEDIA_TYPES["csv"]),
)
def export_sheet(site: TheSite, wanted: Search) -> StreamingResponse:
    """Export what fits as the CSV that can be imported again."""
    lines = sheet(stream(site, wanted))
    headers = {"content-disposition": 'attachment; filename="catalogue.csv"'}
    return StreamingResponse(lines, media_type=MEDIA_TYPES["csv"], headers=headers)


@public.get("/catalogue/croissant/{name:path}")
def export_croissant(site: TheSite, request: Request, name: str) -> dict[str, object]:
    """Export one record as Croissant."""
    return croissant(site, look_record_up(site, name), base_of(request))


@public.get("/owners")
def list_owners(site: TheSite, asked: Paged) -> list[OwnerCard]:
    """List the bodies that answer for data, oldest first."""
    with site.books.read() as page:
        found = page.owners.stretch(asked.after, asked.limit)
    asked.go_on(found.next)
    return [OwnerCard(owner.name, owner.parent) for owner in found.values]


@router.get(
    "/files/{name:path}",
    response_class=FileResponse,
    openapi_extra=gives_file(*MEDIA_TYPES.values()),
)
def read_file(caller: Caller, site: TheSite, name: str, form: str = "csv") -> FileResponse:
    """Download unconditional data."""
    file = download(site, caller, name, form)
    title = f"{name.replace('/', '-')}.{form}"
    return FileResponse(file, media_type=MEDIA_TYPES[form], filename=title)


def find(site: Site, wanted: Wanted, after: Mark | None, limit: int) -> Found:
    """Give one page of what somebody looks for."""
    with site.books.read() as page:
        return page.records.search(replace(wanted, after=after, limit=limit))


def look_record_up(site: Site, name: str) -> Record:
    """Give a listed record.

    Raises:
        NotFound: the catalogue lists none of this name.
    """
    with site.books.read() as page:
        return find_record(page, name)


def base_of(request: Request) -> str:
    """Give the address that the site was reached under."""
    return str(request.base_url).rstrip("/")
