"""What an agreement grants: lanes and a budget, in what both sides sign, and nothing else after."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import pytest

from sandbox.errors import Conflict, DataRangeError, NotPermitted, Refused
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask, pay_for
from sandbox.flow.clauses import chinese, document_of, english
from sandbox.flow.consent import consent
from sandbox.flow.decide import decide
from sandbox.flow.sign import sign
from sandbox.flow.submit_algorithm import submit_algorithm
from sandbox.ledger.replay import replay
from sandbox.ledger.signing import agreement_digest, agreement_message
from sandbox.model.account import agreement_account
from sandbox.model.agreement import NOTHING_GRANTED, Agreement, AgreementState
from sandbox.model.application import Application
from sandbox.model.cost import Accounting, text
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal, Role
from sandbox.privacy.conversion import epsilon_of
from sandbox.privacy.price import cap_of
from sandbox.web.application_cards import application_card
from sandbox.wire import AlgorithmForm, ConsentForm, OutputForm
from tests.flow.test_budget_tree import asking, refused_by
from tests.support.town import POLICY, KeySigner, Town, question

QUERY = "  query: {release: automatic}\n"
ALGORITHM = "  algorithm: {release: automatic, blocks: {min: 40, max: 400}}\n"
REVIEWED = "  reviewed: {release: two-person, min_contributors: 10}\n"
DELTA = Fraction(1, 10**9)


def opening(*lanes: str, policy: str = POLICY) -> str:
    """The policy with these lanes and no others."""
    assert policy.count(QUERY) == 1
    return policy.replace(QUERY, "".join(lanes))


def sharing(epsilon: str, policy: str = POLICY) -> str:
    """The policy with another budget for each agreement, and no dearer answers."""
    submission = min(Fraction(epsilon), Fraction(1))
    return policy.replace(
        "per_agreement: {epsilon: 1}", f"per_agreement: {{epsilon: {epsilon}}}"
    ).replace("per_submission: {epsilon: 1}", f"per_submission: {{epsilon: {text(submission)}}}")


def me(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


def stored(town: Town, id: str) -> Agreement:  # noqa: A002
    with town.site.books.read() as page:
        return page.agreements.get(AgreementId(id))


def offered(town: Town, **changes: object) -> Agreement:
    application = apply(town.site, me(town), town.form(**changes))
    return stored(town, town.grant(application.id).agreement or "")


def signed(town: Town, offer: Agreement) -> Agreement:
    signature = town.key.sign(agreement_message(offer.digest))
    return sign(town.site, me(town), offer.id, base64.b64encode(signature).decode())


def reasons(deed: Callable[[], object]) -> set[tuple[str, str, str | None]]:
    with pytest.raises(Refused) as refused:
        deed()
    return {(one.code, one.clause, one.owner) for one in refused.value.reasons}


def advice(town: Town, offer: Agreement) -> str:
    """The command that the applicant is told next."""
    with town.site.books.read() as page:
        asked = page.applications.get(offer.application)
        (step,) = application_card(town.site, page, me(town), asked).next
    return step.command


def refusal(deed: Callable[[], object]) -> str:
    with pytest.raises(DataRangeError) as refused:
        deed()
    return refused.value.code


# What both sides sign.


@pytest.mark.parametrize("accounting", ["zcdp", "pure"])
def test_one_digest_is_of_lanes_and_budget_and_of_both_texts(town: Town, accounting: str) -> None:
    town.describe(accounting, policy=opening(QUERY, ALGORITHM))
    offer = offered(town)
    cap = cap_of(Accounting(accounting), Fraction(1), DELTA)
    document = json.loads(document_of(offer))
    terms = document["terms"]
    assert (terms["lanes"], terms["accounting"], terms["cap"]) == (
        ["query", "algorithm"],
        accounting,
        text(cap),
    )
    assert terms["source"] == "town/clinic"
    budget, budget_zh = {
        "zcdp": (
            f"rho {text(cap)} (epsilon 1 at delta 1e-9) in all",
            f"ρ = {text(cap)}（折合 ε = 1，δ = 1e-9）",
        ),
        "pure": ("epsilon 1 in all", "ε = 1"),
    }[accounting]
    assert document["words"]["text"] == english(offer)
    assert document["words"]["text_zh"] == chinese(offer)
    assert "   Lanes: query, algorithm\n" in english(offer)
    assert "   利用通道：查询通道、算法通道\n" in chinese(offer)
    assert f"   Privacy budget: {budget}, of the source town/clinic\n" in english(offer)
    assert f"   隐私预算：累计不超过 {budget_zh}，计入数据来源 town/clinic\n" in chinese(offer)


def test_the_entry_states_what_was_signed_and_the_account_has_it(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    (entry,) = town.entries("agreement")
    terms = json.loads(document_of(agreement))["terms"]
    assert terms.items() <= entry.items()
    assert agreement_digest(entry, entry["words"]) == entry["digest"] == agreement.digest
    assert text(town.account(agreement_account(agreement.id)).cap) == entry["cap"]
    town.audit()


@pytest.mark.parametrize(
    ("field", "other", "code"),
    [
        ("cap", "1", "agreement.document"),
        ("lanes", ["query"], "agreement.document"),
        ("lanes", ["algorithm"], "debit.lane"),
    ],
)
def test_an_auditor_finds_other_lanes_or_another_cap_than_were_signed(
    town: Town, field: str, other: object, code: str
) -> None:
    town.describe(policy=opening(QUERY, ALGORITHM))
    town.agree()
    ask(town.site, me(town), question())
    entries = town.entries()
    (at,) = [index for index, one in enumerate(entries) if one["kind"] == "agreement"]
    entries[at] = {**entries[at], field: other}
    assert code in {one.code for one in replay(enumerate(entries)).found}


@pytest.mark.parametrize("what", ["lanes", "cap"])
def test_an_offer_whose_grant_was_changed_in_the_books_cannot_be_signed(
    town: Town, what: str
) -> None:
    town.describe()
    offer = offered(town)
    changed = {"lanes": ("query", "algorithm"), "cap": offer.grant.cap * 2}[what]
    grant = replace(offer.grant, **{what: changed})  # type: ignore[arg-type]
    with town.site.books.write() as page:
        page.agreements.replace(offer.id, replace(offer, grant=grant))
    with pytest.raises(NotPermitted) as altered:
        signed(town, offer)
    assert altered.value.code == "agreement.altered"


# What a question is judged by.


def test_a_lane_that_opens_later_is_not_agreed(town: Town) -> None:
    town.describe(policy=opening(ALGORITHM))
    agreement = town.agree()
    town.describe(policy=opening(QUERY, ALGORITHM))
    lacking = ("agreement.lane", "agreement.lanes", "town")
    assert reasons(lambda: ask(town.site, me(town), question())) == {lacking}
    changed = signed(town, offered(town, amends=agreement.id))
    assert changed.grant.lanes == ("query", "algorithm")
    ask(town.site, me(town), question())
    (debit,) = town.entries("debit")
    assert (debit["agreement"], debit["lane"]) == (changed.id, "query")
    town.audit()


def test_a_program_needs_an_agreement_that_grants_its_lane(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    town.describe(policy=opening(QUERY, ALGORITHM))
    form = AlgorithmForm(
        dataset="town/clinic",
        modules={"own": "def count(rows):\n    return len(rows)\n"},
        module="own",
        function="count",
        outputs=(OutputForm("rows", 0.0, 10.0),),
        epsilon="0.5",
    )
    paid = partial(pay_for, town.site, submit_algorithm(town.site, me(town), form))
    assert reasons(paid) == {("agreement.lane", "agreement.lanes", "town")}
    signed(town, offered(town, amends=agreement.id))
    permitted = submit_algorithm(town.site, me(town), form)
    assert refusal(partial(pay_for, town.site, permitted)) == "isolation.none"
    assert town.entries("debit") == []  # No machine to hold it: judged in order, and not paid for.


def test_a_lane_that_closes_later_is_closed_whatever_was_agreed(town: Town) -> None:
    town.describe(policy=opening(QUERY, ALGORITHM))
    town.agree()
    town.describe(policy=opening(ALGORITHM))
    assert reasons(lambda: ask(town.site, me(town), question())) == {
        ("lane.off", "lanes.query", "town")
    }
    town.audit()


def test_a_refusal_names_lane_agreement_and_clause_in_both_languages(town: Town) -> None:
    town.describe(policy=opening(ALGORITHM))
    agreement = town.agree()
    town.describe(policy=opening(QUERY, ALGORITHM))
    with pytest.raises(Refused) as refused:
        ask(town.site, me(town), question())
    (reason,) = refused.value.reasons
    assert reason.message == f"Agreement {agreement.id} does not grant the query lane."
    assert reason.message_zh == f"开放利用协议（{agreement.id}）约定的利用通道中不包含查询通道。"


def test_a_raised_policy_gives_a_signed_agreement_no_more(town: Town) -> None:
    town.describe("pure")
    offer = offered(town)
    town.describe("pure", policy=sharing("1.5"))
    agreement = signed(town, offer)
    assert town.account(agreement_account(agreement.id)).cap == 1
    ask(town.site, me(town), asking(1, "1"))
    assert refused_by(town, me(town), asking(2, "0.01")) == ["agreement.budget"]
    changed = signed(town, offered(town, amends=agreement.id))
    assert (changed.grant.cap, changed.grant.epsilon) == (Fraction(3, 2), Fraction(3, 2))
    ask(town.site, me(town), asking(2, "0.5"))
    town.audit()


# Between offer and signature.


@pytest.mark.parametrize(
    "narrower", [opening(QUERY, policy=sharing("0.5")), opening(ALGORITHM)], ids=["budget", "lane"]
)
def test_an_offer_that_the_policies_no_longer_allow_is_not_signed(
    town: Town, narrower: str
) -> None:
    town.describe(policy=opening(QUERY, ALGORITHM))
    offer = offered(town)
    assert "datarange agreement sign" in advice(town, offer)
    town.describe(policy=narrower)
    assert refusal(lambda: signed(town, offer)) == "agreement.outdated"
    assert advice(town, offer) == "datarange application draft"
    assert stored(town, offer.id).state is AgreementState.OFFERED
    assert town.entries("agreement") == []
    assert signed(town, offered(town)).state is AgreementState.IN_FORCE
    town.audit()


@pytest.mark.parametrize("accounting", ["zcdp", "pure"])
def test_a_change_takes_nothing_back_that_is_spent_and_no_more_may_be_spent_meanwhile(
    town: Town, accounting: str
) -> None:
    town.describe(accounting)
    agreement = town.agree()
    ask(town.site, me(town), asking(1, "0.5"))
    town.describe(accounting, policy=sharing("0.25"))
    offer = offered(town, amends=agreement.id)
    spent = town.account(agreement_account(agreement.id)).spent
    assert offer.grant.cap == spent
    read = epsilon_of(spent, DELTA) if accounting == "zcdp" else spent
    assert offer.grant.epsilon == read
    ask(town.site, me(town), asking(2, "0.25"))
    assert refusal(lambda: signed(town, offer)) == "agreement.overspent"
    changed = signed(town, offered(town, amends=agreement.id))
    assert town.account(agreement_account(agreement.id)).cap == changed.grant.cap
    assert refused_by(town, me(town), asking(3, "0.01")) == ["agreement.budget"]
    town.audit()


# Several owners' data in one application.


def with_lodge(town: Town, policy: str) -> Town:
    """Open a second source, of another owner."""
    people = {**town.people, Role.OWNER: town.newcomer("lodge", Role.OWNER)}
    lodge = replace(town, owner_key=KeySigner(), people=people)
    of_lodge(lodge, policy)
    return lodge


def of_lodge(lodge: Town, policy: str) -> None:
    named = policy.replace("town/clinic", "lodge/guests").replace("owner: town", "owner: lodge")
    lodge.describe("pure", policy=named)


def granted_both(town: Town, lodge: Town) -> Application:
    asked = apply(town.site, me(town), town.form(further=("lodge/guests",)))
    town.assess(asked.id)
    town.consent(asked.id)
    consent(
        lodge.site,
        lodge.people[Role.OWNER],
        asked.id,
        ConsentForm("lodge/guests", given=True, reason="Yes"),
    )
    return decide(town.site, town.people[Role.STEWARD], asked.id, grant=True, reason="In order")


def test_the_lanes_of_one_grant_are_those_that_every_owner_opens(town: Town) -> None:
    town.describe(policy=opening(QUERY, ALGORITHM))
    lodge = with_lodge(town, opening(QUERY, REVIEWED))
    for name in granted_both(town, lodge).agreements:
        agreement = signed(town, stored(town, name))
        assert agreement.grant.lanes == ("query",)
        assert "   Lanes: query\n" in english(agreement)
    ask(town.site, me(town), question())
    town.audit()


def test_one_owner_who_closes_a_lane_closes_it_for_all_that_was_granted_together(
    town: Town,
) -> None:
    town.describe()
    lodge = with_lodge(town, POLICY)
    for name in granted_both(town, lodge).agreements:
        signed(town, stored(town, name))
    of_lodge(lodge, opening(ALGORITHM))
    assert reasons(lambda: ask(town.site, me(town), question())) == {
        ("lane.off", "lanes.query", "lodge")
    }
    of_lodge(lodge, POLICY.replace("access: [algorithm]", "access: [download]"))
    assert reasons(lambda: ask(town.site, me(town), question())) == {
        ("access.no_algorithm", "access", "lodge")
    }


@pytest.mark.parametrize(
    ("other", "smallest"), [("1e-9", "1e-9"), ("1e-8", "1e-9"), ("1e-12", "1e-12")]
)
def test_an_epsilon_counts_at_the_smallest_delta_of_all(
    town: Town, other: str, smallest: str
) -> None:
    town.describe(policy=sharing("0.5"))
    people = {**town.people, Role.OWNER: town.newcomer("lodge", Role.OWNER)}
    lodge = replace(town, owner_key=KeySigner(), people=people)
    policy = sharing("0.5").replace("delta: 1e-9", f"delta: {other}")
    named = policy.replace("town/clinic", "lodge/guests").replace("owner: town", "owner: lodge")
    lodge.describe("zcdp", policy=named)
    first, _ = (signed(town, stored(town, name)) for name in granted_both(town, lodge).agreements)
    delta = Fraction(smallest)
    cap = cap_of(Accounting.ZCDP, Fraction(1, 2), delta)
    assert (first.grant.cap, first.grant.epsilon, first.grant.delta) == (cap, Fraction(1, 2), delta)
    at_own = question(epsilon="0.5")
    if smallest == "1e-9":
        ask(town.site, me(town), at_own)
    else:
        refused = reasons(lambda: ask(town.site, me(town), at_own))
        per_submission = ("budget.per_submission", "privacy.per_submission.epsilon", "lodge")
        assert refused == {per_submission, ("budget.exceeded", "agreement.budget", "town")}
    town.audit()


def test_owners_without_a_lane_in_common_have_nothing_to_grant_together(town: Town) -> None:
    town.describe(policy=opening(ALGORITHM))
    lodge = with_lodge(town, POLICY)
    with pytest.raises(Conflict) as nothing:
        granted_both(town, lodge)
    assert nothing.value.code == "decision.no_lane"
    assert town.entries("decision") == town.entries("agreement") == []


def test_an_offer_is_outdated_by_the_policy_of_any_owner(town: Town) -> None:
    town.describe()
    lodge = with_lodge(town, POLICY)
    offers = [stored(town, name) for name in granted_both(town, lodge).agreements]
    of_lodge(lodge, sharing("0.5"))
    assert [refusal(partial(signed, town, one)) for one in offers] == ["agreement.outdated"] * 2


def test_an_agreement_of_before_grants_were_written_down_grants_nothing(town: Town) -> None:
    town.describe()
    agreement = replace(town.agree(), grant=NOTHING_GRANTED)
    with town.site.books.write() as page:
        page.agreements.replace(agreement.id, agreement)
    assert reasons(lambda: ask(town.site, me(town), question())) == {
        ("agreement.lane", "agreement.lanes", "town")
    }
