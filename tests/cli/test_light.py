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


@pytest.mark.slow
def test_help_comes_within_a_second() -> None:
    assert min(seconds_of_help() for _ in range(5)) < 1


def seconds_of_help() -> float:
    begun = perf_counter()
    command = [sys.executable, "-m", "sandbox.cli.main", "--help"]
    subprocess.run(command, capture_output=True, check=True)  # noqa: S603  (our own program)
    return perf_counter() - begun
