"""Constants as the text that makes them again: numbers, text, and collections of these."""

import math

Value = object


def literal(value: Value) -> str:
    """Write a constant; the same value gives the same text.

    Raises:
        TypeError: the value is, or has in it, something that is no constant.
    """
    kind = type(value)  # Exactly: NumPy's numbers pass for Python's, and their text names NumPy.
    if kind is float:
        return _number(value)  # type: ignore[arg-type]
    if kind is complex:
        return f"complex({_number(value.real)}, {_number(value.imag)})"  # type: ignore[attr-defined]
    if value is None or value is ... or kind in {bool, int, str, bytes, range}:
        return "..." if value is ... else repr(value)
    return _collection(value)


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else f"float({str(value)!r})"


def _collection(value: Value) -> str:
    """Write a collection; a set in the order of its members' text, for it has none of its own."""
    match value:
        case list() if type(value) is list:
            return f"[{', '.join(map(literal, value))}]"
        case tuple() if type(value) is tuple:
            return f"({''.join(f'{literal(item)}, ' for item in value).rstrip()})"
        case dict() if type(value) is dict:
            return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
        case set() | frozenset() if type(value) in {set, frozenset}:
            return f"{type(value).__name__}([{', '.join(sorted(map(literal, value)))}])"
    raise TypeError("no constant")
