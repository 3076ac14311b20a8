"""What another owner's policy says to a question, if its data were granted together with these."""

import re
from fractions import Fraction
from itertools import chain, combinations

import pytest

from sandbox.errors import Refused
from sandbox.flow.ask import ask
from sandbox.flow.submit import submit
from sandbox.model.principal import Principal, Role
from tests.flow.test_granting import granted_both, of_lodge, signed, stored, with_lodge
from tests.support.town import POLICY, Town, question

LIMIT = "budget.per_submission"
ALGORITHM = "algorithm: {release: automatic, blocks: {min: 40, max: 400}}"
TABLE = {
    "bars the purpose": ("[research, teaching]", "[teaching]", "purpose.not_in_policy"),
    "shuts the lane": ("query: {release: automatic}", ALGORITHM, "lane.off"),
    "is for download": ("access: [algorithm]", "access: [download]", "access.no_algorithm"),
    "has a low limit": ("submission: {epsilon: 1}", "submission: {epsilon: 0.4999}", LIMIT),
    "closes a column": ("site: {use: [group, filter]", "site: {use: [group]", ""),
    "closes another": ("age: {use: [filter], bounds: [0, 99]}", "age: {use: []}", ""),
    "bounds otherwise": ("bounds: [0, 100]", "bounds: [0, 10]", ""),
    "keeps more rows": ("max_rows: 2", "max_rows: 3", ""),
    "shares out more": ("per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 2}", ""),
    "answers slowly": ("quantum: 50ms", "quantum: 2s", ""),
    "grades otherwise": ("grade: L3", "grade: L2", ""),
}
"""What the other owner writes in the place of what, and the reason that a question here gets."""
CASES = [*chain.from_iterable(combinations(TABLE, size) for size in (0, 1, 2)), tuple(TABLE)]


def me(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


@pytest.fixture
def lodge(town: Town) -> Town:
    """Grant and sign data of two owners together."""
    town.describe()
    other = with_lodge(town, POLICY)
    for name in granted_both(town, other).agreements:
        signed(town, stored(town, name))
    return other


def rewritten(*against: str) -> str:
    policy = POLICY
    for old, new, _ in (TABLE[one] for one in against):
        assert policy.count(old) == 1, old
        policy = policy.replace(old, new)
    return policy


def refused_for(town: Town, epsilon: str) -> set[tuple[str, str | None]]:
    try:
        ask(town.site, me(town), question(epsilon=epsilon))
    except Refused as refusal:
        return {(reason.code, reason.owner) for reason in refusal.reasons}
    return set()


def test_each_clause_of_the_other_owner_flips_exactly_what_the_table_says(
    town: Town, lodge: Town
) -> None:
    for against in CASES:
        of_lodge(lodge, rewritten(*against))
        expected = {(TABLE[one][2], "lodge") for one in against if TABLE[one][2]}
        assert refused_for(town, "0.5") == expected, against
    town.audit()


def test_a_closed_dataset_shuts_what_was_granted_with_it(town: Town, lodge: Town) -> None:
    closed = re.sub(r"use: \[[^\]]*\].*}", "use: []}", POLICY)
    closed = closed.replace("lanes:\n  query: {release: automatic}\n", "lanes: {}\n")
    closed = closed.replace("openness: conditional", "openness: closed")
    of_lodge(lodge, closed)
    assert refused_for(town, "0.5") == {("lane.off", "lodge")}


def test_answers_come_at_the_longest_quantum_of_all(town: Town, lodge: Town) -> None:
    of_lodge(lodge, rewritten("answers slowly"))
    submitted = submit(town.site, me(town), question())
    policies = (submitted.dataset.policy, *submitted.beside)
    assert [each.timing.quantum for each in policies] == [Fraction(1, 20), Fraction(1, 20), 2]
    assert submitted.quantum == 2


def test_what_was_granted_alone_heeds_no_other_owner(town: Town) -> None:
    town.describe()
    lodge = with_lodge(town, POLICY)
    town.agree()
    of_lodge(lodge, rewritten("shuts the lane"))
    assert refused_for(town, "0.5") == set()
    assert submit(town.site, me(town), question()).beside == ()
