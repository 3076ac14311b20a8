"""What a notebook imports, `import sandbox.client as dr`: light, and sees only the wire.

Polars, httpx and the ledger's verifier are imported where a table, a connection or a proof is
asked for.
"""

from sandbox.client.answer import Answer
from sandbox.client.dataset import Dataset
from sandbox.client.measures import count, mean, people, sum  # noqa: A004  (SQL's own word)
from sandbox.client.query import Query
from sandbox.client.range import Range, connect
from sandbox.client.receipt import Receipt

__all__ = [
    "Answer",
    "Dataset",
    "Query",
    "Range",
    "Receipt",
    "connect",
    "count",
    "mean",
    "people",
    "sum",
]
