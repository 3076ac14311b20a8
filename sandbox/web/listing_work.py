"""What owners do with lists: import, compile, resolve, open; and who answers for which body."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import StreamingResponse

from sandbox.flow.answer_for import register_owner
from sandbox.flow.authorise import demand
from sandbox.flow.compile_list import clashes, merge, resolve, take_list
from sandbox.flow.download import open_up, withdraw_opening
from sandbox.flow.list_record import hidden_records
from sandbox.flow.site import Site
from sandbox.model.listing import Taken
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.web.body import JsonBody
from sandbox.web.datasets import TheUploads
from sandbox.web.openapi import gives_file, takes
from sandbox.web.paging import Paged
from sandbox.web.record_cards import clash_card, merge_report, record_card
from sandbox.web.uploads import Uploads
from sandbox.web.who import Caller, TheSite
from sandbox.wire import (
    ClashCard,
    ImportProgress,
    ListForm,
    MergeForm,
    MergeReport,
    OpenForm,
    OwnerCard,
    OwnerForm,
    RecordCard,
    ResolveForm,
    WithdrawForm,
)

LINES = "application/x-ndjson"

router = APIRouter(tags=["records"])

List = Annotated[ListForm, Depends(JsonBody(ListForm))]
Merge = Annotated[MergeForm, Depends(JsonBody(MergeForm))]
Resolve = Annotated[ResolveForm, Depends(JsonBody(ResolveForm))]
Open = Annotated[OpenForm, Depends(JsonBody(OpenForm))]
Down = Annotated[WithdrawForm, Depends(JsonBody(WithdrawForm))]
Body = Annotated[OwnerForm, Depends(JsonBody(OwnerForm))]


@router.post(
    "/catalogue/imports",
    status_code=201,
    response_class=StreamingResponse,
    openapi_extra=takes(ListForm) | gives_file(LINES, status=201),
)
def import_list(
    caller: Caller, form: List, site: TheSite, uploads: TheUploads
) -> StreamingResponse:
    """Import an uploaded catalogue; a line of progress after each batch, the last has the report.

    A file with faults is refused before the first line.
    """
    demand(caller, Verb.IMPORT_LIST)
    progress = _imported(site, caller, form.upload, uploads)
    first = next(progress)
    return StreamingResponse(chain([first], progress), status_code=201, media_type=LINES)


@router.post("/catalogue/merges", openapi_extra=takes(MergeForm))
def merge_lists(caller: Caller, form: Merge, site: TheSite) -> MergeReport:
    """Compile the lists of a body and of those below it."""
    return merge_report(merge(site, caller, form.owner))


@router.get("/catalogue/clashes")
def list_clashes(caller: Caller, site: TheSite, asked: Paged) -> list[ClashCard]:
    """List what is listed in several ways, and not published until it is resolved."""
    found = clashes(site, caller, asked.after, asked.limit)
    asked.go_on(found.next)
    return list(map(clash_card, found.values))


@router.get("/catalogue/hidden")
def list_hidden(caller: Caller, site: TheSite, asked: Paged) -> list[RecordCard]:
    """List what is hidden of the bodies that one signs in for."""
    found = hidden_records(site, caller, asked.after, asked.limit)
    asked.go_on(found.next)
    return list(map(record_card, found.values))


@router.post("/catalogue/resolutions", openapi_extra=takes(ResolveForm))
def resolve_clash(caller: Caller, form: Resolve, site: TheSite) -> RecordCard:
    """Say whose version of a record stands."""
    return record_card(resolve(site, caller, form.name, form.owner))


@router.post("/catalogue/openings", status_code=201, openapi_extra=takes(OpenForm))
def open_data(caller: Caller, form: Open, site: TheSite, uploads: TheUploads) -> RecordCard:
    """Open unconditional data for download, or a newer version of them."""
    demand(caller, Verb.OPEN_DATA)
    with uploads.take(caller.name, form.upload) as file:
        return record_card(open_up(site, caller, form.policy, file, form.form))


@router.post("/catalogue/withdrawals", openapi_extra=takes(WithdrawForm))
def take_down(caller: Caller, form: Down, site: TheSite) -> RecordCard:
    """Take down what is open for download; the next opening opens it again."""
    return record_card(withdraw_opening(site, caller, form.name, form.reason))


@router.post("/owners", status_code=201, openapi_extra=takes(OwnerForm))
def add_owner(caller: Caller, form: Body, site: TheSite) -> OwnerCard:
    """Say who signs in for a body, and which body compiles its list."""
    owner = register_owner(site, caller, form.name, form.keeper, form.parent)
    return OwnerCard(owner.name, owner.parent)


def _imported(site: Site, owner: Principal, upload: str, uploads: Uploads) -> Iterator[str]:
    with uploads.take(owner.name, upload) as file:
        for taken in take_list(site, owner, file):
            yield _line(taken)


def _line(taken: Taken) -> str:
    is_last = taken.done == taken.total
    report = merge_report(taken.merged, taken.waiting) if is_last else None
    return json.dumps(asdict(ImportProgress(taken.done, taken.total, report))) + "\n"
