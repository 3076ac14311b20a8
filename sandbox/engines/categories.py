"""Category columns: each value becomes the code of the key that it is written as."""

import polars as pl

from sandbox.engines import changes
from sandbox.engines.columns import CODES, count
from sandbox.model.dataset import Change
from sandbox.model.schema import Column


def canonical_text(values: pl.Series) -> pl.Series:
    """Write values as text so that one thing reads alike from every form of file.

    125024, 125024.0 and the text "125024.0" all become "125024"; other text stays exactly as it
    is; truth values become "true" and "false".
    """
    return values.cast(pl.String).str.replace(r"^(-?\d+)\.0+$", "$1")


def codes(values: pl.Series, column: Column) -> tuple[pl.Series, tuple[Change, ...]]:
    """Replace each value by its key's position in the schema; empty text is a missing value.

    A value that stands among the keys as it is written has that key's code. Otherwise its
    canonical text decides, else it becomes null and is reported.
    """
    seen = values.unique().drop_nulls()
    text = seen.cast(pl.String)
    found = pl.select(
        pl.coalesce(_positions(text, column.keys), _positions(canonical_text(seen), column.keys))
    ).to_series()
    coded = values.replace_strict(seen, found, default=None, return_dtype=CODES)
    missing = values.is_null() | (values.cast(pl.String) == "")
    undeclared = count(coded.is_null() & ~missing)
    report = (changes.null_keys(column.name, undeclared),) if undeclared else ()
    return coded.alias(column.name), report


def _positions(text: pl.Series, keys: tuple[str, ...]) -> pl.Series:
    """Look up the position of each text among the keys, or null."""
    positions = pl.Series(range(len(keys)), dtype=CODES)
    return text.replace_strict(
        pl.Series(keys, dtype=pl.String), positions, default=None, return_dtype=CODES
    )
