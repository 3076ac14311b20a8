"""Accounts of the site's own: Argon2id, one answer to every wrong try, closed means out."""

import statistics
from dataclasses import replace
from time import perf_counter

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, NotSignedIn
from sandbox.flow.enrol import (
    accounts,
    change_password,
    close_account,
    open_account,
    reset_password,
)
from sandbox.flow.passwords import is_outdated, matches, verifier_of
from sandbox.flow.permit import admit_caller
from sandbox.flow.sign_in import sign_in, sign_in_browser
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Principal, Role
from sandbox.model.token import SESSION, Means
from tests.support.people import PASSWORD, enrol
from tests.support.town import CountedChance, Town

NEW = "another horse, another battery"


def refused(town: Town, name: str, password: str) -> tuple[str, str]:
    with pytest.raises(NotSignedIn) as refusal:
        sign_in(town.site, name, password)
    return refusal.value.code, refusal.value.message


def administrator(town: Town) -> Principal:
    return town.people[Role.ADMINISTRATOR]


def test_a_name_and_a_password_become_a_token_of_the_accounts_role(town: Town) -> None:
    name = enrol(town, "梅", Role.AUDITOR)
    issued = sign_in(town.site, name, PASSWORD, days=3)
    principal = admit_caller(town.site, issued.secret)
    assert (principal.name, principal.role) == ("梅", Role.AUDITOR)
    assert issued.token.expires is not None
    assert (issued.token.expires - town.clock.now()).days == 3


def test_a_session_is_no_token_and_a_token_no_session(town: Town) -> None:
    name = enrol(town)
    session, token = sign_in_browser(town.site, name, PASSWORD), sign_in(town.site, name, PASSWORD)
    assert session.token.expires == town.clock.now() + SESSION
    assert admit_caller(town.site, session.secret, Means.SESSION).name == name
    for secret, means in ((session.secret, Means.TOKEN), (token.secret, Means.SESSION)):
        with pytest.raises(NotSignedIn) as refusal:
            admit_caller(town.site, secret, means)
        assert refusal.value.code == "token.unknown"


