"""Typing `--help` or verifying a ledger waits for nothing that it does not need."""

import subprocess
import sys
from time import perf_counter

import pytest

HEAVY = ("opendp", "polars", "fastapi", "psycopg", "httpx", "pydantic", "numpy", "pandas")
AFTERWARDS = f"print([name for name in {HEAVY!r} if name in sys.modules])"


def loaded_by(program: str) -> str:
    done = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-c", f"import sys\n{program}\n{AFTERWARDS}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_command_line_loads_nothing_heavy() -> None:
    assert loaded_by("import sandbox.cli.main") == "[]"


def test_the_auditors_verifier_loads_nothing_of_the_product() -> None:
    modules = ("main", "audit_report", "audit_source", "key_text")
    program = f"import sandbox.ledger.verify, {', '.join(f'sandbox.cli.{one}' for one in modules)}"
    assert loaded_by(program) == "[]"


def test_verifying_a_running_site_and_witnessing_it_load_http_alone() -> None:
    program = "import sandbox.cli.audit_source, sandbox.client.log, sandbox.client.witness"
    assert loaded_by(program) == "['httpx']"


BARE = "import typer; app = typer.Typer(); app.command()(lambda: None); app(['--help'])"
"""A command line with nothing in it, on the same library."""


@pytest.mark.slow
def test_help_takes_no_longer_than_a_few_empty_command_lines() -> None:
    ours, bare = [], []
    for _ in range(5):
        ours.append(seconds_of("-m", "sandbox.cli.main", "--help"))
        bare.append(seconds_of("-c", BARE))
    assert min(ours) < 4 * min(bare)


def seconds_of(*words: str) -> float:
    begun = perf_counter()
    subprocess.run([sys.executable, *words], capture_output=True, check=True)  # noqa: S603
    return perf_counter() - begun
