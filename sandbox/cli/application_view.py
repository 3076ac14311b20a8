"""How an application looks in a terminal: where it stands, and who has to do what next."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import course_texts, texts
from sandbox.cli.contracts import minute, state
from sandbox.cli.language import Language
from sandbox.cli.tables import Cell, facts, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.wire import ApplicationCard, DeadlineMessage, NextStep, OverdueCard

SILENT = frozenset(("not_started", "stopped"))
"""Stages of a clock that nobody has to watch."""


def application(card: ApplicationCard) -> Outcome:
    """Lay one application out: what it asks, how far it has come, and what comes next."""

    def view(lang: Language) -> RenderableType:
        return Group(
            facts([*_asked(card, lang), *_heard(card, lang), *_decided(card, lang)]),
            *(next_step(one, lang) for one in card.next),
        )

    return Outcome(card, view)


def applications(cards: Sequence[ApplicationCard]) -> Outcome:
    """Lay applications out, oldest first."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(texts.NO_APPLICATIONS(lang))
        headings = (
            *(texts.ID, texts.STATE, course_texts.DUE_DAY, texts.APPLICANT, texts.DATASET),
            course_texts.NEXT,
        )
        rows = [
            (
                card.id,
                state(card.state, lang),
                _due(card.deadline, lang),
                card.applicant,
                ", ".join((card.dataset, *card.further)),
                ", ".join(dict.fromkeys(_who(one, lang) for one in card.next)),
            )
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows, whole=[0, 1])

    return Outcome(list(cards), view)


def overdue(cards: Sequence[OverdueCard]) -> Outcome:
    """Lay out what nobody has answered in time."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(course_texts.NOTHING_OVERDUE(lang))
        headings = (texts.ID, texts.STATE, texts.DATASET, course_texts.CLOCK)
        rows = [
            (card.id, state(card.state, lang), card.dataset, clock(card.deadline, lang))
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows, whole=[0])

    return Outcome(list(cards), view)


def clock(deadline: DeadlineMessage, lang: Language) -> str:
    """Say an application's clock in one line."""
    stage = course_texts.STAGES.get(deadline.stage)
    if deadline.until is not None:
        return course_texts.DUE_WITHIN_HOURS(
            lang,
            used=deadline.used_hours,
            due=minute(deadline.until),
            stage=stage(lang) if stage else deadline.stage,
        )
    guess = course_texts.PROVISIONAL(lang) if deadline.provisional else ""
    return course_texts.DUE(
        lang,
        used=deadline.used_days,
        due=deadline.due + guess,
        stage=stage(lang) if stage else deadline.stage,
    )


def next_step(step: NextStep, lang: Language) -> Text:
    """Say what has to be done, by whom, and how."""
    words = step.text_zh if lang is Language.CHINESE else step.text
    head = f"{course_texts.NEXT(lang)} ({_who(step, lang)}): "
    command = f"\n  {step.command}" if step.command else ""
    return Text(head, style="bold").append(printable(words + command), style="not bold")


def _due(deadline: DeadlineMessage | None, lang: Language) -> str:
    """Say until when somebody waits for an answer, and whether it is time."""
    if deadline is None or deadline.stage in SILENT:
        return ""
    warning = "" if deadline.stage == "running" else f" {course_texts.STAGES[deadline.stage](lang)}"
    due = minute(deadline.until) if deadline.until else deadline.due
    return f"{due}{'?' if deadline.provisional else ''}{warning}"


def _asked(card: ApplicationCard, lang: Language) -> Iterator[tuple[str, Cell]]:
    yield texts.ID(lang), card.id
    yield texts.STATE(lang), state(card.state, lang)
    if card.deadline:
        yield course_texts.CLOCK(lang), clock(card.deadline, lang)
    yield texts.APPLICANT(lang), card.applicant
    if card.proof:
        kind = course_texts.KINDS[card.proof.kind](lang)
        written = (kind, card.proof.name, card.proof.number, card.proof.responsible)
        yield course_texts.PROOF(lang), ", ".join(part for part in written if part)
    yield texts.DATASET(lang), card.dataset
    if card.further:
        yield course_texts.FURTHER(lang), ", ".join(card.further)
    if card.amends:
        yield course_texts.AMENDS(lang), card.amends
    if card.renews:
        yield course_texts.RENEWS(lang), card.renews
    yield texts.PURPOSE(lang), card.purpose
    yield texts.SCENARIO(lang), card.scenario
    yield texts.SAFEGUARDS(lang), card.safeguards
    yield texts.PERIOD(lang), f"{card.starts} – {card.ends}"
    yield texts.RECEIVED(lang), minute(card.received)
    if card.revision:
        yield course_texts.REVISION(lang), str(card.revision)


def _heard(card: ApplicationCard, lang: Language) -> Iterator[tuple[str, Cell]]:
    """Say what steward and owners have made of it so far."""
    for pause in card.pauses:
        yield course_texts.SUPPLEMENT(lang), f"{minute(pause.asked)}: {pause.reason}"
    for name, question in course_texts.SAFES.items():
        if card.assessment:
            answer = getattr(card.assessment, name)
            verdict = course_texts.MET if answer.met else course_texts.UNMET
            yield question(lang), verdict(lang, remark=answer.remark)
    for said in card.consents:
        name = course_texts.CONSENT(lang, name=said.dataset)
        if said.given is None:
            yield name, course_texts.UNANSWERED(lang, owner=said.owner)
        else:
            phrase = course_texts.YES if said.given else course_texts.NO
            reason = " ".join(part for part in (said.reason, said.origin_consent) if part)
            yield name, phrase(lang, owner=said.owner, reason=reason)


def _decided(card: ApplicationCard, lang: Language) -> Iterator[tuple[str, Cell]]:
    if card.decision:
        yield texts.DECISION(lang), card.decision
    for agreement in card.agreements:
        yield texts.AGREEMENT(lang), agreement


def _who(step: NextStep, lang: Language) -> str:
    phrase = course_texts.WHO.get(step.who)
    return phrase(lang) if phrase else step.who