def test_every_wrong_try_gets_the_same_answer(town: Town) -> None:
    enrol(town)
    enrol(town, "gone")
    close_account(town.site, administrator(town), "gone")
    tries = [
        ("mei", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("", ""),
        ("Mei", PASSWORD),
        ("mei\0", PASSWORD),
        ("\ud800", "\ud800"),
        ("mei", PASSWORD + " " * 5000),
        (town.people[Role.OWNER].name, PASSWORD),
    ]
    assert {refused(town, *each) for each in tries} == {
        ("account.wrong", "Name or password is not right")
    }


@pytest.mark.slow
def test_a_name_without_an_account_takes_as_long_as_a_wrong_password(town: Town) -> None:
    enrol(town)
    spent: dict[str, list[float]] = {"mei": [], "nobody": []}
    for _ in range(15):
        for name, times in spent.items():
            begun = perf_counter()
            refused(town, name, "wrong")
            times.append(perf_counter() - begun)
    known, unknown = (min(times) for times in spent.values())
    assert 0.6 < known / unknown < 1.67
    begun = perf_counter()
    matches("$argon2id$broken", "wrong")
    without_work = perf_counter() - begun
    assert without_work < 0.2 * statistics.median(spent["nobody"])


def test_a_password_is_kept_as_owasp_says(town: Town) -> None:
    enrol(town)
    with town.site.books.read() as page:
        login = page.logins.get(PrincipalName("mei"))
    parameters = extract_parameters(login.verifier)
    assert login.verifier.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (parameters.memory_cost, parameters.time_cost) >= (19 * 1024, 2)
    assert PASSWORD not in repr(login)
    assert login.verifier not in repr(login)


def test_a_verifier_of_other_parameters_is_made_anew_at_the_next_sign_in(town: Town) -> None:
    name = PrincipalName(enrol(town))
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with town.site.books.write() as page:
        page.logins.replace(name, replace(page.logins.get(name), verifier=old))
    refused(town, name, "wrong")
    with town.site.books.read() as page:
        assert page.logins.get(name).verifier == old
    sign_in(town.site, name, PASSWORD)
    with town.site.books.read() as page:
        kept = page.logins.get(name).verifier
    assert not is_outdated(kept)
    assert matches(kept, PASSWORD)


@pytest.mark.parametrize("password", ["short", "a" * 20, "mei mei mei mei mei", "x" * 257, ""])
def test_weak_passwords_are_refused(town: Town, password: str) -> None:
    with pytest.raises(BadInput) as refusal:
        open_account(town.site, administrator(town), "mei", "researcher", password)
    assert refusal.value.code == "password.weak"
    assert not password or password not in refusal.value.message


@given(st.text(min_size=15, max_size=60).filter(lambda text: len(set(text)) > 12))
def test_any_script_makes_a_password_however_it_is_composed(password: str) -> None:
    try:
        verifier = verifier_of(password, "\N{SNOWMAN}", CountedChance())
    except BadInput:
        return
    assert matches(verifier, password)
    assert not matches(verifier, password + "x")


def test_closing_an_account_ends_all_of_its_tokens_at_once(town: Town) -> None:
    name = enrol(town)
    secrets = [
        (sign_in(town.site, name, PASSWORD).secret, Means.TOKEN),
        (sign_in_browser(town.site, name, PASSWORD).secret, Means.SESSION),
    ]
    close_account(town.site, administrator(town), name)
    for secret, means in secrets:
        with pytest.raises(NotSignedIn) as refusal:
            admit_caller(town.site, secret, means)
        assert refusal.value.code == "token.revoked"
    refused(town, name, PASSWORD)
    (listed,) = accounts(town.site, administrator(town)).values
    assert listed.closed == town.clock.now()


def test_a_changed_password_ends_all_other_tokens(town: Town) -> None:
    name = enrol(town)
    stolen = sign_in(town.site, name, PASSWORD).secret
    own = sign_in(town.site, name, PASSWORD).secret
    caller = admit_caller(town.site, own)
    with pytest.raises(NotSignedIn):
        change_password(town.site, caller, "wrong", NEW)
    change_password(town.site, caller, PASSWORD, NEW)
    assert admit_caller(town.site, own).name == name
    with pytest.raises(NotSignedIn):
        admit_caller(town.site, stolen)
    refused(town, name, PASSWORD)
    sign_in(town.site, name, NEW)


def test_a_reset_shuts_out_whoever_knew_the_old_password(town: Town) -> None:
    name = enrol(town)
    old = sign_in(town.site, name, PASSWORD).secret
    reset_password(town.site, administrator(town), name, NEW)
    with pytest.raises(NotSignedIn):
        admit_caller(town.site, old)
    refused(town, name, PASSWORD)
    sign_in(town.site, name, NEW)
    with pytest.raises(NotFound):
        reset_password(town.site, administrator(town), "nobody", NEW)


def test_an_account_is_opened_once_and_in_one_role(town: Town) -> None:
    enrol(town)
    with pytest.raises(Conflict) as refusal:
        enrol(town)
    assert refusal.value.code == "account.exists"
    with pytest.raises(Conflict) as refusal:
        enrol(town, town.people[Role.OWNER].name, Role.STEWARD)
    assert refusal.value.code == "role.second"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_administrators_see_and_change_accounts(town: Town, role: Role) -> None:
    name, caller = enrol(town), town.people[role]
    for attempt in (
        lambda: accounts(town.site, caller),
        lambda: open_account(town.site, caller, "x", "owner", NEW),
        lambda: close_account(town.site, caller, name),
        lambda: close_account(town.site, caller, "nobody"),
        lambda: reset_password(town.site, caller, name, NEW),
    ):
        with pytest.raises(NotPermitted) as refusal:
            attempt()
        assert refusal.value.code == "role.missing"
    sign_in(town.site, name, PASSWORD)
