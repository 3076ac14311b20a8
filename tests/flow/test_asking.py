"""A question's whole way: paid before it is read, answered once, the same for ever."""

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, Unavailable
from sandbox.flow.ask import ask, find_submission, run
from sandbox.flow.explain import explain
from sandbox.flow.reserve import reserve
from sandbox.flow.submit import submit
from sandbox.ledger.note import verifier_key
from sandbox.ledger.receipt import verify_receipt
from sandbox.model.account import agreement_account, source_account
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.names import SourceName
from sandbox.model.principal import Principal, Role
from sandbox.model.submission import PricedPlan, Reservation
from sandbox.wire import MeasureMessage
from tests.support.town import CSV, Town, question


def researcher(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


def spent(town: Town) -> Fraction:
    with town.site.books.read() as page:
        return page.accounts.get(source_account(SourceName("town/clinic"))).spent


def kinds(town: Town) -> list[str]:
    with town.site.books.read() as page:
        return [json.loads(entry)["kind"] for entry in page.log.entries()]


def test_the_ledger_tells_the_story_in_order(town: Town) -> None:
    town.describe()
    town.agree()
    ask(town.site, researcher(town), question())
    assert kinds(town) == [
        *("site", "policy", "dataset", "application", "step", "step", "decision", "agreement"),
        *("debit", "release"),
    ]


@pytest.mark.parametrize("accounting", ["zcdp", "pure"])
def test_an_answer_costs_what_explain_said_and_its_receipt_verifies(
    town: Town, accounting: str
) -> None:
    town.describe(accounting)
    town.agree()
    told = explain(town.site, researcher(town), question())
    released = json.loads(ask(town.site, researcher(town), question()))
    assert released["answer"]["cost"]["charged"] == told.cost.charged
    assert spent(town) == Fraction(told.cost.charged)
    vkey = verifier_key(town.site.origin, town.site.ledger_signer.public)
    verify_receipt(released["answer"], released["receipt"], vkey)


def test_the_same_question_however_phrased_gets_the_same_bytes_and_pays_once(town: Town) -> None:
    town.describe()
    town.agree()
    first = ask(town.site, researcher(town), question())
    town.later(days=3)
    paid = spent(town)
    sql = 'SELECT site, COUNT(*), AVG(cost) FROM "town/clinic" WHERE NOT age <= 39 GROUP BY site'
    for again in (
        question(),
        question(where=("age > 39", "age >= 40")),
        question(where=(), group_by=(), measures=(), sql=sql),
    ):
        assert ask(town.site, researcher(town), again) == first
    assert spent(town) == paid


def test_the_budget_runs_out_exactly_at_the_grant(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    with town.site.books.read() as page:
        cap = page.accounts.get(agreement_account(agreement.id)).cap
    tenth = f"{(cap / 10).numerator}/{(cap / 10).denominator}"
    for age in range(10):
        ask(town.site, researcher(town), question(epsilon=None, rho=tenth, where=(f"age > {age}",)))
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher(town), question(epsilon=None, rho=tenth, where=("age > 10",)))
    assert {reason.code for reason in refused.value.reasons} == {"budget.exceeded"}
    with town.site.books.read() as page:
        assert page.accounts.get(agreement_account(agreement.id)).remaining == 0


def test_a_second_agreement_and_a_second_person_open_no_new_source(town: Town) -> None:
    town.describe("pure")
    askers = [researcher(town), town.newcomer("second"), town.newcomer("third")]
    for asker in askers:
        town.agree(asker)
    for asker in askers[:2]:
        ask(town.site, asker, question(epsilon="1"))
    with pytest.raises(Refused) as refused:
        ask(town.site, askers[2], question(epsilon="1"))
    assert [reason.clause for reason in refused.value.reasons] == ["privacy.budget"]
    assert spent(town) == 2


def test_a_new_snapshot_and_another_dataset_over_the_source_open_no_new_budget(town: Town) -> None:
    town.describe("pure")
    town.agree()
    ask(town.site, researcher(town), question(epsilon="1"))
    town.describe("pure", CSV + "p999,north,1,1,x\n")
    assert spent(town) == 1
    with pytest.raises(Refused):
        ask(town.site, researcher(town), question(epsilon="1"))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"measures": (MeasureMessage("count", "name"),)}, {"column.closed"}),
        ({"where": ("name = 'x'",)}, {"column.closed"}),
        ({"group_by": ("age",)}, {"column.use"}),
        ({"purpose": "teaching"}, {"purpose.not_agreed"}),
        ({"epsilon": "1.5"}, {"budget.per_submission", "budget.exceeded"}),
        (
            {"purpose": "sales", "epsilon": "3", "where": ("name = 'x'",)},
            {
                *("purpose.not_agreed", "purpose.not_in_policy", "column.closed"),
                *("budget.per_submission", "budget.exceeded"),
            },
        ),
    ],
)
def test_what_the_policy_forbids_is_refused_with_every_reason_at_no_cost(
    town: Town, changes: dict[str, object], codes: set[str]
) -> None:
    town.describe()
    town.agree()
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher(town), question(**changes))
    assert {reason.code for reason in refused.value.reasons} == codes
    assert all(reason.owner == "town" for reason in refused.value.reasons)
    assert spent(town) == 0
    assert kinds(town)[-1] == "refusal"


def test_an_expired_agreement_gives_nothing_not_even_what_was_paid_for(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    ask(town.site, researcher(town), question())
    town.later(days=60)
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher(town), question(agreement=agreement.id))
    assert {reason.code for reason in refused.value.reasons} == {"agreement.expired"}


def test_without_an_agreement_there_is_no_answer(town: Town) -> None:
    town.describe()
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher(town), question())
    assert {reason.code for reason in refused.value.reasons} == {"agreement.missing"}


