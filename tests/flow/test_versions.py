"""Versions of an agreement: who may change it, what goes on under it, what is owed at its end."""

import base64
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from fractions import Fraction
from functools import partial

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, NotVerified, Refused, Unavailable
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask
from sandbox.flow.certify import certificate_of
from sandbox.flow.decide import decide
from sandbox.flow.dispose import dispose
from sandbox.flow.draft import draft, edit, submit
from sandbox.flow.erase import erase
from sandbox.flow.feedback import due_by, feedback_on, feedback_state, file_feedback
from sandbox.flow.sign import sign
from sandbox.ledger.certificate import verify_certificate
from sandbox.ledger.note import verifier_key
from sandbox.ledger.signing import agreement_message
from sandbox.model.account import agreement_account
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.names import AgreementId, ApplicationId
from sandbox.model.principal import Principal, Role
from sandbox.model.step import Step
from sandbox.web.application_cards import application_card
from tests.flow.test_budget_tree import asking
from tests.flow.test_expiry import AtStep, expire
from tests.support.town import POLICY, Town

PLAINS = "town/plains"
OTHER_SOURCE = POLICY.replace("town/clinic", PLAINS).replace("ACCOUNTING", "zcdp")


@pytest.fixture
def agreed(town: Town) -> Agreement:
    town.describe()
    return town.agree()


