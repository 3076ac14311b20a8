"""Who may do what: each role, step, thing, relation and state against a table written by hand."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from itertools import product

import cedarpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policies.authorise import SCHEMA, TEXT, Attribute, Ruling, Thing, authorise, names_in, rules
from policies.classes import Openness
from sandbox.model.agreement import AgreementState
from sandbox.model.application import ApplicationState
from sandbox.model.principal import Role
from sandbox.model.verb import Verb

TABLE = """
ROSAD | issue_token             | Site
ROSAD | list_tokens             | Site
ROSAD | change_password         | Site
ROSAD | read_token              | Token       | own              | any
ROSAD | revoke_token            | Token       | own              | any
D     | issue_token_for         | Site
D     | read_token              | Token       | other's          | any
D     | revoke_token            | Token       | other's          | any
D     | open_account            | Site
D     | list_accounts           | Site
D     | close_account           | Site
D     | reset_password          | Site

R     | ask_for_data            | Site
O     | answer_demand           | Site
O     | speak_for               | Body        | own              | any
S     | register_owner          | Site

R     | apply                   | Site
ROS   | list_applications       | Site
ROS   | read_application        | Site
R     | read_application        | Application | applicant, both  | any
O     | read_application        | Application | owner, both      | sent
S     | read_application        | Application | anybody          | sent
S     | read_proof              | Application | anybody          | sent
R     | edit_application        | Site
R     | edit_application        | Application | applicant, both  | any
R     | submit_application      | Site
R     | submit_application      | Application | applicant, both  | any
R     | resubmit_application    | Site
R     | resubmit_application    | Application | applicant, both  | any
R     | withdraw_application    | Site
R     | withdraw_application    | Application | applicant, both  | any
O     | consent                 | Site
O     | consent                 | Application | owner            | sent
O     | consent                 | Dataset     | own              | any
S     | supplement              | Site
S     | supplement              | Application | owner, nobody    | sent
S     | assess                  | Site
S     | assess                  | Application | owner, nobody    | sent
S     | decide                  | Site
S     | decide                  | Application | owner, nobody    | sent
SA    | list_overdue            | Site

ROSA  | list_agreements         | Site
ROSA  | read_agreement          | Site
R     | read_agreement          | Agreement   | researcher, both | any
O     | read_agreement          | Agreement   | owner, both      | any
SA    | read_agreement          | Agreement   | anybody          | any
R     | sign_agreement          | Site
R     | sign_agreement          | Agreement   | researcher, both | any
R     | read_agreement_accounts | Site
R     | read_agreement_accounts | Agreement   | researcher, both | any
R     | dispose                 | Site
R     | dispose                 | Agreement   | researcher, both | any
R     | file_feedback           | Site
R     | file_feedback           | Agreement   | researcher, both | any
ROS   | read_feedback           | Site
R     | read_feedback           | Agreement   | researcher, both | any
O     | read_feedback           | Agreement   | owner, both      | any
S     | read_feedback           | Agreement   | anybody          | any

R     | explain                 | Site
R     | ask                     | Site
R     | ask                     | Agreement   | researcher, both | in_force
R     | read_submission         | Site
R     | read_submission         | Submission  | own              | any

O     | upload                  | Site
O     | publish                 | Site
O     | publish                 | Dataset     | own              | any
O     | read_terms              | Site
O     | import_list             | Site
O     | merge_lists             | Site
O     | list_clashes            | Site
O     | resolve_clash           | Site
O     | list_hidden             | Site
O     | open_data               | Site
ROSA  | download                | Site
ROSA  | download                | Record      | anybody          | unconditional

OSA   | list_sources            | Site
OSA   | read_source             | Site
O     | read_source             | Source      | own              | any
SA    | read_source             | Source      | anybody          | any
O     | change_source           | Site
O     | change_source           | Source      | own              | any

ROSA  | list_emergencies        | Site
R     | read_emergency          | Emergency   | anybody          | open
O     | read_emergency          | Emergency   | owner, both      | any
SA    | read_emergency          | Emergency   | anybody          | any
S     | declare_emergency       | Site
S     | confirm_emergency       | Site
S     | confirm_emergency       | Emergency   | owner, confirmer, nobody | any