def test_another_researchers_agreement_reads_as_none_at_all(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    with pytest.raises(NotFound) as unknown:
        ask(town.site, town.newcomer("second"), question(agreement=agreement.id))
    with pytest.raises(NotFound) as absent:
        ask(town.site, town.newcomer("third"), question(agreement="0" * 32))
    assert str(unknown.value) == str(absent.value)


def test_nobody_reads_anothers_answer(town: Town) -> None:
    town.describe()
    town.agree()
    answer = json.loads(ask(town.site, researcher(town), question()))["answer"]
    assert json.loads(find_submission(town.site, researcher(town), answer["submission"]))
    with pytest.raises(NotFound):
        find_submission(town.site, town.newcomer("second"), answer["submission"])


def test_only_researchers_ask(town: Town) -> None:
    town.describe()
    for role in (Role.OWNER, Role.STEWARD, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            ask(town.site, town.people[role], question())


class BrokenEngine:
    """An engine whose machine dies on it."""

    def place(self) -> AbstractContextManager[None]:
        return nullcontext()

    def add_up(self, reservation: Reservation, priced: PricedPlan) -> BoundedSum:
        raise OSError(reservation.submission + str(priced.cost))


def test_a_failed_run_stays_paid_and_the_same_question_collects_its_one_answer(town: Town) -> None:
    town.describe()
    town.agree()
    with pytest.raises(Unavailable) as failed:
        ask(replace(town.site, engine=BrokenEngine()), researcher(town), question())
    assert failed.value.code == "engine.failed"
    paid = spent(town)
    assert paid > 0
    first = ask(town.site, researcher(town), question())
    assert ask(town.site, researcher(town), question()) == first
    assert spent(town) == paid
    assert kinds(town)[-3:] == ["debit", "failure", "release"]


def test_a_site_killed_after_the_debit_owes_one_answer(town: Town) -> None:
    town.describe()
    town.agree()
    reserve(town.site, submit(town.site, researcher(town), question()))
    paid = spent(town)
    ask(town.site, researcher(town), question())
    assert spent(town) == paid
    assert kinds(town).count("debit") == kinds(town).count("release") == 1


def test_a_price_made_for_one_version_is_not_paid_for_another(town: Town) -> None:
    town.describe()
    town.agree()
    submitted = submit(town.site, researcher(town), question())
    town.describe("zcdp", CSV + "p999,north,1,1,x\n")
    with pytest.raises(Conflict) as moved:
        reserve(town.site, submitted)
    assert moved.value.code == "dataset.moved_on"
    assert spent(town) == 0


def test_explain_reads_no_row_and_spends_nothing(town: Town) -> None:
    town.describe()
    town.agree()
    before = kinds(town)
    told = explain(replace(town.site, engine=BrokenEngine()), researcher(town), question())
    assert told.permitted
    assert [output.name for output in told.outputs] == ["count", "mean_cost"]
    assert all(output.half_width > 0 for output in told.outputs)
    assert kinds(town) == before


def test_malformed_questions_are_answered_and_forgotten(town: Town) -> None:
    town.describe()
    town.agree()
    before = kinds(town)
    for wrong in ({"epsilon": "NaN"}, {"sql": "SELECT *"}, {"where": ("age >",)}, {"measures": ()}):
        with pytest.raises(BadInput):
            ask(town.site, researcher(town), question(**wrong))
    assert kinds(town) == before


def test_a_question_at_midnight_is_judged_by_the_day_that_the_ledger_says(town: Town) -> None:
    town.describe()
    town.agree(ends="2026-12-31")
    town.clock.time = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    submitted = submit(town.site, researcher(town), question())
    town.later(seconds=2)
    with pytest.raises(Refused) as refused:
        reserve(town.site, submitted)
    assert {reason.code for reason in refused.value.reasons} == {"agreement.expired"}


def test_equal_requests_that_run_at_once_show_the_answer_that_was_recorded_first(
    town: Town,
) -> None:
    town.describe()
    town.agree()
    submitted = submit(town.site, researcher(town), question())
    first, second = (reserve(town.site, submitted) for _ in range(2))
    assert isinstance(first, Reservation)
    assert isinstance(second, Reservation)
    assert run(town.site, submitted, first) == run(town.site, submitted, second)
    assert kinds(town).count("debit") == kinds(town).count("release") == 1


def test_an_accuracy_buys_its_price_and_the_answer_meets_it(town: Town) -> None:
    town.describe("pure")
    town.agree()
    asker = town.people[Role.RESEARCHER]
    aimed = replace(question(measures=(MeasureMessage("count"),), epsilon=None), accuracy="9")
    told = explain(town.site, asker, aimed)
    answer = json.loads(ask(town.site, asker, aimed))["answer"]
    widths = [one["values"] for one in answer["columns"] if one["role"] == "half_width"]
    assert max(max(one) for one in widths) <= 9
    assert answer["cost"]["epsilon"] == told.cost.epsilon
    again = replace(aimed, accuracy=None, epsilon=told.cost.epsilon)
    assert json.loads(ask(town.site, asker, again))["answer"] == answer


def test_a_hopeless_question_is_not_paid_for_unless_it_is_forced(town: Town) -> None:
    town.describe("pure")
    town.agree()
    asker = town.people[Role.RESEARCHER]
    vain = question(measures=(MeasureMessage("mean", "cost"),), epsilon="0.001")
    assert [one.hopeless for one in explain(town.site, asker, vain).outputs] == [True]
    with pytest.raises(BadInput) as refused:
        ask(town.site, asker, vain)
    assert refused.value.code == "question.hopeless"
    assert town.account("source/town/clinic").spent == 0
    assert json.loads(ask(town.site, asker, replace(vain, force=True)))["answer"]
