"""An owner signs the terms of their own policy under their own key, or nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.client.owner_signing import (
    CAP_FIELDS,
    POLICY_FIELDS,
    caps_signature,
    key_form,
    policy_signature,
    require_same_caps,
)
from sandbox.client.signing_key import make_if_missing, public_key
from sandbox.errors import BadInput, Conflict, NotPermitted, NotVerified
from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.entries import cap_terms, key_terms, policy_terms
from sandbox.ledger.signing import cap_message, check, key_message, policy_message
from sandbox.wire import PolicyTerms, SourceCard

ORIGIN = "site.example/range"
POLICY = "a policy\r\nas it stands in its file"
BEFORE = {"source": "1", "delta": "0.000000001", "person": None}
AFTER = {"source": "2", "delta": "0.000000001", "person": "0.5"}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_if_missing(tmp_path / "owner.key")


@pytest.fixture
def terms(key: Path) -> PolicyTerms:
    """Write terms as an honest site does."""
    owner_key = public_key(key)
    document = policy_terms(
        origin=ORIGIN,
        dataset="town/clinic",
        source="town/people",
        owner="town",
        version=3,
        digest=sha256(POLICY.encode()),
        accounting="zcdp",
        caps=AFTER,
        per_agreement="0.25",
        lanes=["query"],
        partition=None,
        owner_key=owner_key,
    )
    change = cap_terms(
        origin=ORIGIN,
        source="town/people",
        change=1,
        accounting="zcdp",
        before=BEFORE,
        after=AFTER,
        owner_key=owner_key,
    )
    assert set(document) == POLICY_FIELDS
    assert set(change) == CAP_FIELDS
    return PolicyTerms(
        "town/clinic", "town/people", canonical(document).decode(), canonical(change).decode()
    )


def test_honest_terms_are_signed_as_the_ledger_checks_them(terms: PolicyTerms, key: Path) -> None:
    document, change = json.loads(terms.document), json.loads(terms.cap_change or "")
    check(public_key(key), policy_signature(terms, POLICY, key, ORIGIN), policy_message(document))
    check(public_key(key), caps_signature(terms, POLICY, key, ORIGIN), cap_message(change))


POLICY_LIES = [
    {"origin": "site.example/other"},
    {"dataset": "town/other"},
    {"source": "town/others"},
    {"digest": sha256(b"another policy")},
    {"digest": None},
    {"owner_key": "A" * 43 + "="},
    {"and_also": "all of it"},
]


@pytest.mark.parametrize("lie", POLICY_LIES)
def test_terms_of_anything_else_are_not_signed(
    terms: PolicyTerms, key: Path, lie: dict[str, str]
) -> None:
    lying = canonical(json.loads(terms.document) | lie).decode()
    for sign in (policy_signature, caps_signature):
        with pytest.raises(NotVerified) as refused:
            sign(replace(terms, document=lying), POLICY, key, ORIGIN)
        assert refused.value.code == "terms.foreign"


CAP_LIES = [
    {"origin": "site.example/other"},
    {"source": "town/others"},
    {"after": AFTER | {"source": "9"}},
    {"accounting": "pure"},
    {"owner_key": "A" * 43 + "="},
    {"and_also": "all of it"},
]


@pytest.mark.parametrize("lie", CAP_LIES)
def test_caps_that_are_not_the_policys_are_not_signed(
    terms: PolicyTerms, key: Path, lie: dict[str, object]
) -> None:
    lying = canonical(json.loads(terms.cap_change or "") | lie).decode()
    with pytest.raises(NotVerified) as refused:
        caps_signature(replace(terms, cap_change=lying), POLICY, key, ORIGIN)
    assert refused.value.code == "terms.foreign"


@pytest.mark.parametrize(
    "written", ["", "no JSON", "[]", "null", '{"a": 1}', "\ud800", "[" * 99999]
)
def test_what_is_not_one_canonical_document_is_not_signed(
    terms: PolicyTerms, key: Path, written: str
) -> None:
    with pytest.raises(NotVerified):
        policy_signature(replace(terms, document=written), POLICY, key, ORIGIN)
    with pytest.raises(NotVerified):
        caps_signature(replace(terms, cap_change=written), POLICY, key, ORIGIN)


def test_the_same_words_with_spaces_are_another_document(terms: PolicyTerms, key: Path) -> None:
    spaced = json.dumps(json.loads(terms.document), sort_keys=True)
    with pytest.raises(NotVerified):
        policy_signature(replace(terms, document=spaced), POLICY, key, ORIGIN)


def test_a_line_end_is_part_of_what_is_signed(terms: PolicyTerms, key: Path) -> None:
    with pytest.raises(NotVerified):
        policy_signature(terms, POLICY.replace("\r\n", "\n"), key, ORIGIN)


def test_a_change_of_caps_is_shown_with_the_way_to_sign_it(terms: PolicyTerms) -> None:
    with pytest.raises(Conflict) as refused:
        require_same_caps(terms, Path("my.yaml"))
    assert refused.value.code == "budget.cap_fixed"
    assert "in rho: source 1 -> 2, person none -> 0.5." in refused.value.message
    assert "datarange source cap my.yaml" in refused.value.message
    require_same_caps(replace(terms, cap_change=None), Path("my.yaml"))


@pytest.fixture
def card(key: Path) -> SourceCard:
    return SourceCard(
        name="town/people",
        owner="town",
        owner_key=public_key(key),
        accounting="zcdp",
        delta="0.000000001",
        changes=4,
        datasets=(),
        accounts=(),
        limits={},
    )


def test_old_and_new_key_sign_the_next_change_of_this_source(
    card: SourceCard, key: Path, tmp_path: Path
) -> None:
    form = key_form(card, make_if_missing(tmp_path / "new.key"), key, ORIGIN)
    message = key_message(
        key_terms(
            origin=ORIGIN,
            subject="source/town/people",
            change=5,
            old_key=card.owner_key,
            new_key=form.new_key,
        )
    )
    check(card.owner_key, form.old_signature, message)
    check(form.new_key, form.new_signature, message)


def test_a_key_hands_over_to_another_one_and_only_what_it_has(
    card: SourceCard, key: Path, tmp_path: Path
) -> None:
    new = make_if_missing(tmp_path / "new.key")
    with pytest.raises(NotPermitted) as strange:
        key_form(card, key, new, ORIGIN)
    with pytest.raises(BadInput) as same:
        key_form(card, key, key, ORIGIN)
    assert (strange.value.code, same.value.code) == ("owner.key", "key.unchanged")
