"""A token for one agreement is good for that agreement alone, and ends with it."""

from datetime import timedelta

import pytest

from sandbox.errors import Conflict, NotFound, NotPermitted, NotSignedIn, Refused
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask, find_submission
from sandbox.flow.dispose import dispose
from sandbox.flow.end import end_all
from sandbox.flow.explain import explain
from sandbox.flow.permit import admit_caller
from sandbox.flow.revoke import issue, issue_under, tokens_of
from sandbox.model.principal import Principal, Role
from tests.flow.test_budget_tree import asking
from tests.flow.test_expiry import expire
from tests.support.town import Town


def bound(town: Town, agreement: str, days: int = 30) -> tuple[str, Principal]:
    secret = issue_under(town.site, town.people[Role.RESEARCHER], agreement, days, "notebook")
    return secret.secret, admit_caller(town.site, secret.secret)


def test_it_explains_asks_and_collects_under_its_agreement_and_no_other(town: Town) -> None:
    town.describe()
    mine, another = town.agree(), town.agree()
    _, caller = bound(town, mine.id)
    explain(town.site, caller, asking(1, "0.5"))
    ask(town.site, caller, asking(1, "0.5"))
    (release,) = town.entries("release")
    find_submission(town.site, caller, release["submission"])
    assert [entry["agreement"] for entry in town.entries("debit")] == [mine.id]
    for step in (explain, ask):
        with pytest.raises(NotFound):
            step(town.site, caller, asking(2, "0.2", agreement=another.id))
    ask(town.site, town.people[Role.RESEARCHER], asking(3, "0.2", agreement=another.id))
    elsewhere = town.entries("release")[-1]["submission"]
    with pytest.raises(NotFound):
        find_submission(town.site, caller, elsewhere)


def test_it_is_good_for_nothing_else(town: Town) -> None:
    town.describe()
    mine = town.agree()
    _, caller = bound(town, mine.id)
    with pytest.raises(NotPermitted) as refused:
        apply(town.site, caller, town.form())
    assert refused.value.code == "rule.forbids"
    assert "token for one agreement" in refused.value.message
    with pytest.raises(NotPermitted):
        dispose(town.site, caller, mine.id, "All copies are gone")
    with pytest.raises(NotPermitted):
        issue(town.site, caller, 30, "")
    with pytest.raises(NotPermitted):
        tokens_of(town.site, caller)


def test_it_lasts_no_longer_than_the_last_day(town: Town) -> None:
    town.describe()
    mine = town.agree()
    secret, _ = bound(town, mine.id, days=366)
    town.clock.time = town.clock.time.replace(month=12, day=31, hour=23, minute=59, second=59)
    admit_caller(town.site, secret)
    town.clock.time += timedelta(seconds=1)
    with pytest.raises(NotSignedIn) as dead:
        admit_caller(town.site, secret)
    assert dead.value.code == "token.expired"
    end_all(town.site)
    with pytest.raises(NotSignedIn) as dead:
        admit_caller(town.site, secret)
    assert dead.value.code == "token.revoked"
    (certificate,) = town.entries("certificate")
    assert certificate["tokens"] == 1


def test_it_ends_with_a_disposal_and_its_holders_other_tokens_stay(town: Town) -> None:
    town.describe()
    mine = town.agree()
    researcher = town.people[Role.RESEARCHER]
    free = issue(town.site, researcher, 30, "").secret
    secret, caller = bound(town, mine.id)
    dispose(town.site, researcher, mine.id, "All copies are gone")
    with pytest.raises(NotSignedIn) as dead:
        admit_caller(town.site, secret)
    assert dead.value.code == "token.revoked"
    assert admit_caller(town.site, free).name == researcher.name
    with pytest.raises(Refused):
        ask(town.site, caller, asking(1, "0.5", agreement=mine.id))


def test_it_is_issued_by_an_agreements_researcher_while_it_is_in_force(town: Town) -> None:
    town.describe()
    mine = town.agree()
    researcher = town.people[Role.RESEARCHER]
    with pytest.raises(NotFound):
        issue_under(town.site, town.newcomer("second"), mine.id, 30, "")
    with pytest.raises(NotFound):
        issue_under(town.site, researcher, "none", 30, "")
    for other in (Role.STEWARD, Role.AUDITOR, Role.OWNER):
        with pytest.raises(Conflict):
            issue_under(town.site, town.people[other], mine.id, 30, "")
    expire(town)
    with pytest.raises(Conflict) as over:
        issue_under(town.site, researcher, mine.id, 30, "")
    assert over.value.code == "agreement.not_in_force"
