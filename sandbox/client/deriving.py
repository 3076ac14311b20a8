"""Writes expressions for questions: bins of a value, and names for expressions of one's own."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from sandbox.client.price import wire_number

Edge = int | float | str | Fraction | date
"""An end of a bin: a number as `wire_number` takes it, or a day."""

_TOKENS = re.compile(
    r"""'(?:[^']|'')*' | "(?P<quoted>(?:[^"]|"")*)" | --[^\n]* | /\*.*?\*/
        | (?P<name>[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL,
)


def bins(value: str, edges: Sequence[Edge]) -> str:
    """Write the bin that a column or an expression falls into, for `group_by` and conditions.

    Each bin has its lower edge and not its upper one; what lies before the first edge and from the
    last one on are bins, too, unless the column's bounds leave nothing there. Days are `date`s or
    text such as `2016-05-01`.

    >>> bins("age", [18, 65])  # doctest: +NORMALIZE_WHITESPACE
    "CASE WHEN (age) < 18 THEN '< 18' WHEN (age) < 65 THEN '[18, 65)'
     WHEN (age) >= 65 THEN '>= 65' END"

    Raises:
        ValueError: there is no edge.
    """
    if not edges:
        raise ValueError("bins have at least one edge between them")
    texts = [_text(edge) for edge in edges]
    inner = [(high, f"[{low}, {high})") for low, high in pairwise(texts)]
    below = [(texts[0], f"< {texts[0]}"), *inner]
    branches = [f"WHEN ({value}) < {_literal(high)} THEN '{label}'" for high, label in below]
    last = f"WHEN ({value}) >= {_literal(texts[-1])} THEN '>= {texts[-1]}'"
    return f"CASE {' '.join([*branches, last])} END"


def written_out(text: str, named: Mapping[str, str]) -> str:
    """Put expressions where their names stand; in quotes or without, but not inside text."""

    def replaced(match: re.Match[str]) -> str:
        name = match["name"] or (match["quoted"] or "").replace('""', '"')
        return f"({named[name]})" if name in named else match[0]

    return _TOKENS.sub(replaced, text)


def _text(edge: Edge) -> str:
    if isinstance(edge, date):
        return edge.isoformat()
    return wire_number(edge) or ""


def _literal(text: str) -> str:
    return f"DATE '{text}'" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else text
