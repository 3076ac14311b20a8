"""How tokens and accounts look on a terminal."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from sandbox.cli import account_texts as said
from sandbox.cli.language import Language, Phrase
from sandbox.cli.tables import table
from sandbox.cli.terminal import Outcome, printable
from sandbox.cli.texts import ROLES
from sandbox.wire_identity import LoginCard, TokenCard, TokenIssued


def tokens(cards: Sequence[TokenCard]) -> Outcome:
    """List tokens; of the secret there is nothing to list."""

    def view(lang: Language) -> RenderableType:
        headings = (said.ID, said.NAME, said.ROLE, said.LABEL, said.STATE, said.EXPIRES, said.USED)
        rows = [
            (
                card.id,
                card.name,
                ROLES[card.role](lang),
                printable(card.label),
                said.STATES[card.state](lang),
                _minute(card.expires, lang),
                _minute(card.used, lang),
            )
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows, whole=(0,))

    return Outcome(list(cards), view)


def accounts(cards: Sequence[LoginCard]) -> Outcome:
    """List accounts."""

    def view(lang: Language) -> RenderableType:
        headings = (said.NAME, said.ROLE, said.STATE, said.CREATED)
        rows = [
            (
                card.name,
                ROLES[card.role](lang),
                said.STATES["closed" if card.closed else "open"](lang),
                _minute(card.created, lang),
            )
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows)

    return Outcome(list(cards), view)


def issued(token: TokenIssued) -> Outcome:
    """Show a new token, this once."""
    card = token.card

    def view(lang: Language) -> RenderableType:
        role, expires = ROLES[card.role](lang), _minute(card.expires, lang)
        heading = said.ISSUED(lang, name=card.name, role=role, expires=expires)
        return Text(f"{heading}\n").append(token.secret, "bold")

    return Outcome(token, view)


def told(data: object, phrase: Phrase, **parts: str) -> Outcome:
    """Say in one sentence what was done."""
    return Outcome(data, lambda lang: Text(phrase(lang, **parts)))


def _minute(time: str | None, lang: Language) -> str:
    """Write an ISO 8601 time of the wire (UTC) to the minute."""
    return said.NEVER(lang) if time is None else f"{time[:16].replace('T', ' ')}Z"
