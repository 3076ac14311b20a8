"""The story from beginning to end; whatever happens, nothing is left running."""

from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from rich.text import Text

from sandbox.cli.demo import auditing, beginning, narration, questions, raising, refusals
from sandbox.cli.demo.cast import Cast
from sandbox.cli.demo.data import write_hie
from sandbox.cli.demo.folder import fresh
from sandbox.cli.demo.hosting import hosted
from sandbox.cli.demo.stage import Stage
from sandbox.cli.terminal import Terminal

UP = ("-m", "sandbox.cli.main", "up", "--port", "0", "--json")
LATER = ("-m", "sandbox.cli.demo.later")


def tell(terminal: Terminal, root: Path) -> dict[str, Any]:
    """Tell the story in a fresh folder; give what happened, for programs.

    Raises:
        DataRangeError: something is missing, or does not go as told.
    """
    begun = monotonic()
    stage = Stage(terminal, fresh(root))
    stage.show(Text(narration.TITLE(stage.lang), style="bold"))
    stage.say(narration.INTRO)
    with ExitStack() as running:
        _tell_with_sites(stage, running)
    auditing.verify(stage)
    seconds = round(monotonic() - begun, 1)
    stage.gap()
    stage.say(narration.END, style="bold", seconds=seconds, folder=root)
    stage.say(narration.NEXT)
    return stage.facts | {"folder": str(root), "seconds": seconds}


def _tell_with_sites(stage: Stage, running: ExitStack) -> None:
    """Tell what needs a site: chapters 1 to 5 today, the end of 5 and the export a year later."""
    data = str(stage.folder.site)
    first = running.enter_context(hosted(stage.folder, [*UP, "--data", data]))
    with stage.waiting(narration.STARTING):
        write_hie(stage.folder.data)
        today = first.ready()
    cast = Cast(today.url, today.tokens)
    later = running.enter_context(hosted(stage.folder, [*LATER, data]))
    _today(stage, cast)
    stage.gap()
    stage.say(narration.STOPPED, code=first.stop())
    with stage.waiting(narration.STARTING):
        in_a_year = later.begin()
        cast = Cast(in_a_year.url, in_a_year.tokens)
    refusals.refuse_later(stage, cast)
    auditing.export(stage, cast)


def _today(stage: Stage, cast: Cast) -> None:
    """Tell chapters 1 to 5; the auditor notes the ledger's key while it is young."""
    key = cast.range_of("auditor").site.ledger_key
    stage.folder.ledger_key.write_text(key + "\n", encoding="ascii")
    stage.say(narration.STARTED, url=cast.url, folder=_short(stage.folder.root))
    beginning.describe(stage, cast)
    application = beginning.apply(stage, cast, _date())
    beginning.decide_and_sign(stage, cast, application)
    questions.ask(stage, cast)
    refusals.refuse_today(stage, cast)
    raising.raise_cap(stage, cast)


def _date() -> date:
    """Read the calendar, as the applicant does."""
    return datetime.now(UTC).date()  # noqa: TID251  (the demo plays a person, not the product)


def _short(path: Path) -> Path:
    """Write a path the way somebody in this folder would."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
