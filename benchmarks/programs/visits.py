"""Mean of a column: visits to physicians in a person-year."""

import polars as pl


def visits(rows: pl.DataFrame) -> dict[str, object]:
    """Give the mean of the block's rows."""
    return {"visits": rows["mdvis"].mean()}
