"""`datarange doctor`: what this machine can hold a stranger's program with, and why not more.

Exit codes: 0 if a back end passed its self-test, 9 if none did.
"""

# ruff: noqa: PLC0415  (the self-test's parts wait for the command: --help stays quick)

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from sandbox.cli import doctor_texts as texts
from sandbox.cli.command import command
from sandbox.cli.language import Language, Phrase
from sandbox.cli.prose import Prose
from sandbox.cli.tables import table
from sandbox.cli.terminal import Outcome, printable
from sandbox.errors import Unavailable

Runsc = Annotated[
    Path | None,
    typer.Option("--runsc", envvar="DATARANGE_RUNSC", help="gVisor's program; else the path's."),
]
Bwrap = Annotated[
    Path | None,
    typer.Option(
        "--bwrap", envvar="DATARANGE_BWRAP", help="bubblewrap's program; else the path's."
    ),
]
SharedKernel = Annotated[
    bool,
    typer.Option("--shared-kernel", help="Try what leaves the host's kernel open to programs too."),
]


def doctor(
    *, runsc: Runsc = None, bwrap: Bwrap = None, shared_kernel: SharedKernel = False
) -> Outcome:
    """Try by real attacks what this machine can hold a stranger's program with; some seconds."""
    from sandbox.isolation.chosen import choose
    from sandbox.isolation.environment import packages
    from sandbox.settings import Isolation

    choice = choose(Isolation(runsc, bwrap, shared_kernel=shared_kernel))
    chosen = None if choice.chosen is None else choice.chosen.name
    found = {
        "chosen": chosen,
        "back_ends": [
            {
                "name": one.name,
                "shares_kernel": one.shares_kernel,
                "tried": one.back_end is not None,
                "passed": one.passed,
                "failings": [asdict(failing) for failing in one.failings],
            }
            for one in choice.tried
        ],
        "packages": packages(),
    }
    return Outcome(
        found,
        lambda language: _view(found, language),
        exit_code=0 if chosen else Unavailable.exit_code,
    )


def register(app: typer.Typer) -> None:
    """Put the command into the app."""
    command(app, "doctor")(doctor)


def _view(found: dict[str, Any], language: Language) -> RenderableType:
    """Lay out each back end with what speaks against it, then which one is used."""
    headings = (texts.NAME, texts.KERNEL, texts.STATE, texts.WHY)
    rows = [
        (
            one["name"],
            (texts.SHARED_KERNEL if one["shares_kernel"] else texts.OWN_KERNEL)(language),
            _state(one)(language),
            "\n".join(_advice(one["name"], failing, language) for failing in one["failings"]),
        )
        for one in found["back_ends"]
    ]
    chosen = found["chosen"]
    verdict = texts.CHOSEN(language, name=chosen) if chosen else texts.NONE(language)
    names = ", ".join(f"{name} {version}" for name, version in found["packages"].items())
    return Group(
        table([heading(language) for heading in headings], rows, title=texts.TITLE(language)),
        Prose(verdict, style="bold green" if chosen else "bold red"),
        Prose(texts.PACKAGES(language, names=names), style="dim"),
    )


def _state(one: dict[str, Any]) -> Phrase:
    if not one["tried"]:
        return texts.NOT_TRIED
    return texts.PASSED if one["passed"] else texts.NOT_PASSED


def _advice(name: str, failing: dict[str, str], language: Language) -> str:
    """Say what failed and what to do about it."""
    part = failing["part"]
    if part == "missing":
        return texts.MISSING[name](language)
    if part in texts.ATTACKS:
        return f"{texts.ATTACKS[part](language)} {texts.OPEN_DOOR(language)}"
    return texts.FAILINGS[part](language, detail=printable(failing["detail"]))