def me(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


def known(town: Town, id: str) -> Agreement:  # noqa: A002
    with town.site.books.read() as page:
        return page.agreements.get(AgreementId(id))


def offered(town: Town, **changes: object) -> Agreement:
    application = apply(town.site, me(town), town.form(**changes))
    granted = town.grant(application.id)
    return known(town, granted.agreement or "")


def signed(town: Town, offer: Agreement) -> Agreement:
    signature = base64.b64encode(town.key.sign(agreement_message(offer.digest))).decode()
    return sign(town.site, me(town), offer.id, signature)


def spent(town: Town, agreement: Agreement) -> Fraction:
    return town.account(agreement_account(agreement.root)).spent


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises((BadInput, Conflict, NotFound, NotVerified)) as refusal:
        deed()
    return refusal.value.code


def test_a_change_is_the_next_version_at_the_same_account(town: Town, agreed: Agreement) -> None:
    ask(town.site, me(town), asking(1, "0.5"))
    before = spent(town, agreed)
    changed = signed(town, offered(town, amends=agreed.id, ends="2027-03-31"))
    assert (changed.id, changed.amends, changed.version) == (f"{agreed.id}.2", agreed.id, 2)
    assert known(town, agreed.id).state is AgreementState.SUPERSEDED
    assert spent(town, changed) == before > 0
    ask(town.site, me(town), asking(2, "0.25", agreement=agreed.id))
    assert [entry["agreement"] for entry in town.entries("debit")] == [agreed.id, changed.id]
    assert spent(town, changed) > before
    third = signed(town, offered(town, amends=agreed.id, purpose="teaching"))
    assert (third.id, third.amends) == (f"{agreed.id}.3", changed.id)
    town.audit()


def test_both_texts_and_the_document_say_which_version_this_is(
    town: Town, agreed: Agreement
) -> None:
    from sandbox.flow.clauses import chinese, document_of, english  # noqa: PLC0415

    changed = offered(town, amends=agreed.id)
    assert f"No. {changed.id}, version 2, in place of {agreed.id}" in english(changed)
    assert f"编号：{changed.id}（第 2 版），自签署之日起取代 {agreed.id}" in chinese(changed)
    assert f'"amends":"{agreed.id}"'.encode() in document_of(changed)
    assert changed.digest != agreed.digest


def test_the_same_question_is_not_paid_twice_in_two_versions(town: Town, agreed: Agreement) -> None:
    first = ask(town.site, me(town), asking(1, "0.5"))
    changed = signed(town, offered(town, amends=agreed.id))
    assert ask(town.site, me(town), asking(1, "0.5", agreement=changed.id)) == first
    assert len(town.entries("debit")) == 1
    town.audit()


def test_a_change_refills_nothing(town: Town, agreed: Agreement) -> None:
    cap = town.account(agreement_account(agreed.root)).cap
    ask(town.site, me(town), asking(1, "1"))
    signed(town, offered(town, amends=agreed.id))
    with pytest.raises(Refused) as refusal:
        ask(town.site, me(town), asking(2, "1"))
    assert {one.code for one in refusal.value.reasons} == {"budget.exceeded"}
    assert town.account(agreement_account(agreed.root)).cap == cap
    town.audit()


def test_a_cap_that_the_owner_lowered_holds_from_the_change_on_but_never_below_what_is_spent(
    town: Town, agreed: Agreement
) -> None:
    ask(town.site, me(town), asking(1, "1"))
    before = spent(town, agreed)
    lower = "per_agreement: {epsilon: 0.5}\n  per_submission: {epsilon: 0.5}"
    policy = POLICY.replace("per_agreement: {epsilon: 1}\n  per_submission: {epsilon: 1}", lower)
    town.describe(policy=policy)
    changed = signed(town, offered(town, amends=agreed.id))
    account = town.account(agreement_account(changed.root))
    assert account.cap == account.spent == before
    town.audit()


def test_nobody_changes_or_renews_what_is_anothers(town: Town, agreed: Agreement) -> None:
    stranger = town.newcomer("stranger")
    for clause in ("amends", "renews"):
        form = town.form(**{clause: agreed.id})
        assert refused(partial(apply, town.site, stranger, form)) == "agreement.unknown"
        assert refused(partial(draft, town.site, stranger, form)) == "agreement.unknown"
    begun = draft(town.site, stranger, town.form())
    form = town.form(amends=agreed.id)
    assert refused(lambda: edit(town.site, stranger, begun.id, form)) == "agreement.unknown"
    form = town.form(amends="no such", renews="")
    assert refused(lambda: apply(town.site, me(town), form)) == "agreement.unknown"


def test_of_two_changes_at_once_the_second_one_signed_fails(town: Town, agreed: Agreement) -> None:
    one, two = (offered(town, amends=agreed.id, scenario=text) for text in ("One", "Two"))
    assert {one.id, two.id} == {f"{agreed.id}.2", f"{agreed.id}.3"}
    signed(town, two)
    assert refused(lambda: signed(town, one)) == "agreement.superseded"
    assert known(town, one.id).state is AgreementState.OFFERED
    ask(town.site, me(town), asking(1, "0.5", agreement=agreed.id))
    assert town.entries("debit")[0]["agreement"] == two.id
    third = signed(town, offered(town, amends=agreed.id))
    assert (third.id, third.amends) == (f"{agreed.id}.4", two.id)
    town.audit()


def test_a_change_of_what_was_changed_meanwhile_is_not_granted(
    town: Town, agreed: Agreement
) -> None:
    late = apply(town.site, me(town), town.form(amends=agreed.id))
    signed(town, offered(town, amends=agreed.id))
    assert refused(lambda: town.grant(late.id)) == "agreement.superseded"
    decide(town.site, town.people[Role.STEWARD], late.id, grant=False, reason="Apply anew")


@pytest.mark.parametrize("end", ["disposal", "last day"])
def test_nothing_is_changed_once_it_is_over(town: Town, agreed: Agreement, end: str) -> None:
    offer = offered(town, amends=agreed.id, ends="2028-12-31")
    waiting = draft(town.site, me(town), town.form(amends=agreed.id, ends="2028-12-31"))
    if end == "disposal":
        dispose(town.site, me(town), agreed.id, "All gone")
    else:
        expire(town)
    file_feedback(town.site, me(town), agreed.id, "A paper")
    assert refused(lambda: signed(town, offer)) == "amendment.over"
    assert refused(lambda: submit(town.site, me(town), waiting.id)) == "amendment.over"
    town.audit()


def test_the_old_versions_signature_serves_for_no_other(town: Town, agreed: Agreement) -> None:
    offer = offered(town, amends=agreed.id)
    replayed = agreed.researcher_signature or ""
    assert refused(lambda: sign(town.site, me(town), offer.id, replayed)) == "signature.invalid"
    assert known(town, agreed.id).state is AgreementState.IN_FORCE


def test_a_change_keeps_to_its_own_source(town: Town, agreed: Agreement) -> None:
    town.describe(policy=OTHER_SOURCE)
    both = town.form(amends=agreed.id, further=(PLAINS,))
    assert refused(lambda: apply(town.site, me(town), both)) == "amendment.source"
    other = town.form(renews=agreed.id, dataset=PLAINS)
    assert refused(lambda: apply(town.site, me(town), other)) == "renewal.source"
    two_ways = town.form(renews=agreed.id, amends=agreed.id)
    assert refused(lambda: apply(town.site, me(town), two_ways)) == "application.renews"


def test_a_strict_policy_is_not_shed_by_changing_one_agreement_of_the_grant(town: Town) -> None:
    town.describe()
    strict = OTHER_SOURCE.replace("per_submission: {epsilon: 1}", "per_submission: {epsilon: 0.1}")
    town.describe(policy=strict)
    offer = offered(town, further=(PLAINS,))
    agreed = signed(town, offer)
    changed = signed(town, offered(town, amends=agreed.id))
    with pytest.raises(Refused) as refusal:
        ask(town.site, me(town), asking(1, "0.5", agreement=changed.id))
    assert "budget.per_submission" in {one.code for one in refusal.value.reasons}


@pytest.mark.parametrize("step", [Step.RESERVED, Step.EXECUTED, Step.MEASURED])
def test_what_runs_under_a_version_comes_out_though_the_next_one_is_signed(
    town: Town, agreed: Agreement, step: Step
) -> None:
    offer = offered(town, amends=agreed.id, ends="2026-11-30")
    site = replace(town.site, onlooker=AtStep(step, lambda: signed(town, offer)))
    answer = ask(site, me(town), asking(1, "0.5"))
    assert f'"agreement":"{agreed.id}"'.encode() in answer
    assert len(town.entries("release")) == 1
    town.audit()


@pytest.mark.parametrize("step", [Step.RESERVED, Step.EXECUTED, Step.MEASURED])
def test_nothing_comes_out_under_any_version_once_one_was_disposed_of(
    town: Town, agreed: Agreement, step: Step
) -> None:
    offer = offered(town, amends=agreed.id)

    def change_and_end() -> None:
        signed(town, offer)
        dispose(town.site, me(town), agreed.id, "All gone")

    site = replace(town.site, onlooker=AtStep(step, change_and_end))
    assert refused(lambda: ask(site, me(town), asking(1, "0.5"))) == "agreement.over"
    assert town.entries("disposal")[0]["agreement"] == offer.id
    assert town.entries("release") == []
    town.audit()


def test_what_came_out_under_a_version_is_kept_beyond_its_last_day_while_the_next_one_lasts(
    town: Town, agreed: Agreement
) -> None:
    kept = ask(town.site, me(town), asking(1, "0.5"))
    signed(town, offered(town, amends=agreed.id, ends="2028-12-31"))
    town.later(days=100)
    assert ask(town.site, me(town), asking(1, "0.5")) == kept
    ask(town.site, me(town), asking(2, "0.25"))
    town.audit()


@pytest.mark.parametrize("declared", [True, False])
def test_no_feedback_no_renewal_whether_it_is_called_one_or_not(
    town: Town,
    agreed: Agreement,
    declared: bool,  # noqa: FBT001  (pytest names it)
) -> None:
    changed = signed(town, offered(town, amends=agreed.id))
    dispose(town.site, me(town), changed.id, "All gone")
    form = town.form(renews=agreed.id if declared else "", ends="2028-12-31")
    with pytest.raises(Conflict, match=f"agreement feedback {changed.id}") as due:
        apply(town.site, me(town), form)
    assert due.value.code == "renewal.feedback_due"
    file_feedback(town.site, me(town), agreed.id, "A paper")
    fresh = signed(town, offered(town, renews=form.renews, ends="2028-12-31"))
    assert fresh.root == fresh.id != agreed.id
    assert spent(town, fresh) == 0
    town.audit()


def test_feedback_that_falls_due_on_the_way_stops_the_grant_and_the_signature(
    town: Town, agreed: Agreement
) -> None:
    form = town.form(ends="2029-12-31")
    waiting = apply(town.site, me(town), form)
    offer = offered(town, ends="2029-12-31")
    expire(town)
    assert refused(lambda: town.grant(waiting.id)) == "renewal.feedback_due"
    assert refused(lambda: signed(town, offer)) == "renewal.feedback_due"
    file_feedback(town.site, me(town), agreed.id, "Nothing came of it")
    signed(town, offer)
    town.audit()


def test_feedback_filed_before_the_end_counts_and_is_read_by_steward_and_owner_alone(
    town: Town, agreed: Agreement
) -> None:
    file_feedback(town.site, me(town), agreed.id, "  A paper is on its way ")
    file_feedback(town.site, me(town), agreed.id, "It is out")
    dispose(town.site, me(town), agreed.id, "All gone")
    apply(town.site, me(town), town.form())
    for role in (Role.RESEARCHER, Role.STEWARD, Role.OWNER):
        found = feedback_on(town.site, town.people[role], agreed.id)
        assert [one.statement for one in found] == ["A paper is on its way", "It is out"]
    for stranger in (town.newcomer("else"), town.newcomer("else-too", Role.OWNER)):
        assert refused(partial(feedback_on, town.site, stranger, agreed.id)) == "agreement.unknown"
    assert "paper" not in str(town.entries())
    town.audit()


def test_erased_papers_let_nobody_off_their_feedback(town: Town, agreed: Agreement) -> None:
    dispose(town.site, me(town), agreed.id, "All gone")
    erase(town.site, town.people[Role.STEWARD], f"agreement/{agreed.id}")
    assert refused(lambda: apply(town.site, me(town), town.form())) == "renewal.feedback_due"
    file_feedback(town.site, me(town), agreed.id, "A paper")
    assert apply(town.site, me(town), town.form()).id
    town.audit()


def test_papers_are_kept_while_a_later_version_is_in_force(town: Town, agreed: Agreement) -> None:
    signed(town, offered(town, amends=agreed.id, ends="2028-12-31"))
    town.later(days=100)
    steward = town.people[Role.STEWARD]
    assert refused(lambda: erase(town.site, steward, f"agreement/{agreed.id}")) == "erasure.in_use"


def test_a_change_needs_no_second_proof_of_who_asks(town: Town, agreed: Agreement) -> None:
    begun = draft(town.site, me(town), town.form(amends=agreed.id, applicant=None))
    submit(town.site, me(town), begun.id)
    with town.site.books.read() as page:
        assert page.applications.get(ApplicationId(begun.id)).proof is not None


def test_there_is_nothing_to_report_on_an_offer(town: Town) -> None:
    town.describe()
    offer = offered(town)
    deed = partial(file_feedback, town.site, me(town), offer.id, "None")
    assert refused(deed) == "agreement.not_in_force"


def test_the_certificate_of_an_end_is_about_the_last_version(town: Town, agreed: Agreement) -> None:
    changed = signed(town, offered(town, amends=agreed.id, ends="2027-03-31"))
    dispose(town.site, me(town), agreed.id, "All gone")
    assert known(town, agreed.id).closed == known(town, changed.id).closed is not None
    document = certificate_of(town.site, me(town), agreed.id)
    key = verifier_key(town.site.origin, town.site.ledger_signer.public)
    ended = verify_certificate(asdict(document), key)
    assert ended.agreement.agreement == changed.id
    assert ended.certificate.agreement == agreed.id
    town.audit()


def test_all_versions_have_one_key_and_a_lost_one_is_not_made_anew(
    town: Town, agreed: Agreement
) -> None:
    offer = offered(town, amends=agreed.id)
    town.site.workspaces.destroy(agreed.id)
    changed = signed(town, offer)
    assert changed.workspace == agreed.workspace
    with pytest.raises(Unavailable) as missing:
        ask(town.site, me(town), asking(1, "0.5"))
    assert missing.value.code == "workspace.key_missing"
    assert town.entries("debit") == []


def test_an_end_stops_what_runs_under_every_version(town: Town, agreed: Agreement) -> None:
    offer = offered(town, amends=agreed.id)

    def change_and_end() -> None:
        signed(town, offer)
        dispose(town.site, me(town), agreed.id, "All gone")

    site = replace(town.site, onlooker=AtStep(Step.EXECUTED, change_and_end))
    assert refused(partial(ask, site, me(town), asking(1, "0.5"))) == "agreement.over"
    (certificate,) = town.entries("certificate")
    assert (certificate["agreement"], certificate["stopped"]) == (agreed.id, 1)
    town.audit()


def test_feedback_is_due_from_the_end_and_overdue_after_thirty_days(
    town: Town, agreed: Agreement
) -> None:
    def standing() -> str:
        with town.site.books.read() as page:
            return feedback_state(page, known(town, agreed.id), town.clock.time.date())

    assert standing() == "not_due"
    dispose(town.site, me(town), agreed.id, "All gone")
    assert (standing(), due_by(known(town, agreed.id))) == ("due", date(2026, 12, 23))
    town.later(days=30)
    assert standing() == "due"
    town.later(days=1)
    assert standing() == "overdue"
    file_feedback(town.site, me(town), agreed.id, "Late, but here")
    assert standing() == "filed"


def test_what_failed_under_a_version_is_collected_free_within_its_own_period_alone(
    town: Town, agreed: Agreement
) -> None:
    def fail() -> None:
        raise Unavailable("The site fell over", code="site.fallen")

    site = replace(town.site, onlooker=AtStep(Step.EXECUTED, fail))
    with pytest.raises(Unavailable):
        ask(site, me(town), asking(1, "0.5"))
    signed(town, offered(town, amends=agreed.id, ends="2028-12-31"))
    answer = ask(town.site, me(town), asking(1, "0.5"))
    assert f'"agreement":"{agreed.id}"'.encode() in answer
    assert len(town.entries("debit")) == 1
    with pytest.raises(Unavailable):
        ask(site, me(town), asking(2, "0.25"))
    signed(town, offered(town, amends=agreed.id, ends="2029-12-31"))
    town.later(days=800)
    assert refused(partial(ask, town.site, me(town), asking(2, "0.25"))) == "agreement.over"
    ask(town.site, me(town), asking(3, "0.1"))
    town.audit()


def test_whoever_looks_at_a_changed_application_is_told_what_to_do_next(
    town: Town, agreed: Agreement
) -> None:
    def told() -> list[str]:
        with town.site.books.read() as page:
            first = page.applications.get(agreed.application)
            card = application_card(town.site, page, me(town), first)
        return [step.command.partition(" --statement")[0] for step in card.next]

    changed = signed(town, offered(town, amends=agreed.id))
    assert told() == [f"datarange agreement show {changed.id}"]
    dispose(town.site, me(town), agreed.id, "All gone")
    ended = f"datarange agreement certificate {changed.id}"
    assert told() == [f"datarange agreement feedback {changed.id}", ended]
    file_feedback(town.site, me(town), agreed.id, "A paper")
    assert told() == [ended, f"datarange application draft --renews {changed.id}"]
