"""What a notebook imports, `import sandbox.client as dr`: light, and sees only the wire.

Polars, httpx and the ledger's verifier are imported where a table, a connection or a proof is
asked for.
"""

from sandbox.client.answer import Answer
from sandbox.client.dataset import Dataset
from sandbox.client.declaring import Algorithm, algorithm, output
from sandbox.client.deriving import bins
from sandbox.client.forecast import Forecast
from sandbox.client.measures import (
    correlation,
    count,
    covariance,
    distinct,
    max,  # noqa: A004  (SQL's own word)
    mean,
    min,  # noqa: A004  (SQL's own word)
    only,
    people,
    ratio,
    regression,
    std,
    sum,  # noqa: A004  (SQL's own word)
    variance,
)
from sandbox.client.mock_run import MockRun
from sandbox.client.query import Query
from sandbox.client.range import Range, connect
from sandbox.client.receipt import Receipt
from sandbox.client.submission import Submission

__all__ = [
    "Algorithm",
    "Answer",
    "Dataset",
    "Forecast",
    "MockRun",
    "Query",
    "Range",
    "Receipt",
    "Submission",
    "algorithm",
    "bins",
    "connect",
    "correlation",
    "count",
    "covariance",
    "distinct",
    "max",
    "mean",
    "min",
    "only",
    "output",
    "people",
    "ratio",
    "regression",
    "std",
    "sum",
    "variance",
]
