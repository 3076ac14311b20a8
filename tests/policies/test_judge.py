"""A verdict lists exactly the clauses that say no, whatever their combination."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.ask import Ask, Balance, ColumnUse, Terms
from policies.judge import judge
from policies.lanes import MAX_BLOCKS, MAX_TIME, Lanes
from policies.privacy import ApprovedQuestion, Emergency
from policies.schema import Access, Openness, Policy
from policies.verdict import Reason, Verdict
from policies.wording import CODES

CAPS = (
    "privacy.budget",
    "agreement.budget",
    "privacy.per_person",
    "privacy.per_period.day",
    "privacy.per_period.month",
    "privacy.per_period.quarter",
    "privacy.emergency",
)
TINY = Fraction(1, 10**30)
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Case:
    """Everything that a verdict is given on."""

    policy: Policy
    terms: Terms | None
    ask: Ask
    balances: tuple[Balance, ...]

    @property
    def verdict(self) -> Verdict:
        return judge(self.policy, self.terms, self.ask, self.balances)


Flip = Callable[[Case], Case]


def with_policy(**clauses: object) -> Flip:
    """Replace clauses, without asking the schema whether they fit together."""
    return lambda case: replace(case, policy=case.policy.model_copy(update=clauses))


def with_terms(make: Callable[[Terms], Terms]) -> Flip:
    """Change the agreement, if there is one."""
    return lambda case: replace(case, terms=make(case.terms) if case.terms else None)


def using(column: str, use: str) -> Flip:
    """Let the request touch one more column."""
    return lambda case: replace(
        case, ask=replace(case.ask, columns=(*case.ask.columns, ColumnUse(column, use)))
    )


def of_another_dataset(case: Case) -> Case:
    metadata = case.policy.metadata.model_copy(update={"dataset": "health/other"})
    return with_policy(metadata=metadata)(case)


def for_an_unlisted_purpose(case: Case) -> Case:
    rest = tuple(p for p in case.policy.purposes if p != case.ask.purpose)
    return with_policy(purposes=rest)(case)


def by_algorithm(blocks: int | None = None, seconds: Fraction | None = None) -> Flip:
    """Let the request be by the algorithm lane, as agreed, over other blocks or longer."""

    def flip(case: Case) -> Case:
        now = case.ask
        wanted = {"blocks": blocks or now.blocks, "seconds": seconds or now.seconds}
        ask = replace(now, lane="algorithm", **wanted)  # type: ignore[arg-type]
        agreed = case.terms.lanes if case.terms else ()
        terms = case.terms and replace(case.terms, lanes=agreed and (*agreed, "algorithm"))
        return replace(case, ask=ask, terms=terms)

    return flip


def naming_an_emergency(*, is_open: bool) -> Flip:
    """Let the request ask for the tranche."""
    return lambda case: replace(case, ask=replace(case.ask, emergency=is_open))


def of_an_approved_question(limit: Fraction) -> Flip:
    """Let the request be one that the owner approved up to a limit, in an open emergency."""
    question = ApprovedQuestion.model_construct(name="cases", sql="SELECT", epsilon=limit)
    tranche = Emergency.model_construct(epsilon=Fraction(1), questions=(question,))

    def flip(case: Case) -> Case:
        privacy = case.policy.privacy.model_copy(update={"emergency": tranche})
        ask = replace(case.ask, emergency=True, template="cases")
        return with_policy(privacy=privacy)(replace(case, ask=ask))

    return flip


def past_an_approved_epsilon(case: Case) -> Case:
    return of_an_approved_question(case.ask.epsilon - TINY)(case)


def of_no_approved_question(case: Case) -> Case:
    approved = of_an_approved_question(case.ask.epsilon)(case)
    return replace(approved, ask=replace(approved.ask, template=None))


def past_the_submission_cap(case: Case) -> Case:
    limit = case.policy.privacy.per_submission.epsilon
    return replace(case, ask=replace(case.ask, epsilon=limit + TINY))


def past_a_balance(case: Case) -> Case:
    short = Balance("agreement/short", "agreement.budget", case.ask.charge - TINY)
    return replace(case, balances=(*case.balances, short))


FLIPS: dict[str, Flip] = {
    "agreement.missing": lambda case: replace(case, terms=None),
    "agreement.not_in_force": with_terms(lambda terms: replace(terms, in_force=False)),
    "agreement.ended": with_terms(lambda terms: replace(terms, ended=True)),
    "agreement.dataset": with_terms(lambda terms: replace(terms, datasets=("health/else",))),
    "agreement.lane": with_terms(lambda terms: replace(terms, lanes=())),
    "agreement.not_started": with_terms(
        lambda terms: replace(terms, starts=TODAY + timedelta(days=1))
    ),
    "agreement.expired": with_terms(lambda terms: replace(terms, ends=TODAY - timedelta(days=1))),
    "purpose.not_agreed": with_terms(lambda terms: replace(terms, purpose="marketing")),
    "purpose.not_in_policy": for_an_unlisted_purpose,
    "dataset.other": of_another_dataset,
    "openness.closed": with_policy(openness=Openness.CLOSED),
    "access.no_algorithm": with_policy(access=(Access.DOWNLOAD, Access.OTHER)),
    "lane.off": with_policy(lanes=Lanes()),
    "lane.blocks": by_algorithm(blocks=MAX_BLOCKS + 1),
    "lane.time": by_algorithm(seconds=MAX_TIME + TINY),
    "column.unknown": using("ghost", "group"),
    "column.closed": using("name", "group"),
    "column.use": using("site", "measure"),
    "budget.per_submission": past_the_submission_cap,
    "budget.exceeded": past_a_balance,
    "emergency.epsilon": past_an_approved_epsilon,
    "emergency.not_approved": of_no_approved_question,
    "emergency.not_open": naming_an_emergency(is_open=False),
}
OF_TERMS = {code for code in FLIPS if code.startswith("agreement.")} | {"purpose.not_agreed"}
CLAUSES = {
    "agreement.missing": "agreement",
    "agreement.not_in_force": "agreement.signatures",
    "agreement.ended": "agreement.disposal",
    "agreement.dataset": "agreement.datasets",
    "agreement.lane": "agreement.lanes",
    "agreement.not_started": "agreement.starts",
    "agreement.expired": "agreement.ends",
    "purpose.not_agreed": "agreement.purpose",
    "purpose.not_in_policy": "purposes",
    "dataset.other": "metadata.dataset",
    "openness.closed": "openness",
    "access.no_algorithm": "access",
    "lane.blocks": "lanes.algorithm.blocks",
    "lane.time": "lanes.algorithm.time",
    "column.unknown": "columns",
    "column.closed": "columns.name.use",
    "column.use": "columns.site.use",
    "budget.per_submission": "privacy.per_submission.epsilon",
    "budget.exceeded": "agreement.budget",
    "emergency.epsilon": "privacy.emergency.questions.epsilon",
    "emergency.not_approved": "privacy.emergency.questions",
    "emergency.not_open": "privacy.emergency",
}


@st.composite
def permitted(draw: st.DrawFn, policy: Policy) -> Case:
    """Draw a request that every clause permits, often at the very edge."""
    open_uses = [
        ColumnUse(name, use) for name, clause in policy.columns.items() for use in clause.use
    ]
    limit = policy.privacy.per_submission.epsilon
    lane = policy.lanes.algorithm
    charge = draw(st.fractions(min_value=0, max_value=5))
    room = st.sampled_from([Fraction(0), TINY, Fraction(3)])
    days = st.integers(0, 400).map(lambda count: timedelta(days=count))
    ask = Ask(
        dataset="health/stays",
        lane=draw(st.sampled_from(sorted(policy.lanes.on))),
        purpose=draw(st.sampled_from(policy.purposes)),
        today=TODAY,
        columns=tuple(draw(st.lists(st.sampled_from(open_uses), max_size=5))),
        epsilon=draw(st.just(limit) | st.fractions(min_value=0, max_value=limit)),
        charge=charge,
        blocks=draw(st.integers(lane.blocks.min, lane.blocks.max)) if lane else None,
        seconds=draw(st.fractions(0, lane.time)) if lane else None,
    )
    terms = Terms(
        agreement="A1",
        datasets=("health/stays", *draw(st.lists(st.just("health/else"), max_size=1))),
        lanes=(ask.lane, *draw(st.lists(st.sampled_from(sorted(policy.lanes.on)), max_size=2))),
        purpose=ask.purpose,
        starts=TODAY - draw(days),
        ends=TODAY + draw(days),
        in_force=True,
    )
    balances = (
        Balance("agreement/A1", "agreement.budget", charge + draw(room)),
        Balance("source/health/stays", "privacy.budget", charge + draw(room)),
    )
    return Case(policy, terms, ask, balances)


def codes(reasons: Sequence[Reason]) -> list[str]:
    return sorted(reason.code for reason in reasons)


@given(data=st.data())
def test_what_no_clause_refuses_is_permitted_up_to_the_very_edge(
    policy: Policy, data: st.DataObject
) -> None:
    verdict = data.draw(permitted(policy)).verdict
    assert verdict.permitted
    assert verdict.reasons == ()


@pytest.mark.parametrize("code", FLIPS)
@settings(max_examples=25)
@given(data=st.data())
def test_flipping_one_clause_flips_exactly_its_reason(
    policy: Policy, code: str, data: st.DataObject
) -> None:
    case = FLIPS[code](data.draw(permitted(policy)))
    (reason,) = case.verdict.reasons
    assert reason.code == code
    assert reason.clause == CLAUSES.get(code, f"lanes.{case.ask.lane}")
    assert reason.owner == policy.owner
    assert (reason.column is not None) == code.startswith("column.")
    assert not case.verdict.permitted


@given(data=st.data(), chosen=st.sets(st.sampled_from(sorted(FLIPS))))
def test_any_set_of_flips_gives_exactly_the_set_of_their_reasons(
    policy: Policy, data: st.DataObject, chosen: set[str]
) -> None:
    case = data.draw(permitted(policy))
    for code in sorted(chosen):
        case = FLIPS[code](case)
    expected = chosen - OF_TERMS | {"agreement.missing"} if case.terms is None else chosen
    if "agreement.ended" in expected:
        expected = expected - {"agreement.not_in_force"}
    if "emergency.not_approved" in expected:
        expected = expected - {"emergency.epsilon"}
    if "lane.off" in expected:
        expected = expected - {"lane.blocks", "lane.time"}
    assert codes(case.verdict.reasons) == sorted(expected)


def test_there_is_a_flip_for_every_code() -> None:
    assert set(FLIPS) == CODES


@given(data=st.data())
def test_balances_are_judged_one_by_one(policy: Policy, data: st.DataObject) -> None:
    case = data.draw(permitted(policy))
    remaining = data.draw(st.lists(st.fractions(min_value=0, max_value=5), max_size=4))
    balances = tuple(
        Balance(f"account/{number}", "privacy.budget", rest)
        for number, rest in enumerate(remaining)
    )
    reasons = replace(case, balances=balances).verdict.reasons
    assert len(reasons) == sum(case.ask.charge > rest for rest in remaining)


@given(data=st.data())
def test_the_same_use_asked_twice_is_refused_once(policy: Policy, data: st.DataObject) -> None:
    case = data.draw(permitted(policy))
    twice = using("name", "group")(using("name", "filter")(using("name", "group")(case)))
    assert codes(twice.verdict.reasons) == ["column.closed"]


def test_an_unlisted_column_reads_the_same_whether_or_not_it_exists(policy: Policy) -> None:
    """Whether a source has a column that its policy leaves out is not for researchers to know."""
    listed_nowhere = judge(policy, None, ask(columns=(ColumnUse("person_id", "group"),)), ())
    unit_left_out = policy.model_copy(
        update={"columns": {n: c for n, c in policy.columns.items() if n != "person"}}
    )
    exists = judge(unit_left_out, None, ask(columns=(ColumnUse("person", "group"),)), ())
    first, second = listed_nowhere.reasons[-1], exists.reasons[-1]
    assert first.code == second.code == "column.unknown"
    assert first.message.replace("person_id", "person") == second.message


@pytest.mark.parametrize(
    ("lane", "access", "allowed"),
    [
        ("query", Access.API, True),
        ("query", Access.ALGORITHM, True),
        ("query", Access.DOWNLOAD, False),
        ("algorithm", Access.API, False),
        ("algorithm", Access.ALGORITHM, True),
        ("reviewed", Access.API, False),
        ("reviewed", Access.ALGORITHM, True),
    ],
)
def test_a_lane_needs_a_way_of_opening_that_includes_it(
    policy: Policy, lane: str, access: Access, *, allowed: bool
) -> None:
    narrowed = policy.model_copy(update={"access": (access,)})
    reasons = judge(narrowed, None, ask(lane=lane), ()).reasons
    assert ("access.no_algorithm" not in codes(reasons)) is allowed


def ask(**fields: object) -> Ask:
    """Ask a harmless question, but for the fields given."""
    harmless = Ask("health/stays", "query", "teaching", TODAY, (), Fraction(1, 2), Fraction(1, 100))
    return replace(harmless, **fields)  # type: ignore[arg-type]  # any field may be wrong


@given(
    question=st.builds(
        Ask,
        dataset=st.text(),
        lane=st.text(),
        purpose=st.text(),
        today=st.dates(),
        columns=st.lists(
            st.builds(ColumnUse, st.text() | st.just("site"), st.text()), max_size=4
        ).map(tuple),
        epsilon=st.fractions(min_value=0),
        charge=st.fractions(min_value=0),
        emergency=st.none() | st.booleans(),
        template=st.none() | st.text(),
    ),
    terms=st.none()
    | st.builds(
        Terms,
        agreement=st.text(),
        datasets=st.lists(st.text(), max_size=2).map(tuple),
        purpose=st.text(),
        starts=st.dates(),
        ends=st.dates(),
        in_force=st.booleans(),
        ended=st.booleans(),
    ),
    balances=st.lists(
        st.builds(Balance, st.text(), st.sampled_from(CAPS) | st.text(), st.fractions()),
        max_size=3,
    ),
)
def test_no_request_makes_the_judge_raise_and_permitted_means_no_reasons(
    policy: Policy, question: Ask, terms: Terms | None, balances: list[Balance]
) -> None:
    verdict = judge(policy, terms, question, balances)
    assert verdict.permitted == (verdict.reasons == ())
    assert {reason.code for reason in verdict.reasons} <= CODES
    assert len(set(verdict.reasons)) == len(verdict.reasons)


@given(code=st.sampled_from(sorted(FLIPS)), data=st.data())
def test_each_reason_is_a_whole_sentence_in_both_languages(
    policy: Policy, code: str, data: st.DataObject
) -> None:
    (reason,) = FLIPS[code](data.draw(permitted(policy))).verdict.reasons
    assert re.fullmatch(r"[A-Z'][^{}]*\.", reason.message)
    assert re.fullmatch(r"[^{}]*[\u4e00-\u9fff][^{}]*。", reason.message_zh)
    assert not re.search(r"[,;:?!()]", reason.message_zh)


def test_a_name_with_braces_is_repeated_and_not_filled_in(policy: Policy) -> None:
    reasons = judge(policy, None, ask(columns=(ColumnUse("{owner}{0}", "group"),)), ()).reasons
    assert "'{owner}{0}'" in reasons[-1].message


@given(
    charge=st.fractions(min_value=0, max_value=10**12),
    short=st.fractions(min_value=Fraction(1, 10**15), max_value=1),
)
def test_amounts_shown_never_look_as_if_they_fitted(
    policy: Policy, charge: Fraction, short: Fraction
) -> None:
    balance = Balance("source/x", "privacy.budget", charge - short)
    reasons = judge(policy, None, ask(charge=charge), (balance,)).reasons
    found = re.search(r"rho = (\S+), but .* has (\S+) left", reasons[-1].message)
    assert found
    asked, remaining = (Fraction(shown) for shown in found.groups())
    assert asked >= charge > charge - short >= remaining


def full(policy: Policy, clause: str) -> Reason:
    """Refuse a request because one account has no room."""
    balance = Balance("its/account", clause, Fraction(0))
    (reason,) = (r for r in judge(policy, None, ask(), (balance,)).reasons if r.clause == clause)
    return reason


def test_a_refusal_says_which_cap_is_full_in_words_of_its_own(policy: Policy) -> None:
    reasons = [full(policy, clause) for clause in CAPS]
    assert {reason.code for reason in reasons} == {"budget.exceeded"}
    assert len({reason.message for reason in reasons}) == len(CAPS)
    assert len({reason.message_zh for reason in reasons}) == len(CAPS)
    for reason in reasons:
        assert re.fullmatch(
            r"The request costs [^{}]* its/account, has 0 left\.[^{}]*", reason.message
        )
        assert re.fullmatch(r"[^{},;:?!()]*[\u4e00-\u9fff][^{},;:?!()]*。", reason.message_zh)


@pytest.mark.parametrize(
    ("period", "start", "start_zh"),
    [
        ("day", "tomorrow", "次日"),
        ("month", "next month", "次月"),
        ("quarter", "next quarter", "下一季度"),
    ],
)
def test_a_full_period_says_when_there_may_be_room_and_promises_none(
    policy: Policy, period: str, start: str, start_zh: str
) -> None:
    reason = full(policy, f"privacy.per_period.{period}")
    assert f"There may be room again {start}, UTC" in reason.message
    assert "other caps may be full by then, also the one for the source's whole life" in (
        reason.message
    )
    assert f"{start_zh}（UTC）起可能恢复额度" in reason.message_zh
    assert "存续期预算总额）也可能已用完" in reason.message_zh


@pytest.mark.parametrize("clause", [clause for clause in CAPS if "period" not in clause])
def test_a_cap_that_never_fills_up_again_does_not_speak_of_later(
    policy: Policy, clause: str
) -> None:
    assert full(policy, clause).message.endswith(" left.")


@given(data=st.data())
def test_an_approved_question_is_permitted_up_to_its_very_epsilon(
    policy: Policy, data: st.DataObject
) -> None:
    case = data.draw(permitted(policy))
    assert of_an_approved_question(case.ask.epsilon)(case).verdict.permitted


def test_a_tranche_without_questions_opens_nothing(policy: Policy) -> None:
    tranche = policy.privacy.model_copy(update={"emergency": Emergency(epsilon=Fraction(1))})
    question = ask(emergency=True)
    with_it = judge(policy.model_copy(update={"privacy": tranche}), None, question, ())
    assert codes(with_it.reasons) == ["agreement.missing", "emergency.not_approved"]


def test_an_open_emergency_needs_a_policy_that_keeps_a_tranche_back(policy: Policy) -> None:
    without = judge(policy, None, ask(emergency=True), ())
    assert codes(without.reasons) == ["agreement.missing", "emergency.not_open"]


def test_a_question_that_nobody_approved_is_refused_in_the_owners_name(policy: Policy) -> None:
    metadata = policy.metadata.model_copy(update={"owner": "Health Commission 市卫健委"})
    owned = of_no_approved_question(
        Case(policy.model_copy(update={"metadata": metadata}), None, ask(), ())
    )
    reason = next(r for r in owned.verdict.reasons if r.code == "emergency.not_approved")
    assert reason.owner == "Health Commission 市卫健委"
    assert reason.owner in reason.message
    assert reason.owner in reason.message_zh


def test_an_ended_agreement_is_not_said_to_lack_signatures(policy: Policy) -> None:
    terms = Terms(
        "A1", ("health/stays",), ("query",), "teaching", TODAY, TODAY, in_force=False, ended=True
    )
    assert codes(judge(policy, terms, ask(), ()).reasons) == ["agreement.ended"]


def test_amounts_are_shown_to_six_digits(policy: Policy) -> None:
    balance = Balance("source/x", "privacy.budget", Fraction(2, 3))
    reasons = judge(policy, None, ask(charge=Fraction("1.23456789")), (balance,)).reasons
    assert re.search(r"rho = 1\.23457, but .* source/x, has 0\.666666 left", reasons[-1].message)
    assert re.search(r"ρ = 1\.23457，.*（source/x）仅余 0\.666666", reasons[-1].message_zh)


def test_without_an_agreement_an_unsaid_purpose_is_no_second_reason(policy: Policy) -> None:
    assert codes(judge(policy, None, ask(purpose=""), ()).reasons) == ["agreement.missing"]


def test_a_request_that_would_refill_an_account_cannot_exist() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        ask(charge=-TINY)
