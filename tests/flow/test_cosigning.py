"""Witnesses: what a site takes from them, what it shows of them, and when it stops without them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.client.witness_key import WitnessKey
from sandbox.errors import (
    BadInput,
    DataRangeError,
    NotFound,
    NotPermitted,
    Unavailable,
)
from sandbox.flow.ask import ask
from sandbox.flow.cosign import cosign
from sandbox.flow.publish import check_witnesses, newest_head, pending_head, witnessed_head
from sandbox.ledger.cosignature import find_cosignature
from sandbox.ledger.note import parts, read_checkpoint, verifier_key
from sandbox.model.principal import Principal, Role
from sandbox.settings import Witnessing
from sandbox.wire import CosignatureForm
from tests.support.town import Town, build_town, question
from tests.support.witnesses import ALPHA, BETA, GAMMA

KEYS = (ALPHA.public, BETA.public)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Town]:
    def making(**rules: object) -> Town:
        town = build_town(tmp_path, Witnessing(keys=KEYS, **rules))  # type: ignore[arg-type]
        town.describe()
        town.agree()
        return town

    return making


@pytest.fixture
def town(make: Callable[..., Town]) -> Town:
    return make(required=2, max_entries=3, max_age=timedelta(hours=1))


def size_of(checkpoint: str) -> int:
    return read_checkpoint(parts(checkpoint)[0]).size


def signed(town: Town, key: WitnessKey, head: str, *, ahead: int = 0) -> CosignatureForm:
    """Co-sign a head by the town's clock."""
    body = parts(head)[0]
    line = key.cosign(body, int(town.clock.now().timestamp()) + ahead).line
    return CosignatureForm(size=size_of(head), cosignature=line)


def hand_in(town: Town, form: CosignatureForm) -> str:
    return cosign(town.site, town.people[Role.AUDITOR], form)


def all_sign(town: Town) -> None:
    town.later(seconds=1)
    for key in (ALPHA, BETA):
        hand_in(town, signed(town, key, pending_head(town.site)))


def refusal(town: Town, form: CosignatureForm) -> str:
    before = pending_head(town.site), newest_head(town.site)
    with pytest.raises(DataRangeError) as refused:
        hand_in(town, form)
    assert (pending_head(town.site), newest_head(town.site)) == before
    return refused.value.code


def entry_more(town: Town) -> None:
    """Let the ledger grow by one entry that costs nothing."""
    town.describe(csv="person,site,age,cost,name\na,north,41,1,x\n")


