"""How emergencies look in a terminal: where they stand, what they open, and who is next."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import emergency_texts, texts
from sandbox.cli.application_view import next_step
from sandbox.cli.contracts import minute
from sandbox.cli.language import Language
from sandbox.cli.tables import facts, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.wire import ApprovedCard, EmergencyCard


def emergencies(cards: Sequence[EmergencyCard]) -> Outcome:
    """Lay emergencies out, oldest first."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(emergency_texts.NONE(lang))
        headings = (
            *(texts.ID, texts.STATE, emergency_texts.SOURCE),
            *(emergency_texts.ENDS, emergency_texts.REVIEW),
        )
        rows = [
            (card.id, _state(card, lang), card.source, minute(card.ends), _review(card, lang))
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows, whole=[0, 1])

    return Outcome(list(cards), view)


def emergency(card: EmergencyCard) -> Outcome:
    """Lay one emergency out, and what it waits for."""

    def view(lang: Language) -> RenderableType:
        return Group(facts(_facts(card, lang)), *(next_step(one, lang) for one in card.next))

    return Outcome(card, view)


def questions(cards: Sequence[ApprovedCard]) -> Outcome:
    """List what an emergency opens, each with the command that asks it, on a line of its own."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(emergency_texts.NO_QUESTIONS(lang))
        return Text("\n").join(_question(card, lang) for card in cards)

    return Outcome(list(cards), view)


def _question(card: ApprovedCard, lang: Language) -> Text:
    said = [emergency_texts.QUESTION(lang, dataset=card.dataset, epsilon=card.epsilon)]
    if card.parameters:
        said.append(emergency_texts.PARAMETERS(lang, columns=", ".join(card.parameters)))
    name, words = Text(printable(card.name), style="bold"), printable(" ".join(said))
    return name.append(f"  {words}\n  {printable(card.command)}", style="not bold")


def _facts(card: EmergencyCard, lang: Language) -> Iterator[tuple[str, str]]:
    yield texts.ID(lang), card.id
    yield texts.STATE(lang), _state(card, lang)
    yield emergency_texts.SOURCE(lang), card.source
    yield emergency_texts.REASON(lang), card.reason
    declared = {"time": minute(card.declared), "name": card.declared_by}
    yield emergency_texts.DECLARED(lang), emergency_texts.BY(lang, **declared)
    if card.confirmed:
        confirmed = {"time": minute(card.confirmed), "name": card.confirmed_by}
        yield emergency_texts.CONFIRMED(lang), emergency_texts.BY(lang, **confirmed)
    if card.entry is not None:
        yield emergency_texts.ENTRY(lang), str(card.entry)
    yield emergency_texts.ENDS(lang), minute(card.ends)
    if card.review_due:
        yield emergency_texts.REVIEW(lang), _review(card, lang)


def _review(card: EmergencyCard, lang: Language) -> str:
    """Say where the review stands; nothing where nobody has to look into anything."""
    if card.reviewed:
        return emergency_texts.REVIEWED(lang, day=card.reviewed[:10])
    if card.review_due is None:
        return ""
    phrase = emergency_texts.REVIEW_LATE if card.review_late else emergency_texts.REVIEW_DUE
    return phrase(lang, day=f"{card.review_due}{'?' if card.review_provisional else ''}")


def _state(card: EmergencyCard, lang: Language) -> str:
    phrase = emergency_texts.STATES.get(card.state)
    return phrase(lang) if phrase else card.state
