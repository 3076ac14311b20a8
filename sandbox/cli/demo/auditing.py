"""Chapter 6: the auditor takes the ledger home, replays and reports it, and finds three fakes."""

from collections.abc import Callable
from pathlib import Path

from sandbox.cli.demo import narration, tampering
from sandbox.cli.demo.cast import Cast
from sandbox.cli.demo.stage import Stage, expect
from sandbox.cli.language import Phrase
from sandbox.errors import NotVerified

EXPORT = "ledger"
REPORT = "report.html"


def export(stage: Stage, cast: Cast) -> None:
    """Fetch the ledger while the site still runs."""
    stage.chapter(6, narration.AUDIT, narration.AUDIT_TEXT)
    expect(0, stage.command("auditor", cast, "audit", "export", EXPORT))


def verify(stage: Stage) -> None:
    """Replay the ledger in fresh processes, without a site: the true one, then three fakes."""
    _verify(stage, EXPORT, 0)
    _report(stage)
    stage.gap()
    stage.say(narration.TAMPER_TEXT)
    folder = stage.folder
    original = folder.export(EXPORT)
    vkey = folder.ledger_key.read_text(encoding="ascii").strip()
    fakes: list[tuple[str, Phrase, Callable[[Path], int]]] = [
        ("flipped", narration.FLIPPED, lambda copy: tampering.flip_byte(original, copy)),
        (
            "removed",
            narration.REMOVED,
            lambda copy: tampering.remove_debit(original, copy, folder.site, vkey),
        ),
        (
            "forged",
            narration.FORGED,
            lambda copy: tampering.forge_release(original, copy, folder.site, vkey),
        ),
    ]
    for name, title, tamper in fakes:
        index = tamper(folder.export(name))
        stage.gap()
        stage.say(title, style="bold", index=index)
        stage.facts.setdefault("fakes", []).append({"name": name, "index": index})
        _verify(stage, name, NotVerified.exit_code)


def _report(stage: Stage) -> None:
    words = ("audit", "report", EXPORT, "--key", stage.folder.ledger_key.name, "--out", REPORT)
    expect(0, stage.command("auditor", None, *words))
    stage.say(narration.REPORT, style="dim")


def _verify(stage: Stage, name: str, wanted: int) -> None:
    code = stage.command(
        "auditor", None, "audit", "verify", name, "--key", stage.folder.ledger_key.name
    )
    expect(wanted, code)
    stage.say(narration.EXIT_CODE, style="dim", code=code)
