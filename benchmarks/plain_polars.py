"""The questions as a good user of Polars would write them over the same files."""

from collections.abc import Callable

import polars as pl

VAULT = ".bench/vault"


def asked(question: str, snapshot: str) -> Callable[[], list[float]]:
    """Give a call that answers for each region in order, one aggregate after the other."""
    count, mean, people = pl.len(), pl.col("cost").mean(), pl.col("@person").n_unique()
    aggregates = {
        "count": [count],
        "mean": [mean],
        "count and mean": [count, mean],
        "people": [people],
    }[question]

    def answer() -> list[float]:
        rows = pl.scan_parquet(f"{VAULT}/{snapshot}/shard-*.parquet")
        table = rows.group_by("region").agg(aggregates).sort("region").drop("region")
        return [value for column in table.collect(engine="streaming") for value in column]

    return answer
