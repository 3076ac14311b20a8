"""Emergencies: two officials, one tranche, a few hours; the source's cap stays where it is."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import policies
from policies.load import load_policy
from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from sandbox.flow.approve import approved_questions, check_questions
from sandbox.flow.ask import ask
from sandbox.flow.declare import MAX_HOURS, confirm, declare
from sandbox.flow.reserve import reserve
from sandbox.flow.submit import submit
from sandbox.model.account import source_account
from sandbox.model.emergency import Emergency
from sandbox.model.names import SourceName
from sandbox.model.principal import Role
from sandbox.wire import EmergencyForm, Question
from tests.flow.test_budget_tree import asking, with_privacy
from tests.support.town import Town

SOURCE = source_account(SourceName("town/clinic"))
APPROVED = """\
emergency:
    epsilon: 0.75
    questions:
      - name: older
        sql: SELECT COUNT(*) FROM clinic WHERE age >= 60
        parameters: [age]
        epsilon: 0.75
"""
POLICY = with_privacy(APPROVED)
FORM = EmergencyForm("town/clinic", "A flood at the river", 24)


def opened(town: Town) -> Emergency:
    declared = declare(town.site, town.people[Role.STEWARD], FORM)
    return confirm(town.site, town.newcomer("second-official", Role.STEWARD), declared.id)


def test_an_emergency_spends_the_tranche_and_nothing_else(town: Town) -> None:
    town.describe(policy=POLICY)
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "1"))
    emergency = opened(town)
    ask(town.site, researcher, replace(asking(2, "0.5"), emergency=emergency.id))
    assert town.account("emergency/town/clinic").spent == Fraction(1, 2)
    assert town.account(f"agreement/{agreement.id}").spent == 1
    assert town.account(SOURCE).spent == Fraction(3, 2)
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher, replace(asking(3, "0.5"), emergency=emergency.id))
    assert {reason.clause for reason in refused.value.reasons} == {"privacy.emergency"}
    assert town.audit()[SOURCE].spent == Fraction(3, 2)


def test_what_an_emergency_has_spent_is_kept_back_no_longer(town: Town) -> None:
    policy = POLICY.replace("per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 2}")
    town.describe(policy=policy)
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    emergency = opened(town)
    ask(town.site, researcher, replace(asking(2, "0.75"), emergency=emergency.id))
    ask(town.site, researcher, asking(3, "1"))
    ask(town.site, researcher, asking(4, "0.25"))
    assert town.audit()[SOURCE].spent == town.account(SOURCE).cap == 2


def test_one_official_alone_opens_nothing(town: Town) -> None:
    town.describe(policy=POLICY)
    town.agree()
    steward = town.people[Role.STEWARD]
    declared = declare(town.site, steward, FORM)
    with pytest.raises(NotPermitted) as same:
        confirm(town.site, steward, declared.id)
    assert same.value.code == "emergency.same_person"
    with pytest.raises(Refused) as refused:
        ask(
            town.site,
            town.people[Role.RESEARCHER],
            replace(asking(1, "0.5"), emergency=declared.id),
        )
    assert {reason.code for reason in refused.value.reasons} == {"emergency.not_open"}
    assert town.entries("emergency") == []


def test_an_emergency_is_over_by_itself(town: Town) -> None:
    town.describe(policy=POLICY)
    town.agree()
    emergency = opened(town)
    town.later(hours=24)
    with pytest.raises(Refused):
        ask(
            town.site,
            town.people[Role.RESEARCHER],
            replace(asking(1, "0.5"), emergency=emergency.id),
        )
    late = declare(town.site, town.people[Role.STEWARD], FORM)
    town.later(hours=25)
    with pytest.raises(Conflict) as over:
        confirm(town.site, town.newcomer("third-official", Role.STEWARD), late.id)
    assert over.value.code == "emergency.over"
    town.audit()


def test_a_question_that_is_queued_as_it_ends_is_not_paid(town: Town) -> None:
    town.describe(policy=POLICY)
    town.agree()
    emergency = opened(town)
    asked = replace(asking(1, "0.5"), emergency=emergency.id)
    submitted = submit(town.site, town.people[Role.RESEARCHER], asked)
    town.later(hours=24)
    with pytest.raises(Refused) as refused:
        reserve(town.site, submitted)
    assert [reason.code for reason in refused.value.reasons] == ["emergency.not_open"]
    assert town.entries("debit") == []
    town.clock.time = emergency.ends - timedelta(microseconds=1)
    reserve(town.site, submitted)
    town.audit()


def test_the_debit_names_the_template_and_another_names_none(town: Town) -> None:
    town.describe(policy=POLICY)
    town.agree()
    emergency = opened(town)
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, replace(asking(1, "0.25"), emergency=emergency.id))
    ask(town.site, researcher, asking(2, "0.25"))
    named = [(entry["emergency"], entry["template"]) for entry in town.entries("debit")]
    assert named == [(emergency.id, "older"), (None, None)]
    town.audit()


def codes_of(town: Town, question: Question) -> list[str]:
    """Ask what is refused; give the reasons' codes."""
    with pytest.raises(Refused) as refused:
        ask(town.site, town.people[Role.RESEARCHER], question)
    return [reason.code for reason in refused.value.reasons]


