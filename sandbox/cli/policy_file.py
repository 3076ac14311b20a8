"""A policy in a file: read it, and lay out every error that it has."""

from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from policies.load import PolicyErrors, load_any
from sandbox.cli import texts
from sandbox.cli.language import Language
from sandbox.cli.terminal import Outcome, printable
from sandbox.errors import BadInput


def check(file: Path) -> Outcome:
    """Load a policy; the outcome has every error, or the dataset that it is for."""
    try:
        name = load_any(file.read_bytes(), str(file)).metadata.dataset
    except PolicyErrors as invalid:
        return _errors(file, invalid)
    return Outcome(
        {"valid": True, "dataset": name, "errors": []},
        lambda lang: Text(texts.POLICY_VALID(lang, file=printable(str(file)), name=name)),
    )


def _errors(file: Path, invalid: PolicyErrors) -> Outcome:
    """List every error of a policy, one a line, the way compilers do."""

    def view(language: Language) -> Text:
        count = len(invalid.errors)
        heading = texts.POLICY_INVALID(language, file=printable(str(file)), count=count)
        return Text(printable(f"{invalid}\n")).append(heading, style="bold red")

    data = {"valid": False, "errors": [asdict(error) for error in invalid.errors]}
    return Outcome(data, view, exit_code=BadInput.exit_code)
