"""Tokens end when they say, at once when they are revoked, and are never shown again."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, NotSignedIn
from sandbox.flow.found import found
from sandbox.flow.permit import admit, admit_caller, token_id
from sandbox.flow.revoke import Issued, issue, issue_for, revoke, tokens_of
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Principal, Role
from sandbox.model.token import DEFAULT_DAYS, MAX_DAYS, Token
from tests.support.people import enrol
from tests.support.town import Town


def code_of(town: Town, secret: str) -> str:
    with pytest.raises(NotSignedIn) as refusal:
        admit_caller(town.site, secret)
    return refusal.value.code


def researcher(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


def administrator(town: Town) -> Principal:
    return town.people[Role.ADMINISTRATOR]


def fresh(town: Town, days: int | None = None, label: str = "") -> Issued:
    return issue(town.site, researcher(town), days, label)


def test_a_token_lasts_thirty_days_unless_its_holder_chooses(town: Town) -> None:
    for days, expected in ((None, DEFAULT_DAYS), (1, 1), (MAX_DAYS, MAX_DAYS)):
        token = fresh(town, days).token
        assert token.expires == town.clock.now() + timedelta(days=expected)
    assert DEFAULT_DAYS == 30


@pytest.mark.parametrize("days", [0, -1, MAX_DAYS + 1])
def test_a_token_has_an_end_that_one_lives_to_see(town: Town, days: int) -> None:
    with pytest.raises(BadInput) as refusal:
        fresh(town, days)
    assert refusal.value.code == "token.days"


def test_a_token_opens_the_door_to_its_last_microsecond_and_no_longer(town: Town) -> None:
    secret = fresh(town, 1).secret
    town.later(days=1, microseconds=-1)
    assert admit_caller(town.site, secret).name == researcher(town).name
    town.later(microseconds=1)
    assert code_of(town, secret) == "token.expired"


def test_a_revoked_token_is_out_at_once_and_only_it(town: Town) -> None:
    one, other = fresh(town), fresh(town)
    ended = revoke(town.site, researcher(town), one.token.id)
    assert (ended.revoked, ended.revoked_by) == (town.clock.now(), researcher(town).name)
    assert code_of(town, one.secret) == "token.revoked"
    assert admit_caller(town.site, other.secret).token == other.token.id


def test_a_revocation_stays_as_it_was_first_written(town: Town) -> None:
    token = fresh(town).token
    first = revoke(town.site, researcher(town), token.id)
    town.later(days=1)
    assert revoke(town.site, administrator(town), token.id) == first


def test_an_administrator_revokes_anybodys_token(town: Town) -> None:
    issued = fresh(town)
    revoke(town.site, administrator(town), issued.token.id)
    assert code_of(town, issued.secret) == "token.revoked"


@pytest.mark.parametrize("role", [Role.OWNER, Role.STEWARD, Role.RESEARCHER, Role.AUDITOR])
def test_anothers_token_reads_like_none(town: Town, role: Role) -> None:
    other = fresh(town) if role is not Role.RESEARCHER else None
    theirs = other.token.id if other else str(town.newcomer("somebody").token)
    said = []
    for id in (theirs, "0" * 32, "' OR 1=1 --", "\0", "\ud800"):  # noqa: A001
        with pytest.raises(NotFound) as refusal:
            revoke(town.site, town.people[role], id)
        said.append((refusal.value.code, refusal.value.message))
    assert len(set(said)) == 1


def test_a_list_has_ones_own_tokens_and_an_administrators_all(town: Town) -> None:
    issued = fresh(town, label="笔记本")
    own = tokens_of(town.site, researcher(town)).values
    assert {token.name for token in own} == {researcher(town).name}
    assert own[-1].label == "笔记本"
    everybody = tokens_of(town.site, administrator(town)).values
    assert {token.role for token in everybody} == set(Role)
    assert issued.secret not in repr((own, everybody, issued, [asdict(one) for one in own]))


def test_a_label_is_one_short_line(town: Town) -> None:
    for label in ("x" * 101, "a\nb", "\x1b[31m", "\u202e"):
        with pytest.raises(BadInput) as refusal:
            fresh(town, label=label)
        assert refusal.value.code == "token.label"


def test_the_last_use_is_noted_to_the_hour(town: Town) -> None:
    issued = fresh(town)
    town.later(minutes=150)
    admit_caller(town.site, issued.secret)
    town.later(minutes=20)
    admit_caller(town.site, issued.secret)
    own = tokens_of(town.site, researcher(town)).values
    (noted,) = (one for one in own if one.id == issued.token.id)
    assert noted.used == town.clock.now().replace(hour=11, minute=0)


def test_a_token_of_old_books_has_no_end_and_can_be_revoked(town: Town) -> None:
    secret = "dr-researcher-old"  # noqa: S105
    old = Token(token_id(secret), PrincipalName("old-hand"), Role.RESEARCHER, town.clock.now())
    with town.site.books.write() as page:
        page.tokens.add(old.id, old)
    town.later(days=4000)
    assert admit_caller(town.site, secret).name == "old-hand"
    revoke(town.site, administrator(town), old.id)
    assert code_of(town, secret) == "token.revoked"


def test_only_an_administrator_issues_for_others(town: Town) -> None:
    issued = issue_for(town.site, administrator(town), "mei", "researcher", 7, "")
    assert issued.token.issued_by == administrator(town).name
    assert admit_caller(town.site, issued.secret).role is Role.RESEARCHER
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(NotPermitted) as refusal:
            issue_for(town.site, town.people[role], "mei", "researcher", 7, "")
        assert refusal.value.code == "role.missing"
        assert "Administrators" in refusal.value.reasons[0].message


def test_a_name_works_in_one_role(town: Town) -> None:
    issue_for(town.site, administrator(town), "mei", "researcher", None, "")
    for role in ("auditor", "steward", "administrator"):
        with pytest.raises(Conflict) as refusal:
            issue_for(town.site, administrator(town), "mei", role, None, "")
        assert refusal.value.code == "role.second"
    with pytest.raises(BadInput):
        issue_for(town.site, administrator(town), "mei", "root", None, "")


def test_nobody_issues_in_the_name_of_somebody_with_a_password(town: Town) -> None:
    """An administrator would read that person's answers."""
    name = enrol(town)
    with pytest.raises(Conflict) as refusal:
        issue_for(town.site, administrator(town), name, "researcher", None, "")
    assert refusal.value.code == "account.exists"


def test_the_first_tokens_include_an_administrators_and_end_too(town: Town) -> None:
    assert set(town.people) == set(Role)
    assert found(town.site) == {}
    with town.site.books.write() as page:
        secret = admit(town.site, page, "later", Role.AUDITOR)
    town.later(days=DEFAULT_DAYS)
    assert code_of(town, secret) == "token.expired"


def test_the_books_never_hold_a_token(town: Town) -> None:
    issued = fresh(town)
    with town.site.books.read() as page:
        assert issued.secret not in repr(list(page.tokens))
        assert page.tokens.find(token_id(issued.secret)) == issued.token
