"""A real site refuses as the truth table says, with its reasons; the ledger has their codes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import pytest

from sandbox.errors import Refused
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask
from sandbox.flow.declare import confirm, declare
from sandbox.flow.dispose import dispose
from sandbox.flow.explain import explain
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal, Role
from sandbox.wire import EmergencyForm, MeasureMessage, Question
from tests.policies.test_truth_table import Case, Said
from tests.support import town as towns
from tests.support.town import Town, question

APPROVED = "SELECT site, COUNT(*), AVG(cost) FROM clinic WHERE age >= 40 GROUP BY site"
POLICY = towns.POLICY.replace(
    "  per_submission: {epsilon: 1}\n",
    f"""  per_submission: {{epsilon: 0.5}}
  emergency: {{epsilon: 0.5, questions: [{{name: older, sql: "{APPROVED}", epsilon: 0.5}}]}}
""",
)

ORDINARY = [
    {"agreement never made"},
    {"agreement disposed of"},
    {"agreement unsigned"},
    {"agreement lists other data"},
    {"agreement begins tomorrow"},
    {"agreement ended yesterday"},
    {"agreement of other purpose"},
    {"policy of other purpose"},
    {"policy without the lane"},
    {"policy closes age"},
    {"request of other purpose"},
    {"request groups by person"},
    {"request filters by name"},
    {"request groups by cost"},
    {"request over the limit"},
    {"account agreement spent"},
    {"account source spent"},
    {"agreement never made", "request groups by person", "policy of other purpose"},
    {"agreement disposed of", "request of other purpose", "request over the limit"},
    {"agreement ended yesterday", "policy without the lane", "account source spent"},
    {"agreement begins tomorrow", "policy closes age", "request filters by name"},
]
URGENT = [
    {"request in no emergency"},
    {"request not approved"},
    {"policy approves less"},
    {"policy approves others"},
    # What is over the limit of the only approved question is more than the tranche, too.
    {"request over the limit", "account tranche spent"},
    # A question about a closed column is no approved one: no policy with such a question loads.
    {"agreement ended yesterday", "request groups by person", "request not approved"},
    {"request in no emergency", "agreement unsigned"},
]
"""Of the truth table's cases, by the clauses that stand against the request."""

PERIODS = {
    "agreement begins tomorrow": {"starts": "2026-11-24"},
    "agreement ended yesterday": {"ends": "2026-11-23"},
    "agreement of other purpose": {"purpose": "teaching"},
    "agreement lists other data": {"dataset": "town/other"},
}
POLICIES = {
    "policy of other purpose": (("[research, teaching]", "[teaching]"),),
    "policy without the lane": (("  query: {release: automatic}", "  reviewed: {}"),),
    "policy closes age": (("age: {use: [filter]", "age: {use: []"), (" WHERE age >= 40", "")),
    "policy approves less": (("epsilon: 0.5}]", "epsilon: 0.4}]"),),
    "policy approves others": (("age >= 40 GROUP", "age >= 50 GROUP"),),
}
REQUESTS: Mapping[str, Mapping[str, object]] = {
    "request of other purpose": {"purpose": "marketing"},
    "request groups by person": {"group_by": ("person", "site")},
    "request filters by name": {"where": ("age >= 40", "name = 'x'")},
    "request groups by cost": {"group_by": ("cost",)},
    "request over the limit": {"epsilon": "0.50001"},
    "request in no emergency": {"emergency": "0" * 32},
    "request not approved": {"measures": (MeasureMessage("count"),)},
}


def prepared(town: Town, against: Collection[str], *, urgent: bool) -> Question:
    """Bring a site to where these clauses stand against a question, and give the question."""
    town.describe("pure", policy=POLICY)
    asked = question(purpose="research")
    if urgent:
        asked = replace(asked, emergency=opened(town))
    named = agreed(town, against)
    spend(town, against)
    for changes in (POLICIES[one] for one in POLICIES if one in against):
        policy = POLICY
        for old, new in changes:
            assert policy.count(old) == 1
            policy = policy.replace(old, new)
        town.describe("pure", policy=policy)
    if "agreement disposed of" in against:
        dispose(town.site, town.people[Role.RESEARCHER], named or "", "All of it is gone")
    if "agreement ended yesterday" in against:
        town.later(days=1)
    for one in REQUESTS:
        asked = replace(asked, **(REQUESTS[one] if one in against else {}))  # type: ignore[arg-type]
    return replace(asked, agreement=named)


def opened(town: Town) -> str:
    form = EmergencyForm("town/clinic", "A flood at the river", 72)
    declared = declare(town.site, town.people[Role.STEWARD], form)
    return confirm(town.site, town.newcomer("second-official", Role.STEWARD), declared.id).id


def agreed(town: Town, against: Collection[str]) -> AgreementId | None:
    if "agreement never made" in against:
        return None
    if "agreement lists other data" in against:
        town.describe("pure", policy=POLICY.replace("clinic", "other"))
    changes = [PERIODS[one] for one in PERIODS if one in against]
    form = {key: value for change in changes for key, value in change.items()}
    if "agreement unsigned" in against:
        asked = apply(town.site, town.people[Role.RESEARCHER], town.form())
        return town.grant(asked.id).agreement
    return town.agree(None, **form).id


def spend(town: Town, against: Collection[str]) -> None:
    """Use accounts up with other questions; the source keeps half an epsilon for emergencies."""
    if "account agreement spent" in against:
        spend_half(town, town.people[Role.RESEARCHER], 41, 42)
    if "account source spent" in against:
        for name, ages in (("second", (41, 42)), ("third", (43,))):
            newcomer = town.newcomer(name)
            town.agree(newcomer)
            spend_half(town, newcomer, *ages)


def spend_half(town: Town, asker: Principal, *ages: int) -> None:
    """Spend half an epsilon for each age."""
    for age in ages:
        ask(town.site, asker, question(where=(f"age >= {age}",)))


def cases() -> Iterator[Case]:
    for urgent, all_against in ((False, ORDINARY), (True, URGENT)):
        for against in all_against:
            yield Case("query", "town", "pure", urgent, frozenset(against))


def name_of(case: Case) -> str:
    """Name a case the same in every process: a set's own order is not."""
    return f"{'urgent' if case.urgent else 'usual'}: {', '.join(sorted(case.against))}"


@pytest.mark.parametrize("case", list(cases()), ids=name_of)
def test_a_refusal_has_the_reasons_that_the_table_says(town: Town, case: Case) -> None:
    asked = prepared(town, case.against, urgent=case.urgent)
    before = town.entries()
    with pytest.raises(Refused) as refused:
        ask(town.site, town.people[Role.RESEARCHER], asked)
    assert said(refused.value) == case.expected
    (refusal,) = town.entries()[len(before) :]
    assert refusal["kind"] == "refusal"
    assert set(refusal["codes"]) == {code for code, *_ in case.expected}
    assert refusal["agreement"] == asked.agreement
    town.audit()


@pytest.mark.parametrize("urgent", [False, True])
def test_what_nothing_stands_against_is_answered(town: Town, urgent: bool) -> None:  # noqa: FBT001
    asked = prepared(town, (), urgent=urgent)
    assert explain(town.site, town.people[Role.RESEARCHER], asked).permitted
    ask(town.site, town.people[Role.RESEARCHER], asked)
    assert not town.entries("refusal")
    town.audit()


def said(refused: Refused) -> frozenset[Said]:
    return frozenset((one.code, one.clause, one.column, one.owner or "") for one in refused.reasons)
