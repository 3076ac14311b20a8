"""The exact answers, computed from the owner's file. The demo may look; the product may not."""

from pathlib import Path

import polars as pl

SITES = [str(site) for site in range(1, 7)]
SEXES = ["0", "1"]
ADULT = 18
"""Years; the demo's filter."""


def people_by_site(file: Path) -> list[int]:
    """Count distinct people by site, in the order of the sites' keys."""
    counted = pl.read_parquet(file).group_by("site").agg(pl.col("zper").n_unique())
    found = {str(site): people for site, people in counted.iter_rows()}
    return [found[site] for site in SITES]


def spending_of_adults(file: Path, bound: float) -> list[tuple[float, float]]:
    """Give mean and total of `meddol` by site and sex, as the policy's lattice has the columns.

    Ages count in whole years and spending up to `bound` dollars, so that what remains between
    answer and truth is noise alone.
    """
    adults = pl.read_parquet(file).filter(
        pl.col("xage").round(mode="half_to_even") >= ADULT,
    )
    spent = pl.col("meddol").clip(upper_bound=bound)
    cells = adults.group_by("site", "female").agg(spent.mean().alias("mean"), spent.sum())
    found = {(str(site), str(sex)): (mean, total) for site, sex, mean, total in cells.iter_rows()}
    return [found[site, sex] for site in SITES for sex in SEXES]
