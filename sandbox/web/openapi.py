"""The OpenAPI document, made from the wire's own dataclasses.

Bodies are read by `sandbox.web.body` and answers are stored bytes, so the framework sees neither
shape; here both are named.
"""

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from sandbox.web.problems import MEDIA_TYPE
from sandbox.wire import (
    Accepted,
    AlgorithmForm,
    ApplicationForm,
    AssessmentForm,
    CapForm,
    ConsentForm,
    CosignatureForm,
    DatasetForm,
    Decision,
    DemandAnswer,
    DemandForm,
    EmergencyForm,
    KeyForm,
    ListForm,
    MergeForm,
    OpenForm,
    OwnerForm,
    PolicyForm,
    Problem,
    Question,
    Released,
    ResolveForm,
    ReviewForm,
    Signature,
    Statement,
    WithdrawForm,
)
from sandbox.wire_identity import (
    AccountForm,
    OwnPasswordForm,
    PasswordForm,
    SignInForm,
    TokenForm,
)

PATH = "/api/v1/openapi.json"
REFUSALS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457) with a stable code",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""What every operation answers when it does not answer."""
_FILE = {"type": "string", "format": "binary"}
BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": _FILE}},
    }
}
"""A body that is a file."""

_KINDS = (
    Accepted,
    AlgorithmForm,
    ApplicationForm,
    AssessmentForm,
    CapForm,
    ConsentForm,
    CosignatureForm,
    DatasetForm,
    Decision,
    DemandAnswer,
    DemandForm,
    EmergencyForm,
    KeyForm,
    ListForm,
    MergeForm,
    OpenForm,
    OwnerForm,
    PolicyForm,
    Problem,
    Question,
    Released,
    ResolveForm,
    ReviewForm,
    Signature,
    Statement,
    WithdrawForm,
    *(AccountForm, OwnPasswordForm, PasswordForm, SignInForm, TokenForm),
)
_REFERENCE = "#/components/schemas/{model}"


def takes(kind: type) -> dict[str, Any]:
    """Say that an operation takes this message."""
    return {"requestBody": {"required": True, "content": _content(kind)}}


def gives(kind: type) -> dict[str, Any]:
    """Say that an operation answers with the stored bytes of this message."""
    return {"responses": {"200": {"description": "As stored", "content": _content(kind)}}}


def gives_file(*kinds: str, status: int = 200) -> dict[str, Any]:
    """Say that an operation answers with a text or file of one of these media types.

    The route's `response_class` is one without a media type of its own, or JSON stands here too.
    """
    content = {
        kind: {"schema": {"type": "object"} if kind.endswith("+json") else _FILE} for kind in kinds
    }
    return {"responses": {str(status): {"description": "A file", "content": content}}}


def document(app: FastAPI) -> dict[str, Any]:
    """Write the document, with the messages that only `takes`, `gives` and problems name."""
    written = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    _, named = TypeAdapter.json_schemas(
        [(kind, "validation", TypeAdapter(kind)) for kind in _KINDS], ref_template=_REFERENCE
    )
    schemas = written.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(named["$defs"])
    return written


def serve(app: FastAPI) -> Callable[[Request], Response]:
    """Give a route that answers with the document as the routes are now."""
    written = json.dumps(document(app)).encode()

    def read_document(_request: Request) -> Response:
        headers = {"cache-control": "no-cache"}
        return Response(written, headers=headers, media_type="application/json")

    return read_document


def _content(kind: type) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=kind.__name__)}}}
