"""Sources over HTTP: who reads them, and that nothing but the owner's key changes them."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import httpx
import pytest

from sandbox.client import count
from sandbox.client.owner_signing import caps_signature, key_form
from sandbox.client.signing_key import make_if_missing, public_key
from sandbox.model.principal import Role
from sandbox.wire import SourceCard, read
from tests.support.clinic import CSV, WARD
from tests.support.served import Served, served

API = "/api/v1"
RAISED = WARD.replace("budget: {epsilon: 10", "budget: {epsilon: 12")
LOWERED = WARD.replace("day: 4", "day: 2")


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a site of their own to tests that change caps."""
    folder = tmp_path_factory.mktemp("ward")
    (folder / "ward.csv").write_text(CSV)
    (folder / "ward.yaml").write_text(WARD)
    with served(folder) as running:
        running.add(folder / "ward.csv", folder / "ward.yaml")
        yield running


@pytest.fixture
def owner(ward: Served) -> Iterator[httpx.Client]:
    with ward.http(Role.OWNER) as http:
        yield http


def card(http: httpx.Client) -> SourceCard:
    reply = http.get(f"{API}/sources/town/ward")
    assert reply.status_code == 200
    return read(SourceCard, reply.json())


def cap_form(ward: Served, policy: str) -> dict[str, str]:
    """Sign a change of caps, as the owner does."""
    file = ward.folder / "change.yaml"
    file.write_text(policy)
    terms = ward.range_of(Role.OWNER).terms(file, ward.owner_key)
    return {
        "policy": policy,
        "owner_key": public_key(ward.owner_key),
        "signature": caps_signature(terms, policy, ward.owner_key, ward.site.origin),
    }


def test_a_source_shows_its_key_caps_and_accounts(ward: Served, owner: httpx.Client) -> None:
    shown = card(owner)
    assert (shown.owner, shown.datasets) == ("owner", ("town/ward",))
    assert shown.owner_key == public_key(ward.owner_key)
    assert [account.id for account in shown.accounts] == ["source/town/ward", "emergency/town/ward"]
    assert shown.limits.keys() == {"person", "day", "month", "quarter", "emergency"}
    assert (shown.limits["month"], shown.limits["emergency"]) == (None, shown.accounts[1].cap)


@pytest.mark.parametrize("role", [Role.STEWARD, Role.AUDITOR])
def test_stewards_and_auditors_see_every_source(ward: Served, role: Role) -> None:
    with ward.http(role) as http:
        assert [one["name"] for one in http.get(f"{API}/sources").json()] == ["town/ward"]
        assert card(http).name == "town/ward"


def test_another_owner_sees_no_such_source_and_changes_nothing(ward: Served) -> None:
    form = cap_form(ward, RAISED)
    with ward.http(ward.admit("rival", Role.OWNER)) as rival:
        assert rival.get(f"{API}/sources").json() == []
        real, invented = (rival.get(f"{API}/sources/{name}") for name in ("town/ward", "no/where"))
        assert real.status_code == invented.status_code == 404
        assert real.json() == invented.json()
        reply = rival.post(f"{API}/sources/town/ward/caps", json=form)
        assert (reply.status_code, reply.json()["code"]) == (404, "source.unknown")


def test_caps_change_once_for_each_signature(ward: Served, owner: httpx.Client) -> None:
    before, form = card(owner), cap_form(ward, RAISED)
    changed = owner.post(f"{API}/sources/town/ward/caps", json=form)
    assert changed.status_code == 200
    assert changed.json()["changes"] == before.changes + 1
    assert float(changed.json()["accounts"][0]["cap"]) > float(before.accounts[0].cap)
    again = owner.post(f"{API}/sources/town/ward/caps", json=form)
    assert (again.status_code, again.json()["code"]) == (409, "budget.unchanged")
    back = cap_form(ward, WARD)
    assert owner.post(f"{API}/sources/town/ward/caps", json=back).status_code == 200
    replayed = owner.post(f"{API}/sources/town/ward/caps", json=form)
    assert (replayed.status_code, replayed.json()["code"]) == (409, "signature.invalid")
    assert card(owner).accounts == before.accounts


