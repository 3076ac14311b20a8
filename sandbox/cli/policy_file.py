"""A policy in a file: read it, and lay out every error that it has."""

from dataclasses import asdict, replace
from pathlib import Path

from rich.text import Text

from policies.errors import PolicyError
from policies.load import PolicyErrors, load_any
from sandbox.chinese import sentence_of
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
    """List every error of a policy, one after the other."""

    def view(language: Language) -> Text:
        count = len(invalid.errors)
        heading = texts.POLICY_INVALID(language, file=printable(str(file)), count=count)
        listed = Text().join(_line(error, language) for error in invalid.errors)
        return listed.append(heading, style="bold red")

    errors = [asdict(each) | {"message_zh": sentence_of(each.code)} for each in invalid.errors]
    return Outcome({"valid": False, "errors": errors}, view, exit_code=BadInput.exit_code)


def _line(error: PolicyError, language: Language) -> Text:
    """Lay an error out the way compilers do; below a Chinese sentence stands what it lacks."""
    said = sentence_of(error.code) if language is Language.CHINESE else ""
    if not said:
        return Text(printable(f"{error}\n"))
    line = Text(printable(f"{replace(error, message=said)}\n"))
    return line.append(printable(f"  {error.message}\n"), style="dim")