def researcher(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


def test_a_head_is_served_with_what_witnesses_put_under_it(town: Town) -> None:
    carried = hand_in(town, signed(town, ALPHA, newest_head(town.site)))
    assert carried == newest_head(town.site) == pending_head(town.site)
    assert find_cosignature(carried, ALPHA.public).witness == ALPHA.name
    assert verifier_key(town.site.origin, town.site.ledger_signer.public).split("+")[0] in carried


def test_witnesses_who_come_at_different_times_meet_on_one_head(town: Town) -> None:
    begun = pending_head(town.site)
    hand_in(town, signed(town, ALPHA, begun))
    entry_more(town)
    assert size_of(pending_head(town.site)) == size_of(begun) < size_of(newest_head(town.site))
    with pytest.raises(NotFound, match="enough"):
        witnessed_head(town.site)
    hand_in(town, signed(town, BETA, pending_head(town.site)))
    done = witnessed_head(town.site)
    assert size_of(done) == size_of(begun)
    assert {find_cosignature(done, key).witness for key in KEYS} == {ALPHA.name, BETA.name}
    assert pending_head(town.site) == newest_head(town.site)


def test_a_witness_that_has_seen_more_takes_the_others_along(town: Town) -> None:
    """A co-signature lost on its way leaves a witness that cannot go back to the pending head."""
    hand_in(town, signed(town, ALPHA, pending_head(town.site)))
    entry_more(town)
    hand_in(town, signed(town, BETA, newest_head(town.site)))
    assert pending_head(town.site) == newest_head(town.site)
    agreed = newest_head(town.site)
    hand_in(town, signed(town, ALPHA, pending_head(town.site)))
    assert size_of(witnessed_head(town.site)) == size_of(agreed)


def test_without_demanded_witnesses_nothing_is_debited(town: Town) -> None:
    before = newest_head(town.site)
    with pytest.raises(Unavailable) as refused:
        ask(town.site, researcher(town), question())
    assert refused.value.code == "ledger.unwitnessed"
    hand_in(town, signed(town, ALPHA, pending_head(town.site)))
    with pytest.raises(Unavailable):
        ask(town.site, researcher(town), question())
    assert size_of(newest_head(town.site)) == size_of(before)
    hand_in(town, signed(town, BETA, pending_head(town.site)))
    assert ask(town.site, researcher(town), question())


def test_releases_stop_exactly_when_witnesses_lag_too_many_entries(town: Town) -> None:
    all_sign(town)
    # A debit and a release each: the second debit follows two entries, the third would four.
    for epsilon in ("0.11", "0.12"):
        assert ask(town.site, researcher(town), question(epsilon=epsilon))
    with pytest.raises(Unavailable) as refused:
        ask(town.site, researcher(town), question(epsilon="0.13"))
    assert refused.value.code == "ledger.unwitnessed"
    all_sign(town)
    assert ask(town.site, researcher(town), question(epsilon="0.13"))


def test_releases_stop_exactly_when_co_signatures_are_too_old(town: Town) -> None:
    all_sign(town)
    town.later(hours=1)
    assert ask(town.site, researcher(town), question(epsilon="0.11"))
    town.later(seconds=1)
    with pytest.raises(Unavailable):
        ask(town.site, researcher(town), question(epsilon="0.12"))


def test_an_idle_ledger_stays_in_sight_by_co_signing_it_again(town: Town) -> None:
    all_sign(town)
    town.later(minutes=50)
    all_sign(town)
    town.later(minutes=50)
    assert ask(town.site, researcher(town), question())


def test_stored_answers_and_refusals_need_no_witness(town: Town) -> None:
    all_sign(town)
    answer = ask(town.site, researcher(town), question())
    town.later(days=1)
    assert ask(town.site, researcher(town), question()) == answer
    with pytest.raises(DataRangeError) as refused:
        ask(town.site, researcher(town), question(epsilon="1.5"))
    assert refused.value.code == "refused"


def test_by_default_nobody_has_to_watch(make: Callable[..., Town]) -> None:
    town = make()
    assert ask(town.site, researcher(town), question())
    newest = newest_head(town.site)
    hand_in(town, signed(town, ALPHA, newest))
    assert size_of(witnessed_head(town.site)) == size_of(newest)


def test_a_witness_who_is_no_longer_configured_does_not_count(town: Town) -> None:
    all_sign(town)
    site = replace(town.site, witnessing=Witnessing((ALPHA.public, GAMMA.public), 2))
    with pytest.raises(Unavailable):
        ask(site, researcher(town), question())
    with pytest.raises(NotFound):
        witnessed_head(site)


# Lies.


def test_a_replayed_co_signature_is_refused(town: Town) -> None:
    form = signed(town, ALPHA, pending_head(town.site))
    hand_in(town, form)
    assert refusal(town, form) == "witness.replayed"
    later = signed(town, ALPHA, pending_head(town.site), ahead=1)
    hand_in(town, later)
    assert refusal(town, form) == "witness.replayed"


def test_a_co_signature_of_a_head_that_was_passed_is_refused(town: Town) -> None:
    old = [signed(town, key, pending_head(town.site)) for key in (ALPHA, BETA)]
    entry_more(town)
    all_sign(town)
    assert {refusal(town, form) for form in old} == {"witness.moved_on"}


def test_a_co_signature_of_another_head_is_refused(town: Town) -> None:
    newest = newest_head(town.site)
    other = signed(town, ALPHA, newest)
    entry_more(town)
    forged = CosignatureForm(size=size_of(newest_head(town.site)), cosignature=other.cosignature)
    assert refusal(town, forged) == "witness.signature"


def test_a_co_signature_by_another_key_is_refused(town: Town) -> None:
    newest = newest_head(town.site)
    assert refusal(town, signed(town, GAMMA, newest)) == "witness.unknown"
    mallory = WitnessKey(ALPHA.name, b"m" * 32)
    assert refusal(town, signed(town, mallory, newest)) == "witness.unknown"


def test_a_forged_signature_under_a_true_key_s_name_is_refused(town: Town) -> None:
    form = signed(town, ALPHA, newest_head(town.site))
    for place in range(len(form.cosignature) - 8, len(form.cosignature) - 2):
        sign = "A" if form.cosignature[place] != "A" else "B"
        line = form.cosignature[:place] + sign + form.cosignature[place + 1 :]
        code = refusal(town, CosignatureForm(size=form.size, cosignature=line))
        assert code in {"witness.signature", "checkpoint.malformed"}


def test_a_co_signature_from_the_future_is_refused(town: Town) -> None:
    """It would keep the site open after the witness has gone."""
    head = newest_head(town.site)
    assert refusal(town, signed(town, ALPHA, head, ahead=301)) == "witness.clock"
    assert hand_in(town, signed(town, ALPHA, head, ahead=300))


@pytest.mark.parametrize("size", [-1, 0, 1_000_000, 2**63])
def test_a_head_that_is_not_there_cannot_be_co_signed(town: Town, size: int) -> None:
    form = signed(town, ALPHA, newest_head(town.site))
    away = CosignatureForm(size=size, cosignature=form.cosignature)
    assert refusal(town, away) == "witness.moved_on"


@pytest.mark.parametrize("line", ["", "nonsense", "— a b", "— a AAAA\n— b AAAA", "\ud800"])
def test_what_is_no_signature_line_is_refused(town: Town, line: str) -> None:
    form = CosignatureForm(size=size_of(newest_head(town.site)), cosignature=line)
    assert refusal(town, form) == "checkpoint.malformed"


def test_only_auditors_hand_co_signatures_in(town: Town) -> None:
    form = signed(town, ALPHA, newest_head(town.site))
    for role in set(Role) - {Role.AUDITOR}:
        with pytest.raises(NotPermitted):
            cosign(town.site, town.people[role], form)


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (Witnessing((), 1), "witness.rules"),
        (Witnessing(KEYS, 3), "witness.rules"),
        (Witnessing(KEYS, -1), "witness.rules"),
        (Witnessing((ALPHA.public, ALPHA.public), 2), "witness.rules"),
        (Witnessing(("nonsense",)), "key.malformed"),
        (Witnessing((verifier_key("log", b"l" * 32),)), "key.malformed"),
    ],
)
def test_a_choice_of_witnesses_that_promises_nothing_is_refused(
    rules: Witnessing, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        check_witnesses(rules)
    assert refused.value.code == code


def test_one_key_under_two_names_is_one_witness() -> None:
    twice = WitnessKey("other.example/w", b"alpha".ljust(32, b"."))
    with pytest.raises(BadInput):
        check_witnesses(Witnessing((ALPHA.public, twice.public), 2))


def test_the_ledger_itself_says_who_had_seen_how_much_of_it(town: Town) -> None:
    begun = pending_head(town.site)
    hand_in(town, signed(town, ALPHA, begun))
    assert town.entries("anchor") == []
    hand_in(town, signed(town, BETA, begun))
    (anchor,) = town.entries("anchor")
    assert anchor["size"] == size_of(begun)
    assert anchor["root"] == read_checkpoint(parts(begun)[0]).root.hex()
    assert sorted(anchor["keys"]) == sorted(KEYS)
    town.later(minutes=1)
    hand_in(town, signed(town, ALPHA, begun))
    assert len(town.entries("anchor")) == 1
    town.audit()


def test_an_idle_ledger_does_not_grow_with_every_visit(make: Callable[..., Town]) -> None:
    town = make(required=1)
    for _ in range(3):
        hand_in(town, signed(town, ALPHA, pending_head(town.site)))
        town.later(minutes=1)
    assert len(town.entries("anchor")) == 1
    entry_more(town)
    hand_in(town, signed(town, ALPHA, pending_head(town.site)))
    assert len(town.entries("anchor")) == 2
