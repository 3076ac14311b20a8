"""Slope of a regression: visits in a year that come with paying all oneself instead of nothing."""

import numpy as np
import polars as pl


def coinsurance(rows: pl.DataFrame) -> dict[str, object]:
    """Fit by least squares, with age and sex beside the share that the family pays."""
    known = rows.select(
        constant=1.0,
        share=pl.col("coins").cast(pl.Float64) / 100,
        age=pl.col("xage") / 10,
        female=pl.col("female").cast(pl.Float64),
    )
    return {"slope": np.linalg.lstsq(known.to_numpy(), rows["mdvis"].to_numpy())[0][1]}
