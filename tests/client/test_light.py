"""`import sandbox.client` is for notebooks: what is slow to load waits until it is needed."""

import subprocess
import sys

HEAVY = (
    "cryptography",
    "fastapi",
    "numpy",
    "opendp",
    "policies",
    "polars",
    "pydantic",
    "ray",
    "rfc8785",
    "psycopg",
    "sqlglot",
    "uvicorn",
    "yaml",
)
PROGRAM = f"""
import sys
import sandbox.client
print(*sorted({set(HEAVY)!r} & set(sys.modules)))
"""


def test_importing_the_client_loads_nothing_heavy() -> None:
    loaded = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)  # noqa: S603
    assert loaded.stdout.decode().split() == []


def test_every_public_name_is_there() -> None:
    import sandbox.client as dr  # noqa: PLC0415

    assert all(hasattr(dr, name) for name in dr.__all__)