def test_accounts_are_shown_under_the_caps_of_now(ward: Served, owner: httpx.Client) -> None:
    token = ward.admit("shown-under-caps")
    ward.agree(token, "town/ward", "research")
    ward.range_of(token).dataset("town/ward").measure(count()).release(epsilon="0.1")
    path, looser = f"{API}/sources/town/ward/caps", WARD.replace("per_person: {epsilon: 3}", "")
    looser = looser.replace("{day: 4,", "{day: 5,")
    before = by_kind(card(owner))
    assert owner.post(path, json=cap_form(ward, looser)).status_code == 200
    after, limits = by_kind(card(owner)), card(owner).limits
    assert after["period"] != before["period"]
    assert Fraction(limits["day"] or "0") in after["period"]
    assert limits["person"] is None
    assert after["person"] > before["person"]
    assert owner.post(path, json=cap_form(ward, WARD)).status_code == 200
    assert by_kind(card(owner)) == before


def by_kind(shown: SourceCard) -> dict[str, list[Fraction]]:
    """Give the caps of all accounts of a kind."""
    kinds = {account.id.split("/")[0] for account in shown.accounts}
    return {
        kind: [Fraction(one.cap) for one in shown.accounts if one.id.startswith(f"{kind}/")]
        for kind in kinds
    }


def test_the_token_without_the_key_changes_no_cap(
    ward: Served, owner: httpx.Client, tmp_path: Path
) -> None:
    stranger = public_key(make_if_missing(tmp_path / "strange.key"))
    form = cap_form(ward, RAISED)
    forged = owner.post(f"{API}/sources/town/ward/caps", json=form | {"signature": "A" * 86 + "=="})
    strange = owner.post(f"{API}/sources/town/ward/caps", json=form | {"owner_key": stranger})
    asked = owner.post(f"{API}/policies/terms", json={"policy": RAISED, "owner_key": stranger})
    assert (forged.status_code, forged.json()["code"]) == (409, "signature.invalid")
    for reply in (strange, asked):
        assert (reply.status_code, reply.json()["code"]) == (403, "owner.key")


def test_an_address_changes_no_other_source(ward: Served, owner: httpx.Client) -> None:
    reply = owner.post(f"{API}/sources/town/other/caps", json=cap_form(ward, RAISED))
    assert (reply.status_code, reply.json()["code"]) == (422, "source.other")
    assert reply.json()["place"]["clause"] == "policy"


def test_terms_name_the_change_before_it_is_made(ward: Served, owner: httpx.Client) -> None:
    message = {"policy": LOWERED, "owner_key": public_key(ward.owner_key)}
    terms = owner.post(f"{API}/policies/terms", json=message).json()
    document, change = json.loads(terms["document"]), json.loads(terms["cap_change"])
    assert change["after"] == document["caps"]
    changed = {name for name in change["after"] if change["after"][name] != change["before"][name]}
    assert changed == {"day"}
    assert change["before"]["day"] == card(owner).limits["day"]


def test_a_policy_with_other_caps_waits_for_their_change(ward: Served, owner: httpx.Client) -> None:
    upload = owner.post(f"{API}/uploads", content=CSV.encode()).json()["id"]
    message = {"upload": upload, "form": "csv", **ward.signed(LOWERED)}
    reply = owner.post(f"{API}/datasets", json=message)
    assert (reply.status_code, reply.json()["code"]) == (409, "budget.cap_fixed")


def test_one_key_follows_another_and_the_old_one_is_done(
    ward: Served, owner: httpx.Client, tmp_path: Path
) -> None:
    old, new = ward.owner_key, make_if_missing(tmp_path / "new.key")
    shown = card(owner)
    form = key_form(shown, new, old, ward.site.origin)
    path = f"{API}/sources/town/ward/key"
    written = {
        "new_key": form.new_key,
        "old_signature": form.old_signature,
        "new_signature": form.new_signature,
    }
    swapped = written | {"old_signature": form.new_signature}
    assert owner.post(path, json=swapped).json()["code"] == "signature.invalid"
    reply = owner.post(path, json=written)
    assert (reply.status_code, reply.json()["owner_key"]) == (200, form.new_key)
    assert owner.post(path, json=written).json()["code"] == "signature.invalid"
    terms = owner.post(f"{API}/policies/terms", json={"policy": WARD, "owner_key": shown.owner_key})
    assert terms.json()["code"] == "owner.key"
    back = key_form(card(owner), old, new, ward.site.origin)
    restored = {
        "new_key": back.new_key,
        "old_signature": back.old_signature,
        "new_signature": back.new_signature,
    }
    assert owner.post(path, json=restored).status_code == 200


@pytest.mark.parametrize("key", ["", "none", "A" * 43, "A" * 44, "A" * 87 + "="])
def test_what_is_no_key_takes_nothing_over(owner: httpx.Client, key: str) -> None:
    form = {"new_key": key, "old_signature": "none", "new_signature": "none"}
    reply = owner.post(f"{API}/sources/town/ward/key", json=form)
    assert reply.status_code == 422
