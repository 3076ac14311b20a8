"""A4: ask the same thing a thousand times, in other words and as other people, and average."""

import json
from fractions import Fraction

import pytest

from sandbox.errors import Refused
from sandbox.flow.ask import ask
from sandbox.model.account import source_account
from sandbox.model.names import SourceName
from sandbox.model.principal import Role
from tests.support.town import Town, question

PHRASINGS = (
    ("age >= 40",),
    ("age > 39",),
    ("NOT age < 40",),
    ("age >= 39.5",),
    ("age >= 40", "age >= 40"),
    ("age BETWEEN 40 AND 99",),
    ("NOT (NOT (age >= 40))",),
    ("40 <= age",),
    ("age >= 40 AND age >= 12",),
    ("age >= 40 OR age > 50",),
)


def test_a_thousand_rephrasings_give_one_answer_and_one_charge(town: Town) -> None:
    town.describe()
    town.agree()
    asker = town.people[Role.RESEARCHER]
    answers = {
        ask(town.site, asker, question(where=PHRASINGS[i % len(PHRASINGS)])) for i in range(1000)
    }
    assert len(answers) == 1
    with town.site.books.read() as page:
        charged = Fraction(json.loads(answers.pop())["answer"]["cost"]["charged"])
        assert page.accounts.get(source_account(SourceName("town/clinic"))).spent == charged


@pytest.mark.parametrize("accounting", ["zcdp", "pure"])
def test_many_accounts_get_no_more_answers_than_the_source_can_pay(
    town: Town, accounting: str
) -> None:
    town.describe(accounting)
    answered, refusing = 0, set()
    for number in range(8):
        asker = town.newcomer(f"colluder-{number}")
        town.agree(asker)
        try:
            ask(town.site, asker, question(epsilon="1"))
            answered += 1
        except Refused as refused:
            refusing |= {reason.clause for reason in refused.reasons}
    assert refusing == {"privacy.budget"}
    with town.site.books.read() as page:
        account = page.accounts.get(source_account(SourceName("town/clinic")))
    assert answered == (2 if accounting == "pure" else 3)  # epsilon 2: two of 1, or three rhos of 1
    assert account.spent <= account.cap