def test_only_what_the_owner_approved_is_asked_in_an_emergency(town: Town) -> None:
    town.describe(policy=POLICY)
    town.agree()
    emergency = opened(town)
    others = (
        replace(asking(1, "0.1"), where=("age <= 60",)),
        replace(asking(1, "0.1"), where=()),
        replace(asking(1, "0.1"), group_by=("site",)),
        replace(asking(1, "0.1", "north")),
    )
    for other in others:
        codes = codes_of(town, replace(other, emergency=emergency.id))
        assert codes == ["emergency.not_approved"]
    assert town.account(SOURCE).spent == 0
    for other in others:
        ask(town.site, town.people[Role.RESEARCHER], other)
    town.audit()


def test_an_approved_question_has_a_limit_of_its_own(town: Town) -> None:
    town.describe(policy=POLICY.replace("        epsilon: 0.75\n", "        epsilon: 0.2\n"))
    town.agree()
    emergency = opened(town)
    dear = replace(asking(1, "0.21"), emergency=emergency.id)
    assert codes_of(town, dear) == ["emergency.epsilon"]
    ask(town.site, town.people[Role.RESEARCHER], replace(dear, epsilon="0.2"))
    town.audit()


def test_of_several_that_fit_the_one_that_may_cost_most_counts(town: Town) -> None:
    cheap = """\
      - {name: cheap, sql: SELECT COUNT(*) FROM clinic WHERE age >= 60, epsilon: 0.1}
      - name: older
"""
    town.describe(policy=POLICY.replace("      - name: older\n", cheap))
    town.agree()
    emergency = opened(town)
    ask(town.site, town.people[Role.RESEARCHER], replace(asking(60, "0.2"), emergency=emergency.id))
    town.audit()


def test_a_tranche_without_questions_is_not_declared_open(town: Town) -> None:
    town.describe(policy=with_privacy("emergency: {epsilon: 0.75}"))
    with pytest.raises(NotPermitted) as none:
        declare(town.site, town.people[Role.STEWARD], FORM)
    assert none.value.code == "emergency.no_questions"


SQL = "sql: SELECT COUNT(*) FROM clinic WHERE age >= 60"


@pytest.mark.parametrize(
    ("new", "clause", "words"),
    [
        ("sql: SELECT COUNT(*) FROM elsewhere", "sql", "At 1:22 of the question: This question is"),
        ("sql: SELECT COUNT(*) FROM clinic WHERE ghost >= 60", "sql", "no column 'ghost'"),
        ("sql: SELECT COUNT(*) FROM clinic WHERE name = 'x'", "sql", "'name' is not open"),
        (
            "sql: SELECT AVG(age) FROM clinic WHERE age >= 1",
            "sql",
            "for the use 'measure'",
        ),
        ("sql: DROP TABLE clinic", "sql", "SELECT"),
        ("sql: SELECT COUNT(*) FROM clinic", "parameters", "compares 'age' with no value"),
    ],
)
def test_a_question_that_does_not_compile_is_not_published(
    town: Town, new: str, clause: str, words: str
) -> None:
    wrong = POLICY.replace(SQL, new)
    with pytest.raises(BadInput) as invalid:
        town.describe(policy=wrong)
    assert invalid.value.code == "policy.invalid"
    assert words in invalid.value.message
    place = invalid.value.place
    assert place is not None
    assert place.clause == f"privacy.emergency.questions.0.{clause}"
    assert wrong.splitlines()[(place.line or 0) - 1].strip().startswith(f"{clause}:")
    assert town.entries("policy") == []


def test_what_the_health_template_approves_can_be_asked() -> None:
    text = (Path(policies.__file__).parent / "templates" / "health.yaml").read_text("utf-8")
    policy = load_policy(text)
    check_questions(policy, text)
    assert [one.name for one in approved_questions(policy)] == [
        "stays-by-district",
        "length-of-stay",
    ]


def test_the_ledger_names_both_officials_by_pseudonym(town: Town) -> None:
    town.describe(policy=POLICY)
    opened(town)
    (entry,) = town.entries("emergency")
    assert entry["by"] == [
        town.site.pseudonyms.of(name)
        for name in (town.people[Role.STEWARD].name, "second-official")
    ]
    assert "flood" not in str(entry)


def test_nonsense_is_not_declared(town: Town) -> None:
    town.describe(policy=POLICY)
    steward = town.people[Role.STEWARD]
    for wrong in ({"hours": 0}, {"hours": MAX_HOURS + 1}, {"reason": " "}, {"reason": "x" * 9999}):
        with pytest.raises(BadInput):
            declare(town.site, steward, replace(FORM, **wrong))
    with pytest.raises(NotFound):
        declare(town.site, steward, replace(FORM, source="town/nowhere"))
    with pytest.raises(NotFound):
        confirm(town.site, steward, "no-such")
    with pytest.raises(NotPermitted):
        declare(town.site, town.people[Role.RESEARCHER], FORM)


def test_a_source_without_a_tranche_has_no_emergencies(town: Town) -> None:
    town.describe()
    with pytest.raises(NotPermitted) as none:
        declare(town.site, town.people[Role.STEWARD], FORM)
    assert none.value.code == "emergency.no_tranche"
