"""Who may do what: each role, each step and each state against a table that is written by hand."""

from collections.abc import Iterator
from importlib.resources import files
from itertools import product

import cedarpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.authorise import SCHEMA, TEXT, Thing, authorise, rules
from sandbox.model.principal import Role
from sandbox.model.verb import Verb

R, O, S, A, D = "researcher", "owner", "steward", "auditor", "administrator"  # noqa: E741
ROLES = (R, O, S, A, D)
ME, OTHER = "me", "somebody-else"

STEPS = {
    "apply": {R},
    "list_applications": {R, S},
    "read_application": {R, S},
    "decide": {S},
    "list_agreements": {R, O, S, A},
    "read_agreement": {R, O, S, A},
    "sign_agreement": {R},
    "read_agreement_accounts": {R},
    "dispose": {R},
    "explain": {R},
    "ask": {R},
    "read_submission": {R},
    "upload": {O},
    "publish": {O},
    "read_terms": {O},
    "list_sources": {O, S, A},
    "read_source": {O, S, A},
    "change_source": {O},
    "list_emergencies": {R, O, S, A},
    "declare_emergency": {S},
    "confirm_emergency": {S},
    "review": {S, A},
    "erase": {S},
    "read_log": {O, S, A},
    "cosign": {A},
    "issue_token": {R, O, S, A, D},
    "list_tokens": {R, O, S, A, D},
    "change_password": {R, O, S, A, D},
    "issue_token_for": {D},
    "open_account": {D},
    "list_accounts": {D},
    "close_account": {D},
    "reset_password": {D},
}
"""Steps as such, before it is said what they are about."""

ALL = {"own", "other"}
THINGS = {
    ("read_application", "Application"): {R: {"own"}, S: ALL},
    ("decide", "Application"): {S: {"other"}},
    ("read_submission", "Submission"): {R: {"own"}},
    ("read_source", "Source"): {O: {"own"}, S: ALL, A: ALL},
    ("change_source", "Source"): {O: {"own"}},
    ("read_token", "Token"): {R: {"own"}, O: {"own"}, S: {"own"}, A: {"own"}, D: ALL},
    ("revoke_token", "Token"): {R: {"own"}, O: {"own"}, S: {"own"}, A: {"own"}, D: ALL},
}
"""Things with one holder: whose they are decides."""
HOLDER = {
    "Application": "applicant",
    "Submission": "researcher",
    "Source": "owner",
    "Token": "holder",
}

Permitted = dict[tuple[str, str], tuple[str, ...]]
"""By role and relation: the states in which a step is permitted."""
STATES = ("offered", "in_force", "ended")
RELATIONS = ("researcher", "owner", "nobody")
"""What the caller's name is to an agreement."""
AGREEMENTS: dict[str, Permitted] = {
    "read_agreement": {
        (R, "researcher"): STATES,
        (O, "owner"): STATES,
        **{(role, relation): STATES for role in (S, A) for relation in RELATIONS},
    },
    "sign_agreement": {(R, "researcher"): STATES},
    "read_agreement_accounts": {(R, "researcher"): STATES},
    "dispose": {(R, "researcher"): STATES},
    "ask": {(R, "researcher"): ("in_force",)},
}

MOMENTS = ("declared", "open", "over")
PARTS = ("owner", "declarer", "confirmer", "nobody")
EMERGENCIES: dict[str, Permitted] = {
    "read_emergency": {
        **{(R, part): ("open",) for part in PARTS},
        (O, "owner"): MOMENTS,
        **{(role, part): MOMENTS for role in (S, A) for part in PARTS},
    },
    "confirm_emergency": {(S, part): MOMENTS for part in ("owner", "confirmer", "nobody")},
    "review": {(role, part): MOMENTS for role in (S, A) for part in ("owner", "nobody")},
}


