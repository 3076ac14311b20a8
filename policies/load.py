"""Load a policy from YAML, or say everything that is wrong with it, line by line.

What compares two clauses is checked once both are in order by themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policies.classes import Openness
from policies.document import Document, read
from policies.errors import PolicyError, PolicyErrors, dotted
from policies.explain import UNKNOWN, explain
from policies.open_policy import OpenPolicy
from policies.schema import Policy

__all__ = ["PolicyError", "PolicyErrors", "load_any", "load_policy"]

P = TypeVar("P", Policy, OpenPolicy)


def load_policy(text: str | bytes, file: str | None = None) -> Policy:
    """Read a policy document; `file` only names it in errors.

    Raises:
        PolicyErrors: it is no policy; every error is listed with line and column.
    """
    with _naming(file):
        return _checked(Policy, read(text))


def load_any(text: str | bytes, file: str | None = None) -> Policy | OpenPolicy:
    """Read a policy document, which for unconditional data may leave `privacy` out.

    Raises:
        PolicyErrors: it is no policy; every error is listed with line and column.
    """
    with _naming(file):
        document = read(text)
        if _is_open(document):
            return _checked(OpenPolicy, document)
        return _checked(Policy, document)


def _is_open(document: Document) -> bool:
    content = document.content
    return (
        isinstance(content, dict)
        and content.get("openness") == Openness.UNCONDITIONAL.value
        and "privacy" not in content
    )


@contextmanager
def _naming(file: str | None) -> Iterator[None]:
    """Say which file the errors are in.

    Raises:
        PolicyErrors: the same, with the file.
    """
    try:
        yield
    except PolicyErrors as unnamed:
        named = tuple(replace(error, file=file) for error in unnamed.errors)
        raise PolicyErrors(named) from None


def _checked(kind: type[P], document: Document) -> P:
    """Read a document as a policy of one kind.

    Raises:
        PolicyErrors: it is none.
    """
    try:
        policy = kind.model_validate(document.content)
    except ValidationError as invalid:
        found = [_placed(document, error) for error in _root_causes(invalid)]
        raise PolicyErrors(_merge(document.errors, found)) from None
    if document.errors:
        raise PolicyErrors(_merge(document.errors, []))
    return policy


def _root_causes(invalid: ValidationError) -> list[ErrorDetails]:
    """List the errors, without defaults that another error kept from being made."""
    errors = invalid.errors(include_url=False, include_input=False)
    return [error for error in errors if error["type"] != "default_factory_not_called"]


def _placed(document: Document, error: ErrorDetails) -> PolicyError:
    """Put an error at its value, or at the clause's name where that is what is wrong."""
    path = error["loc"]
    code, message = explain(error)
    names_column = path[-1:] == ("[key]",)
    path = path[:-1] if names_column else path
    spot = document.spot(path)
    place = spot.name if names_column or code == UNKNOWN else spot.value
    return PolicyError(code, dotted(path), message, *place)


def _merge(document: list[PolicyError], schema: list[PolicyError]) -> tuple[PolicyError, ...]:
    """Order errors by line; one in the YAML hides what only follows from it at the same place."""
    taken = {(error.line, error.column) for error in document}
    fresh = [error for error in schema if (error.line, error.column) not in taken]
    return tuple(sorted(document + fresh, key=lambda error: (error.line, error.column)))