SA    | review                  | Site
SA    | review                  | Emergency   | owner, nobody    | any
S     | erase                   | Site
OSA   | read_log                | Site
A     | cosign                  | Site
"""
"""Everything that is permitted, and nothing else: who, what, with which kind of thing, how they
stand to it, and in which states. `Site` is a step as such."""
LETTERS = {
    "R": "researcher",
    "O": "owner",
    "S": "steward",
    "A": "auditor",
    "D": "administrator",
}

ME, OTHER, THIRD = "me", "somebody-else", "a-third"
Attributes = Mapping[str, Attribute]
UNDER: Attributes = {"agreement": "an agreement"}
WHOSE: Mapping[str, Mapping[str, Attributes]] = {
    "Site": {"": {}},
    "Application": {
        "applicant": {"applicant": ME, "owners": (OTHER, THIRD)},
        "owner": {"applicant": OTHER, "owners": (THIRD, ME)},
        "both": {"applicant": ME, "owners": (ME,)},
        "nobody": {"applicant": OTHER, "owners": ()},
    },
    "Agreement": {
        "researcher": {"researcher": ME, "owners": (OTHER, THIRD), **UNDER},
        "owner": {"researcher": OTHER, "owners": (THIRD, ME), **UNDER},
        "both": {"researcher": ME, "owners": (ME,), **UNDER},
        "nobody": {"researcher": OTHER, "owners": (), **UNDER},
    },
    "Submission": {
        "own": {"researcher": ME, **UNDER},
        "other's": {"researcher": OTHER, **UNDER},
    },
    "Dataset": {"own": {"owner": ME}, "other's": {"owner": OTHER}},
    "Source": {"own": {"owner": ME}, "other's": {"owner": OTHER}},
    "Token": {"own": {"holder": ME}, "other's": {"holder": OTHER}},
    "Body": {
        "own": {"keepers": (OTHER, ME)},
        "other's": {"keepers": (OTHER, THIRD)},
        "nobody's": {"keepers": ()},
    },
    "Record": {"": {}},
    "Emergency": {
        "declarer": {"owner": OTHER, "declared_by": ME, "confirmed_by": ""},
        "confirmer": {"owner": OTHER, "declared_by": THIRD, "confirmed_by": ME},
        "owner": {"owner": ME, "declared_by": OTHER, "confirmed_by": THIRD},
        "both": {"owner": ME, "declared_by": ME, "confirmed_by": OTHER},
        "nobody": {"owner": OTHER, "declared_by": THIRD, "confirmed_by": OTHER},
    },
}
"""How somebody may stand to each kind of thing."""

SENT = tuple(state.value for state in ApplicationState if state is not ApplicationState.DRAFT)
STATES: Mapping[str, Mapping[str, Attributes]] = {
    "Application": {
        "draft": {"state": "draft", "private": True},
        "withdrawn draft": {"state": "withdrawn", "private": True},
        **{state: {"state": state, "private": False} for state in SENT},
    },
    "Agreement": {state.value: {"state": state.value} for state in AgreementState},
    "Record": {openness.value: {"openness": openness.value} for openness in Openness},
    "Emergency": {state: {"state": state} for state in ("declared", "open", "over")},
}
"""Where a thing may stand, of the kinds whose rules ask for that."""
STATELESS: Mapping[str, Attributes] = {"": {}}

ROLES = tuple(role.value for role in Role)


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix."""

    role: str
    verb: str
    kind: str
    whose: str
    state: str

    @property
    def thing(self) -> Thing:
        states = STATES.get(self.kind, STATELESS)
        return Thing(self.kind, {**WHOSE[self.kind][self.whose], **states[self.state]})

    @cached_property
    def ruling(self) -> Ruling:
        return authorise(ME, self.role, self.verb, self.thing)

    def bound_to(self, agreement: str) -> Ruling:
        """Decide for somebody who signed in for one agreement."""
        return authorise(ME, self.role, self.verb, self.thing, agreement)


def written() -> Iterator[Cell]:
    """Read the table."""
    for line in filter(None, TABLE.splitlines()):
        who, verb, kind, whose, states = [*map(str.strip, line.split("|")), "any", "any"][:5]
        roles = [LETTERS[letter] for letter in who]
        relations = WHOSE[kind] if whose in {"any", "anybody"} else whose.split(", ")
        where = STATES.get(kind, STATELESS)
        named = {"any": tuple(where), "sent": SENT}.get(states, (states,))
        assert set(relations) <= set(WHOSE[kind]), line
        assert set(named) <= set(where), line
        for cell in product(roles, [verb], [kind], relations, named):
            yield Cell(*cell)