def cases() -> Iterator[tuple[str, str, Thing, bool]]:
    """Walk the whole matrix: role, step, thing, and what the tables say."""
    for role, (verb, roles) in product(ROLES, STEPS.items()):
        yield role, verb, Thing("Site"), role in roles
    for role, ((verb, kind), allowed), whose in product(ROLES, THINGS.items(), ("own", "other")):
        holder = ME if whose == "own" else OTHER
        thing = Thing(kind, {HOLDER[kind]: holder})
        yield role, verb, thing, whose in allowed.get(role, ())
    for role, (verb, permitted), relation, state in product(
        ROLES, AGREEMENTS.items(), RELATIONS, STATES
    ):
        researcher = ME if relation == "researcher" else OTHER
        owners = (ME,) if relation == "owner" else ("a-third",)
        thing = Thing("Agreement", {"researcher": researcher, "owners": owners, "state": state})
        yield role, verb, thing, state in permitted.get((role, relation), ())
    for role, (verb, permitted), part, moment in product(
        ROLES, EMERGENCIES.items(), PARTS, MOMENTS
    ):
        owner, declarer, confirmer = (ME if part == one else OTHER for one in PARTS[:3])
        by = {"declared_by": declarer, "confirmed_by": confirmer}
        thing = Thing("Emergency", {"owner": owner, **by, "state": moment})
        yield role, verb, thing, moment in permitted.get((role, part), ())


CASES = list(cases())


def test_the_matrix_is_whole() -> None:
    assert len(CASES) > 500
    assert {verb for _, verb, _, _ in CASES} == {verb.value for verb in Verb}
    assert set(ROLES) == {role.value for role in Role}


def test_every_cell_of_the_matrix_is_as_written() -> None:
    wrong = [
        case for case in CASES if authorise(ME, case[0], case[1], case[2]).permitted is not case[3]
    ]
    assert not wrong


def test_every_decision_names_the_rules_that_made_it() -> None:
    known = {rule.id for rule in rules()}
    for role, verb, thing, _ in CASES:
        ruling = authorise(ME, role, verb, thing)
        assert {ground.id for ground in ruling.grounds} <= known
        assert ruling.grounds, (role, verb)
        effects = {ground.effect for ground in ruling.grounds}
        assert effects == ({"forbid"} if ruling.forbidden else {"permit"})


def test_every_rule_decides_a_case_and_speaks_both_languages() -> None:
    decisive = {
        ground.id
        for role, verb, thing, _ in CASES
        for ground in authorise(ME, role, verb, thing).grounds
    }
    assert decisive == {rule.id for rule in rules()}
    for rule in rules():
        assert rule.says
        assert any("\u4e00" <= sign <= "\u9fff" for sign in rule.says_zh)


def test_a_ruling_names_nobody() -> None:
    for role, verb, thing, _ in CASES:
        said = str(authorise(ME, role, verb, thing).grounds)
        assert OTHER not in said
        assert "a-third" not in said


@pytest.mark.parametrize("role", ROLES)
def test_an_administrator_is_stopped_twice_outside_of_accounts(role: str) -> None:
    for verb, roles in STEPS.items():
        if D not in roles:
            ruling = authorise(ME, role, verb, Thing("Site"))
            assert ruling.forbidden is (role == D)


HOSTILE = st.text() | st.sampled_from(['"', 'Person::"x"', "\ud800", "\0", "steward ", "Steward"])


@given(name=HOSTILE, role=HOSTILE, verb=HOSTILE, kind=HOSTILE, value=HOSTILE)
def test_whatever_is_unknown_is_not_permitted(
    name: str, role: str, verb: str, kind: str, value: str
) -> None:
    unknown = {role} - set(ROLES), {verb} - set(STEPS), {kind} - {"Site"}
    thing = Thing(kind, {value: value})
    assert not authorise(name, role, verb, thing).permitted or not all(unknown)
    assert not authorise(name, S, verb, Thing(kind, {})).permitted
    assert not authorise(name, S, "decide", Thing("Application", {value: name})).permitted


@pytest.mark.parametrize(
    "thing",
    [
        Thing("Application"),
        Thing("Application", {"applicant": ("a", "set")}),
        Thing("Application", {"applicant": OTHER, "more": "x"}),
        Thing("Agreement", {"researcher": OTHER}),
        Thing("Token", {"holder": OTHER}),
    ],
)
def test_what_cannot_be_evaluated_is_not_permitted(thing: Thing) -> None:
    """Cedar skips a rule that fails; skipping the one that forbids would permit."""
    assert not authorise(ME, S, "decide", thing).permitted


def test_a_rule_about_what_the_schema_lacks_is_not_accepted() -> None:
    text = (files("policies") / TEXT).read_text(encoding="utf-8")
    schema = (files("policies") / SCHEMA).read_text(encoding="utf-8")
    assert cedarpy.validate_policies(text, schema).validation_passed
    broken = text.replace("resource.applicant", "resource.applicants", 1)
    assert not cedarpy.validate_policies(broken, schema).validation_passed
