"""How a review and an erasure look in a terminal once they are on record."""

from sandbox.cli import budget_texts
from sandbox.cli.prose import Prose
from sandbox.cli.terminal import Outcome, printable
from sandbox.wire import Entered, Erased


def reviewed(index: int) -> Outcome:
    """Say where a review stands."""
    return Outcome(Entered(index), lambda lang: Prose(budget_texts.REVIEWED(lang, index=index)))


def erased(papers: Erased) -> Outcome:
    """Say what was deleted."""
    return Outcome(
        papers,
        lambda lang: Prose(
            budget_texts.ERASED(lang, subject=printable(papers.subject), count=papers.payloads)
        ),
    )