PERMITTED = frozenset(written())
CELLS = [
    Cell(role, verb.value, kind, whose, state)
    for role, verb, kind in product(ROLES, Verb, WHOSE)
    for whose, state in product(WHOSE[kind], STATES.get(kind, STATELESS))
]


BOUND_CELLS = [cell for cell in CELLS if cell.role == "researcher"]
SERVED = {
    *("list_agreements", "read_agreement", "read_agreement_accounts"),
    *("explain", "ask", "read_submission"),
}
"""Steps that a token for one agreement is good for."""


def test_a_token_for_one_agreement_does_what_its_holder_may_under_it_and_nothing_else() -> None:
    kinds = {"Site", "Agreement", "Submission"}
    for cell in BOUND_CELLS:
        within = cell in PERMITTED and cell.verb in SERVED and cell.kind in kinds
        assert cell.bound_to("an agreement").permitted is within, cell
        assert cell.bound_to("another one").permitted is (within and cell.kind == "Site"), cell


def test_the_table_has_a_line_for_every_step_and_every_kind_of_thing() -> None:
    assert {cell.verb for cell in PERMITTED} == {verb.value for verb in Verb}
    schema = (files("policies") / SCHEMA).read_text(encoding="utf-8")
    kinds = {line.split()[1].rstrip(";") for line in schema.splitlines() if line[:7] == "entity "}
    assert {cell.kind for cell in PERMITTED} == set(WHOSE) == kinds - {"Person"}
    actions = {verb for rule in rules() for verb in rule.verbs}
    assert actions == {verb.value for verb in Verb}


def test_every_cell_of_the_matrix_is_as_written() -> None:
    assert len(CELLS) > 20_000
    assert set(CELLS) >= PERMITTED
    wrong = [cell for cell in CELLS if cell.ruling.permitted is not (cell in PERMITTED)]
    assert not wrong


def test_every_decision_names_the_rules_that_made_it() -> None:
    known = {rule.id for rule in rules()}
    for cell in CELLS:
        ruling = cell.ruling
        assert {ground.id for ground in ruling.grounds} <= known
        assert ruling.grounds, cell
        effects = {ground.effect for ground in ruling.grounds}
        assert effects == ({"forbid"} if ruling.forbidden else {"permit"})


def test_every_rule_decides_a_case_and_speaks_both_languages() -> None:
    decisive = {
        ground.id
        for cell in CELLS
        for ground in cell.ruling.grounds
        if cell.ruling.permitted or cell.ruling.forbidden
    }
    decisive |= {
        ground.id for cell in BOUND_CELLS for ground in cell.bound_to("an agreement").grounds
    }
    assert decisive == {rule.id for rule in rules()}
    for rule in rules():
        assert rule.says
        assert any("\u4e00" <= sign <= "\u9fff" for sign in rule.says_zh)


def test_a_ruling_names_nobody() -> None:
    for ruling in {cell.ruling for cell in CELLS}:
        assert not {ME, OTHER, THIRD} & set(str(ruling.grounds).replace("'", " ").split())


def test_an_administrator_is_stopped_twice_outside_of_accounts() -> None:
    accounts = {cell.verb for cell in PERMITTED if cell.role == "administrator"}
    others = {
        replace(cell, role="administrator") for cell in PERMITTED if cell.verb not in accounts
    }
    assert len(others) > 100
    assert all(cell.ruling.forbidden for cell in others)


def test_nobody_decides_on_what_is_their_own_and_learns_why() -> None:
    for verb in ("supplement", "assess", "decide"):
        cell = Cell("steward", verb, "Application", "applicant", "assessed")
        assert [rule.id for rule in cell.ruling.grounds] == ["nobody-decides-their-own-application"]


