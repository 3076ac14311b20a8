"""Request bodies, read strictly: one JSON value of the expected shape, of limited size."""

import re
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from policies.signs import misleads
from sandbox.errors import BadInput, Place
from sandbox.web.problems import TooLong

MAX_JSON = 2**20
"""Bytes of a JSON body."""

T = TypeVar("T")

_UNKNOWN_FIELD = "unexpected_keyword_argument"
_JSON = re.compile(r"application/json(\s*;\s*charset=\"?utf-8\"?)?", re.IGNORECASE)


class JsonBody(Generic[T]):
    """Reads a body as one wire message; a FastAPI dependency."""

    def __init__(self, kind: type[T], limit: int = MAX_JSON) -> None:
        """Prepare the parser; `kind` is a dataclass of `sandbox.wire`, `limit` is in bytes."""
        self._adapter = TypeAdapter(kind)
        self._limit = limit

    async def __call__(self, request: Request) -> T:
        """Read and check the body.

        Raises:
            BadInput: code `request.malformed` with the field's path, or `request.content_type`.
            TooLong: code `request.too_long`.
        """
        _require_json(request)
        body = await limited_body(request, self._limit)
        try:
            message = self._adapter.validate_json(body, strict=True, extra="forbid")
        except ValidationError as fault:
            first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
            malformed = bad_request(first)
            # Without the cause: it quotes the input.
            raise malformed from None
        _refuse_misleading(self._adapter.dump_python(message))
        return message


async def limited_body(request: Request, limit: int) -> bytes:
    """Collect a body of at most `limit` bytes.

    Raises:
        TooLong: code `request.too_long`; the rest is not read.
    """
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > limit:
            raise TooLong(f"A request has at most {limit} bytes", code="request.too_long")
    return bytes(body)


def bad_request(error: ErrorDetails) -> BadInput:
    """Name the place and what belongs there; never what was sent, not even an unknown key."""
    path, message = error["loc"], error["msg"]
    if error["type"] == _UNKNOWN_FIELD:
        path, message = path[:-1], "There is a field here that this message does not have"
    elif error["type"] == "json_invalid":
        message = "The body is not one well-formed JSON value in UTF-8"
    return BadInput(
        message,
        code="request.malformed",
        place=Place(clause=".".join(str(step) for step in path) or None),
    )


def _require_json(request: Request) -> None:
    kinds = request.headers.getlist("content-type")
    if len(kinds) != 1 or not _JSON.fullmatch(kinds[0].strip()):
        raise BadInput("Send application/json, and say so once", code="request.content_type")


def _refuse_misleading(message: dict[str, Any]) -> None:
    for path, text in _texts(message, ()):
        if misleads(text):
            raise BadInput(
                "Leave out characters that cannot be seen, and marks piled up on one letter",
                code="request.misleading_text",
                place=Place(clause=".".join(path)),
            )


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401  (parsed JSON)
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, (*path, name))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, str(number)))
