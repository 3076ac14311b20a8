"""How a policy's preview looks in a terminal."""

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

from rich.console import Group, RenderableType

from policies.load import load_policy
from sandbox.cli import preview_texts as texts
from sandbox.cli.amounts import unit_of
from sandbox.cli.language import Language
from sandbox.cli.prose import Prose
from sandbox.cli.tables import facts, number, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.errors import BadInput, Place
from sandbox.model.cost import fraction, text
from sandbox.query.preview import Preview, Previewed, preview

PERCENT = 100
LEAST_RATE, GREATEST_RATE = Fraction(1, 100), 10_000
"""Answers a week."""


def previewed(file: Path, epsilon: str | None, per_week: str) -> Outcome:
    """Foretell what a policy in a file allows.

    Raises:
        PolicyErrors: the policy does not load.
        BadInput: the price or the rate is malformed or absurd (`preview.rate`).
    """
    rate = fraction(per_week, "per_week")
    if not LEAST_RATE <= rate <= GREATEST_RATE:
        raise BadInput(
            "A rate lies between 0.01 and 10,000 answers a week",
            code="preview.rate",
            place=Place(clause="per_week"),
        )
    policy = load_policy(file.read_bytes(), str(file))
    seen = preview(policy, None if epsilon is None else fraction(epsilon, "epsilon"), rate)
    return Outcome(_json(seen), lambda lang: _view(seen, per_week, lang))


def _json(seen: Preview) -> dict[str, object]:
    exact = {"epsilon": text(seen.epsilon), "weeks": float(seen.weeks)}
    return {**asdict(seen), **exact}


def _view(seen: Preview, per_week: str, lang: Language) -> RenderableType:
    headings = (texts.QUESTION, texts.CELLS, texts.HALF_WIDTH, texts.UNDER_ZCDP, texts.UNDER_PURE)
    rows = [_row(one, lang) for one in seen.questions]
    guess = f"{PERCENT * seen.guess:.1f}"
    told = texts.ANSWERS(lang, number=number(seen.answers), agreement=seen.agreement_answers)
    return Group(
        facts([(texts.PRICE(lang), f"ε = {text(seen.epsilon)}")]),
        table([heading(lang) for heading in headings], rows, right=[1, 2, 3, 4]),
        Prose(told),
        Prose(texts.LASTS(lang, rate=per_week, weeks=number(float(seen.weeks), 3))),
        Prose(texts.WORST(lang, guess=guess)),
        Prose(texts.BETTER(lang, better=seen.better, unit=unit_of(seen.better), rate=per_week)),
    )


def _row(one: Previewed, lang: Language) -> tuple[str, ...]:
    width = number(one.half_width, 3)
    shown = f"{width} {texts.HOPELESS(lang)}" if one.hopeless else width
    spread = (
        texts.NEVER(lang) if one.spread[name] is None else number(one.spread[name], 3)
        for name in ("zcdp", "pure")
    )
    return (printable(one.sql), number(one.cells), shown, *spread)