@given(st.sampled_from(CELLS), st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_who_somebody_else_is_makes_no_difference(
    cell: Cell, me: str, other: str, third: str
) -> None:
    """What is decided of the relations is what Cedar decides of the names themselves."""
    assume(len({me, other, third}) == len({ME, OTHER, THIRD}))
    renamed = {ME: me, OTHER: other, THIRD: third}
    attributes = {
        key: _renamed(value, renamed) if key in NAMES else value
        for key, value in cell.thing.attributes.items()
    }
    asked = asked_of_cedar(me, cell.role, cell.verb, Thing(cell.kind, attributes))
    assert asked is authorise(me, cell.role, cell.verb, Thing(cell.kind, attributes)).permitted
    assert asked is (cell in PERMITTED)


RULES = (files("policies") / TEXT).read_text(encoding="utf-8")
NAMES = names_in(RULES)
PARSED = cedarpy.PolicySet.from_str(RULES)
CHECKED = cedarpy.Schema.from_str((files("policies") / SCHEMA).read_text(encoding="utf-8"))


def _renamed(value: Attribute, names: Mapping[str, str]) -> Attribute:
    if isinstance(value, tuple):
        return tuple(names[one] for one in value)
    return names.get(str(value), value)


def asked_of_cedar(name: str, role: str, verb: str, thing: Thing) -> bool:
    """Put a case to Cedar as it is."""
    resource = {"type": thing.kind, "id": "thing"}
    caller = {"type": "Person", "id": "caller"}
    entities = [
        {"uid": caller, "attrs": {"name": name, "role": role, "agreement": ""}, "parents": []},
        {"uid": resource, "attrs": dict(thing.attributes), "parents": []},
    ]
    action = {"type": "Action", "id": verb}
    request = {"principal": caller, "action": action, "resource": resource, "context": {}}
    answer = cedarpy.is_authorized(request, PARSED, json.dumps(entities), CHECKED)
    return bool(answer.allowed)


@pytest.mark.parametrize(
    "condition",
    [
        'principal.name == "somebody"',
        'principal.name like "s*"',
        'resource.applicant == "somebody"',
        "resource.applicant == resource.state",
        "resource.owners.containsAny([principal.name])",
        "principal.name == resource.applicant",
        'principal.agreement == ""',
        'principal.agreement != "one"',
        'resource.agreement like "a*"',
        "resource.agreement != principal.agreement",
        "resource.agreement == principal.name",
    ],
)
def test_a_rule_that_looks_into_a_name_is_not_accepted(condition: str) -> None:
    assert {"applicant", "owners", "holder"} <= NAMES
    rule = f"permit (principal, action, resource) when {{ {condition} }};"
    with pytest.raises(ValueError, match="may only compare"):
        names_in(RULES + rule)


HOSTILE = st.text() | st.sampled_from(['"', 'Person::"x"', "\ud800", "\0", "steward ", "Steward"])


@given(name=HOSTILE, role=HOSTILE, verb=HOSTILE, kind=HOSTILE, value=HOSTILE)
def test_whatever_is_unknown_is_not_permitted(
    name: str, role: str, verb: str, kind: str, value: str
) -> None:
    unknown = {role} - set(ROLES), {verb} - set(Verb), {kind} - set(WHOSE)
    thing = Thing(kind, {value: value})
    assert not authorise(name, role, verb, thing).permitted or not all(unknown)
    assert not authorise(name, "steward", verb, Thing(kind, {})).permitted
    assert not authorise(name, "steward", "decide", Thing("Application", {value: name})).permitted


APPLICATION: Attributes = {"applicant": OTHER, "owners": (), "state": "assessed", "private": False}


@pytest.mark.parametrize(
    "thing",
    [
        Thing("Application"),
        *(
            Thing("Application", {key: value for key, value in APPLICATION.items() if key != lost})
            for lost in APPLICATION
        ),
        Thing("Application", {**APPLICATION, "applicant": ("a", "set")}),
        Thing("Application", {**APPLICATION, "applicant": True}),
        Thing("Application", {**APPLICATION, "owners": OTHER}),
        Thing("Application", {**APPLICATION, "private": "no"}),
        Thing("Application", {**APPLICATION, "more": "x"}),
        Thing("Agreement", {"researcher": OTHER}),
        Thing("Token", {"holder": OTHER}),
    ],
)
def test_what_cannot_be_evaluated_is_not_permitted(thing: Thing) -> None:
    """Cedar skips a rule that fails; skipping the one that forbids would permit."""
    assert authorise(ME, "steward", "decide", Thing("Application", APPLICATION)).permitted
    assert not authorise(ME, "steward", "decide", thing).permitted


def test_a_rule_about_what_the_schema_lacks_is_not_accepted() -> None:
    schema = (files("policies") / SCHEMA).read_text(encoding="utf-8")
    assert cedarpy.validate_policies(RULES, schema).validation_passed
    broken = RULES.replace("resource.applicant", "resource.applicants", 1)
    assert not cedarpy.validate_policies(broken, schema).validation_passed
