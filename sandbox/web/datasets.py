"""Datasets from their owners: a file first, then the policy that says what may leave of it."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from sandbox.errors import BadInput, Place
from sandbox.flow.authorise import demand
from sandbox.flow.describe import describe
from sandbox.model.verb import Verb
from sandbox.web.body import JsonBody
from sandbox.web.cards import dataset_added
from sandbox.web.openapi import BYTES, takes
from sandbox.web.uploads import Uploads
from sandbox.web.who import Caller, TheSite
from sandbox.wire import DatasetAdded, DatasetForm, Upload

FORMS = ("csv", "parquet")

router = APIRouter(tags=["datasets"])

Form = Annotated[DatasetForm, Depends(JsonBody(DatasetForm))]


def _uploads(request: Request) -> Uploads:
    return cast("Uploads", request.app.state.uploads)


TheUploads = Annotated[Uploads, Depends(_uploads)]


@router.post("/uploads", status_code=201, openapi_extra=BYTES)
async def receive_file(
    caller: Caller, request: Request, site: TheSite, uploads: TheUploads
) -> Upload:
    """Stream a file in; the body is the file."""
    demand(caller, Verb.UPLOAD)
    upload = Upload(site.fresh_id())
    await uploads.receive(caller.name, upload.id, request.stream())
    return upload


@router.post("/datasets", status_code=201, openapi_extra=takes(DatasetForm))
def add_dataset(caller: Caller, form: Form, site: TheSite, uploads: TheUploads) -> DatasetAdded:
    """Turn an upload and a signed policy into a dataset, or a newer snapshot of it."""
    demand(caller, Verb.PUBLISH)
    with uploads.take(caller.name, form.upload) as file:
        _require_known(form.form)
        described = describe(
            site, caller, form.policy, file, form.form, form.owner_key, form.signature
        )
        return dataset_added(*described)


def _require_known(form: str) -> None:
    if form not in FORMS:
        raise BadInput(
            "A dataset comes as csv or parquet", code="upload.form", place=Place(clause="form")
        )
