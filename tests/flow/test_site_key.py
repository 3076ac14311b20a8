"""The site's own key changes: both keys sign, offers follow, what was signed goes on holding."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.errors import Conflict, NotVerified
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask
from sandbox.flow.rekey_site import Rekeyed, key_in_force, rekey_site
from sandbox.flow.seal import public_text, sealed
from sandbox.flow.sign import sign
from sandbox.ledger.replay import replay
from sandbox.ledger.signing import agreement_message, check, key_message
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.names import AgreementId
from sandbox.model.principal import Role
from sandbox.model.site_key import SiteKey
from sandbox.store.memory import MemoryBooks
from tests.support.town import KeySigner, Town, build_town, question


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = build_town(tmp_path)
    town.describe()
    return town


def rekeyed(town: Town) -> Rekeyed:
    """Change the key, and let the town's site sign with the new one."""
    successor = KeySigner()
    done = rekey_site(town.site, successor)
    town.site = replace(town.site, site_signer=successor)
    return done


def offered(town: Town) -> Agreement:
    application = apply(town.site, town.people[Role.RESEARCHER], town.form())
    return found(town, town.grant(application.id).agreement or "")


def found(town: Town, id: str) -> Agreement:  # noqa: A002  (the field's name)
    with town.site.books.read() as page:
        return page.agreements.get(AgreementId(id))


def signed(town: Town, offer: Agreement) -> Agreement:
    signature = base64.b64encode(town.key.sign(agreement_message(offer.digest))).decode()
    return sign(town.site, town.people[Role.RESEARCHER], offer.id, signature)


def test_both_keys_sign_and_the_books_name_the_new_one(town: Town) -> None:
    old = public_text(town.site.site_signer)
    done = rekeyed(town)
    (entry,) = town.entries("key_change")
    terms = {name: entry[name] for name in ("origin", "subject", "change", "old_key", "new_key")}
    assert terms == {
        "origin": town.site.origin,
        "subject": "site",
        "change": 1,
        "old_key": old,
        "new_key": done.key.public,
    }
    check(old, entry["old_signature"], key_message(terms))
    check(done.key.public, entry["new_signature"], key_message(terms))
    with town.site.books.read() as page:
        assert key_in_force(page) == done.key
    town.audit()


def test_agreements_of_both_keys_stand_side_by_side(town: Town) -> None:
    before = town.agree()
    rekeyed(town)
    after = town.agree()
    assert before.site_key != after.site_key == public_text(town.site.site_signer)
    for agreement in (before, after):
        ask(
            town.site,
            town.people[Role.RESEARCHER],
            question(agreement=agreement.id, epsilon="0.1"),
        )
    assert len(town.entries("release")) == 2
    town.audit()


def test_an_open_offer_is_signed_anew_and_comes_into_force(town: Town) -> None:
    before = offered(town)
    assert rekeyed(town).reoffered == 1
    after = found(town, before.id)
    assert after.clauses == before.clauses
    assert after.digest != before.digest
    assert signed(town, after).state is AgreementState.IN_FORCE
    town.audit()


def test_a_signature_under_the_offer_of_the_old_key_binds_nobody(town: Town) -> None:
    before = offered(town)
    rekeyed(town)
    with pytest.raises(NotVerified):
        signed(town, before)
    assert not town.entries("agreement")


def test_what_is_signed_already_is_not_touched(town: Town) -> None:
    before = town.agree()
    assert rekeyed(town).reoffered == 0
    assert found(town, before.id) == before


def test_changes_follow_one_another(town: Town) -> None:
    assert [rekeyed(town).key.changes for _ in range(3)] == [1, 2, 3]
    town.agree()
    town.audit()


def test_a_site_that_holds_an_old_key_cannot_name_a_successor(town: Town) -> None:
    stale = town.site
    rekeyed(town)
    with pytest.raises(Conflict) as refused:
        rekey_site(stale, KeySigner())
    assert refused.value.code == "site.key"
    assert len(town.entries("key_change")) == 1


def test_a_site_that_was_never_founded_has_no_key_to_change(town: Town) -> None:
    with pytest.raises(Conflict) as refused:
        rekey_site(replace(town.site, books=MemoryBooks()), KeySigner())
    assert refused.value.code == "site.not_founded"


def forged_offer(town: Town, thief: KeySigner) -> None:
    """Let the thief of a site's key, who also writes in the books, offer an agreement by it."""
    offer = offered(town)
    with town.site.books.write() as page:
        page.agreements.replace(offer.id, sealed(offer, thief))
    signed(town, found(town, offer.id))


def forged_change(town: Town, thief: KeySigner) -> None:
    """Let the thief name the next key once more."""
    with town.site.books.write() as page:
        page.site_keys.replace("site", SiteKey(public_text(thief), changes=1))
    rekey_site(replace(town.site, site_signer=thief), KeySigner())


@pytest.mark.parametrize(
    ("forge", "codes"),
    [(forged_offer, {"agreement.site_signature"}), (forged_change, {"key.old"})],
)
def test_a_stolen_key_is_of_no_use_after_its_change(
    town: Town, forge: Callable[[Town, KeySigner], None], codes: set[str]
) -> None:
    stolen = town.site.site_signer
    assert isinstance(stolen, KeySigner)
    rekeyed(town)
    forge(town, stolen)
    replayed = replay(enumerate(town.entries()))
    assert {one.code for one in replayed.found if one.severity == "error"} == codes
