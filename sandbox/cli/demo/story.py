"""The story from beginning to end; whatever happens, nothing is left running."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from rich.text import Text

from sandbox.cli.demo import auditing, beginning, narration, questions, refusals
from sandbox.cli.demo.cast import Cast
from sandbox.cli.demo.data import write_hie
from sandbox.cli.demo.folder import fresh
from sandbox.cli.demo.hosting import Hosted, hosted
from sandbox.cli.demo.stage import Stage
from sandbox.cli.terminal import Terminal


def tell(terminal: Terminal, root: Path) -> dict[str, Any]:
    """Tell the story in a fresh folder; give what happened, for programs.

    Raises:
        DataRangeError: something is missing, or does not go as told.
    """
    begun = monotonic()
    stage = Stage(terminal, fresh(root))
    stage.show(Text(narration.TITLE(stage.lang), style="bold"))
    stage.say(narration.INTRO)
    cast = _today(stage)
    _a_year_later(stage, cast)
    auditing.verify(stage)
    seconds = round(monotonic() - begun, 1)
    stage.show(Text(""))
    stage.say(narration.END, style="bold", seconds=seconds, folder=root)
    stage.say(narration.NEXT)
    return stage.facts | {"folder": str(root), "seconds": seconds}


def _today(stage: Stage) -> Cast:
    """Tell chapters 1 to 5 at a new site; give the cast, whose tokens no later start shows."""
    folder = stage.folder
    up = ["-m", "sandbox.cli.main", "up", "--data", str(folder.site), "--port", "0", "--json"]
    with _site(stage, up) as site:
        cast = Cast(site.url, site.tokens)
        key = cast.range_of("auditor").site.ledger_key
        folder.ledger_key.write_text(key + "\n", encoding="ascii")
        stage.say(narration.STARTED, url=site.url, folder=_short(folder.root))
        write_hie(folder.data)
        beginning.describe(stage, cast)
        application = beginning.apply(stage, cast, _date())
        beginning.decide_and_sign(stage, cast, application)
        questions.ask(stage, cast)
        refusals.refuse_today(stage, cast)
        code = site.stop()
    stage.show(Text(""))
    stage.say(narration.STOPPED, code=code)
    return cast


def _a_year_later(stage: Stage, cast: Cast) -> None:
    """Start the same site again with another clock: the end of chapter 5, the start of 6."""
    later = ["-m", "sandbox.cli.demo.later", str(stage.folder.site)]
    with _site(stage, later) as site:
        cast = Cast(site.url, cast.tokens)
        refusals.refuse_later(stage, cast)
        auditing.export(stage, cast)


@contextmanager
def _site(stage: Stage, command: Sequence[str]) -> Iterator[Hosted]:
    with ExitStack() as stack:
        with stage.waiting(narration.STARTING):
            site = stack.enter_context(hosted(stage.folder, command))
        yield site


def _date() -> date:
    """Read the calendar, as the applicant does."""
    return datetime.now(UTC).date()  # noqa: TID251  (the demo plays a person, not the product)


def _short(path: Path) -> Path:
    """Write a path the way somebody in this folder would."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
