"""The schema's errors in words that an owner understands, with a guess at slips of the pen."""

from difflib import get_close_matches
from typing import get_args

from pydantic_core import ErrorDetails

from policies.clause import Clause, Path
from policies.errors import MAX_SHOWN
from policies.schema import Policy

UNKNOWN = "policy.unknown_clause"

_WORDS = {
    "missing": ("policy.missing_clause", "This clause is missing"),
    "extra_forbidden": (UNKNOWN, "There is no such clause"),
    "enum": ("policy.choice", "Write {expected}"),
    "literal_error": ("policy.choice", "Write {expected}"),
    "string_pattern_mismatch": (
        "policy.name",
        "Write owner/title in lower-case letters, digits, '-' and '_'",
    ),
    "model_type": ("policy.type", "Write a mapping of clauses here"),
    "mapping_type": ("policy.type", "Write a mapping of clauses here"),
    "tuple_type": ("policy.type", "Write a list here, such as [a, b]"),
    "string_type": ("policy.type", "Write one text here"),
    "string_too_short": ("policy.length", "The text is empty"),
    "string_too_long": ("policy.length", "The text has more than {max_length} characters"),
    "too_short": ("policy.length", "At least {min_length} must stand here"),
    "too_long": ("policy.length", "At most {max_length} may stand here"),
    "greater_than": ("policy.range", "The value must be greater than {gt}"),
    "greater_than_equal": ("policy.range", "The value must be at least {ge}"),
    "less_than_equal": ("policy.range", "The value must be at most {le}"),
}
"""Our code and words for each kind of error that the schema library finds by itself."""


def explain(error: ErrorDetails) -> tuple[str, str]:
    """Give an error's code and message; our own faults bring theirs along."""
    if error["type"].startswith("policy."):
        return error["type"], error["msg"]
    code, message = _WORDS.get(error["type"], ("policy.type", "This value is not understood"))
    hint = _suggestion(error["loc"]) if code == UNKNOWN else ""
    return code, message.format_map(error.get("ctx", {})) + hint


def _suggestion(path: Path) -> str:
    """Guess which clause was meant."""
    known = [field.alias or name for name, field in _clause_at(path[:-1]).model_fields.items()]
    close = get_close_matches(str(path[-1])[:MAX_SHOWN], known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _clause_at(path: Path) -> type[Clause]:
    """Find the class of the clause that a path leads to.

    A step that names no clause of its own is a column's name, and the class stays.
    """
    kind: type[Clause] = Policy
    for step in path:
        field = kind.model_fields.get(str(step))
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        kind = next((k for k in kinds if isinstance(k, type) and issubclass(k, Clause)), kind)
    return kind
