"""Parallel composition, person by person: nobody has lost more than the source's account says.

Random questions about random parts are asked of a real site until its budget is gone, over several
snapshots in which people change parts. Then what each person lost is added up from the ledger and
from the snapshots' own rows, without the product's arithmetic.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sandbox.errors import Refused
from sandbox.flow.ask import ask
from sandbox.model.account import source_account
from sandbox.model.names import SourceName
from sandbox.wire import MeasureMessage, Question
from tests.support.town import POLICY, Town, build_town

KEYS = ("a", "b", "c", "d")
PEOPLE, ASKERS, SNAPSHOTS, QUESTIONS = 60, 5, 3, 30
CAP = Fraction(2)
SOURCE = source_account(SourceName("town/clinic"))
Losses = dict[int, Fraction]


def policy(most: int) -> str:
    return (
        POLICY.replace("ACCOUNTING", "pure")
        .replace("{column: person, max_rows: 2}", "{column: person, max_rows: 4}")
        .replace(
            "per_agreement: {epsilon: 1}",
            f"per_agreement: {{epsilon: 2}}\n  partition: {{column: site, max_parts: {most}}}",
        )
        .replace("[north, south]", f"[{', '.join(KEYS)}]")
    )


def rows(chance: np.random.Generator) -> str:
    """Give everybody four rows in parts at random, some in none."""
    sites = chance.choice([*KEYS, ""], (PEOPLE, 4))
    written = (f"p{n},{site},{n},1,x\n" for n, own in enumerate(sites) for site in own)
    return "person,site,age,cost,name\n" + "".join(written)


def questions(chance: np.random.Generator) -> Iterator[Question]:
    for number in range(QUESTIONS):
        chosen = chance.choice(KEYS, chance.integers(1, len(KEYS) + 1), replace=False)
        parts = f"site IN ({', '.join(map(repr, map(str, chosen)))})"
        where = (f"age >= {number}", *([parts] if chance.random() < 0.9 else []))
        epsilon = str(chance.choice(["0.05", "0.1", "0.2"]))
        yield Question(
            "town/clinic", where=where, measures=(MeasureMessage("count"),), epsilon=epsilon
        )


def parts_of_people(folder: Path) -> dict[int, set[str]]:
    """Read from a snapshot's own rows which parts each person is in."""
    found: dict[int, set[str]] = {person: set() for person in range(PEOPLE)}
    table = pl.read_parquet(folder / "*.parquet").select("@person", "site").drop_nulls()
    for person, code in table.iter_rows():
        found[person].add(KEYS[code])
    return found


def losses(town: Town) -> Losses:
    """Add up what each person lost: an answer's whole cost if it was about them, else nothing."""
    lost: Losses = defaultdict(Fraction)
    for debit in town.entries("debit"):
        own = parts_of_people(town.folder / "snapshots" / debit["snapshot"])
        for person, parts in own.items():
            if debit["parts"] is None or parts.intersection(debit["parts"]):
                lost[person] += Fraction(debit["cost"]["epsilon"])
    return lost


def asked_until_gone(town: Town, most: int, chance: np.random.Generator) -> set[str]:
    """Let several people ask over several snapshots; give the clauses that said no."""
    town.describe(csv=rows(chance), policy=policy(most))
    askers = [town.newcomer(f"asker-{number}") for number in range(ASKERS)]
    for asker in askers:
        town.agree(asker)
    refusing = set()
    for _ in range(SNAPSHOTS):
        town.describe(csv=rows(chance), policy=policy(most))
        for question in questions(chance):
            try:
                ask(town.site, askers[chance.integers(ASKERS)], question)
            except Refused as refused:
                refusing |= {reason.clause for reason in refused.reasons}
    return refusing


@pytest.mark.slow
@pytest.mark.parametrize("most", [1, 2, 3])
def test_nobody_has_lost_more_than_the_source_has_spent(most: int, tmp_path: Path) -> None:
    for seed in range(5):
        folder = tmp_path / f"town-{seed}"
        folder.mkdir()
        town = build_town(folder)
        assert "privacy.budget" in asked_until_gone(town, most, np.random.default_rng(seed))
        spent = town.account(SOURCE).spent
        assert max(losses(town).values()) <= spent <= CAP
        assert town.audit()[SOURCE].spent == spent


@pytest.mark.slow
def test_parts_side_by_side_get_more_answers_than_one_budget_after_the_other(
    tmp_path: Path,
) -> None:
    town = build_town(tmp_path)
    asked_until_gone(town, 1, np.random.default_rng(0))
    assert sum(Fraction(debit["cost"]["epsilon"]) for debit in town.entries("debit")) > CAP
