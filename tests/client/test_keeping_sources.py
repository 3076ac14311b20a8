"""Owners, stewards and auditors through the client, over a socket."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import sandbox.client as dr
from sandbox.client.signing_key import make_if_missing, public_key
from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, NotVerified, Refused
from sandbox.ledger.note import verifier_key
from sandbox.ledger.verify import verify_export
from sandbox.model.principal import Role
from tests.support.clinic import CSV, WARD
from tests.support.served import Served, served

SOURCE = "town/ward"
RAISED = WARD.replace("budget: {epsilon: 10", "budget: {epsilon: 12")


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("kept-ward")
    (folder / "ward.csv").write_text(CSV)
    (folder / "ward.yaml").write_text(WARD)
    (folder / "raised.yaml").write_text(RAISED)
    with served(folder) as running:
        running.add(folder / "ward.csv", folder / "ward.yaml")
        yield running


@pytest.fixture
def owner(ward: Served) -> dr.Range:
    return ward.range_of(Role.OWNER)


@pytest.fixture
def files(ward: Served) -> dict[str, Path]:
    return {name: ward.folder / f"{name}.yaml" for name in ("ward", "raised")}


def cap(owner: dr.Range) -> Fraction:
    return Fraction(owner.source(SOURCE).accounts[0].cap)


def test_the_first_policy_makes_the_key_that_the_source_stays_with(
    owner: dr.Range, ward: Served, tmp_path: Path
) -> None:
    policy = tmp_path / "other.yaml"
    policy.write_text(WARD.replace(SOURCE, "town/other").replace("FROM ward", "FROM other"))
    key = tmp_path / "keys" / "owner.key"
    owner.add_dataset(ward.folder / "ward.csv", policy, key)
    assert owner.source("town/other").owner_key == public_key(key)
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotPermitted) as refused:
        owner.add_dataset(ward.folder / "ward.csv", policy, ward.owner_key)
    assert refused.value.code == "owner.key"


def test_asking_for_terms_makes_no_key(owner: dr.Range, ward: Served, tmp_path: Path) -> None:
    for ask in (owner.terms, owner.change_caps):
        with pytest.raises(BadInput) as refused:
            ask(ward.folder / "ward.yaml", tmp_path / "none.key")
        assert refused.value.code == "key.unreadable"
    assert not (tmp_path / "none.key").exists()


def test_a_policy_with_line_ends_of_another_system_is_signed_as_it_is(
    owner: dr.Range, ward: Served, tmp_path: Path
) -> None:
    policy = tmp_path / "windows.yaml"
    windows = WARD.replace(SOURCE, "town/windows").replace("FROM ward", "FROM windows")
    policy.write_bytes(windows.replace("\n", "\r\n").encode())
    owner.add_dataset(ward.folder / "ward.csv", policy, tmp_path / "owner.key")
    assert json.loads(owner.terms(policy, tmp_path / "owner.key").document)["version"] == 0


def test_other_caps_are_stopped_before_anything_is_sent(
    owner: dr.Range, ward: Served, files: dict[str, Path]
) -> None:
    uploads = ward.folder / "site" / "uploads"
    before = sorted(uploads.rglob("*"))
    with pytest.raises(Conflict) as refused:
        owner.add_dataset(ward.folder / "ward.csv", files["raised"], ward.owner_key)
    assert refused.value.code == "budget.cap_fixed"
    assert f"datarange source cap {files['raised']}" in refused.value.message
    assert "source 1.0907857 -> 1.5027909" in refused.value.message
    assert sorted(uploads.rglob("*")) == before


def test_signed_caps_hold_at_once_and_the_raised_policy_may_follow(
    owner: dr.Range, ward: Served, files: dict[str, Path]
) -> None:
    before = cap(owner)
    changed = owner.change_caps(files["raised"], ward.owner_key)
    assert Fraction(changed.accounts[0].cap) > before
    owner.add_dataset(ward.folder / "ward.csv", files["raised"], ward.owner_key)
    with pytest.raises(Conflict) as again:
        owner.change_caps(files["raised"], ward.owner_key)
    assert again.value.code == "budget.unchanged"
    owner.change_caps(files["ward"], ward.owner_key)
    owner.add_dataset(ward.folder / "ward.csv", files["ward"], ward.owner_key)
    assert cap(owner) == before


def test_terms_that_were_shown_are_signed_for_their_policy_only(
    owner: dr.Range, ward: Served, files: dict[str, Path]
) -> None:
    before, shown = cap(owner), owner.terms(files["raised"], ward.owner_key)
    with pytest.raises(NotVerified) as refused:
        owner.change_caps(files["ward"], ward.owner_key, shown)
    assert refused.value.code == "terms.foreign"
    stale = replace(shown, cap_change=(shown.cap_change or "").replace('"change":', '"change":1'))
    with pytest.raises(NotVerified) as replayed:
        owner.change_caps(files["raised"], ward.owner_key, stale)
    assert replayed.value.code == "signature.invalid"
    assert cap(owner) == before


def test_an_address_where_another_site_was_before_is_signed_nothing_for(
    owner: dr.Range, ward: Served, files: dict[str, Path], tmp_path: Path
) -> None:
    key = Path(shutil.copy(ward.owner_key, tmp_path))
    known = tmp_path / "owner.key.sites"
    for written, code in (
        (f"{ward.url} site.example/before\n", "site.changed"),
        (f"{ward.url}\n", "site.file"),
    ):
        known.write_text(written)
        for sign in (
            lambda: owner.terms(files["ward"], key),
            lambda: owner.add_dataset(ward.folder / "ward.csv", files["ward"], key),
            lambda: owner.change_caps(files["raised"], key),
            lambda: owner.change_key(SOURCE, tmp_path / "new.key", key),
        ):
            with pytest.raises((NotVerified, BadInput)) as refused:
                sign()
            assert refused.value.code == code
        assert known.read_text() == written
    known.write_text("http://other.example site.example/other\n")
    owner.terms(files["ward"], key)
    assert known.read_text().splitlines()[1:] == [f"{ward.url} {ward.site.origin}"]


def test_terms_that_name_another_site_are_not_signed(
    ward: Served, files: dict[str, Path], tmp_path: Path
) -> None:
    elsewhere = verifier_key("other.example/range", bytes(32))
    url, token = ward.url, ward.tokens[Role.OWNER]
    key = Path(shutil.copy(ward.owner_key, tmp_path))
    with pytest.raises(NotVerified) as refused:
        dr.connect(url, token, elsewhere).terms(files["ward"], key)
    assert refused.value.code == "terms.foreign"


def test_one_key_follows_another(
    owner: dr.Range, ward: Served, files: dict[str, Path], tmp_path: Path
) -> None:
    new, number = tmp_path / "new.key", owner.source(SOURCE).changes
    card = owner.change_key(SOURCE, new, ward.owner_key)
    assert (card.owner_key, card.changes) == (public_key(new), number + 1)
    with pytest.raises(NotPermitted):
        owner.add_dataset(ward.folder / "ward.csv", files["ward"], ward.owner_key)
    with pytest.raises(NotPermitted):
        owner.change_key(SOURCE, make_if_missing(tmp_path / "third.key"), ward.owner_key)
    owner.add_dataset(ward.folder / "ward.csv", files["ward"], new)
    owner.change_key(SOURCE, ward.owner_key, new)


def test_an_emergency_from_declaration_to_answer(ward: Served) -> None:
    token = ward.admit("in-an-emergency")
    agreement = ward.agree(token, SOURCE, "research")
    first = ward.range_of(Role.STEWARD)
    second = ward.range_of(ward.admit("second-steward", Role.STEWARD))
    declared = first.declare_emergency(SOURCE, "An outbreak", 2)
    with pytest.raises(NotPermitted):
        first.confirm_emergency(declared.id)
    researcher = ward.range_of(token)
    question = researcher.dataset(SOURCE).measure(dr.count())
    with pytest.raises(Refused):
        question.release(epsilon="0.2", emergency=declared.id)
    assert second.confirm_emergency(declared.id).state == "open"
    assert declared.id in [one.id for one in researcher.emergencies()]
    visits, by_age = researcher.emergency_questions(declared.id)
    assert (visits.name, visits.epsilon, by_age.parameters) == ("visits", "0.2", ("age",))
    answer = question.release(epsilon="0.2", emergency=declared.id)
    answer.receipt.verify()
    asked = researcher.dataset(SOURCE)
    again = asked.sql("SELECT COUNT(*) FROM ward", epsilon="0.2", emergency=declared.id)
    assert again.raw == answer.raw
    assert question.explain(epsilon="0.2", emergency=declared.id).permitted
    assert researcher.agreement(agreement).spent == "0"


def test_a_researcher_sees_limits_ends_the_agreement_and_is_forgotten(ward: Served) -> None:
    token = ward.admit("in-and-out")
    researcher, steward = ward.range_of(token), ward.range_of(Role.STEWARD)
    agreement = ward.agree(token, SOURCE, "research")
    limits = [one.id.split("/")[0] for one in researcher.agreement_accounts(agreement)]
    assert limits == ["agreement", "person", "period", "period"]
    with pytest.raises(Conflict):
        steward.erase(f"agreement/{agreement}")
    assert researcher.dispose(agreement, "All copies are deleted").state == "ended"
    assert steward.erase(f"agreement/{agreement}").payloads > 0
    with pytest.raises(NotFound):
        researcher.agreement(agreement)


def test_all_of_it_verifies_offline(ward: Served, tmp_path: Path) -> None:
    auditor = ward.range_of(Role.AUDITOR)
    assert auditor.review(f"source/{SOURCE}", "in_order", "Looked into") > 0
    folder = auditor.export_ledger(tmp_path / "export")
    report = verify_export(folder, auditor.site.ledger_key)
    assert report.verified, report.findings
    assert report.counts["review"] == 1
