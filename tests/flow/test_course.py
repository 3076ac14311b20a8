"""From a draft to a decision: who may do what when, what the clock says, and what is on record."""

import base64
import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask
from sandbox.flow.assess import assess
from sandbox.flow.consent import consent
from sandbox.flow.course import find_application
from sandbox.flow.deadline import clock_of, overdue
from sandbox.flow.decide import decide
from sandbox.flow.dispose import dispose
from sandbox.flow.draft import draft, edit, submit
from sandbox.flow.erase import BLANK, erase
from sandbox.flow.sign import sign
from sandbox.flow.supplement import resubmit, supplement
from sandbox.flow.withdraw import withdraw
from sandbox.ledger.signing import agreement_message
from sandbox.model.agreement import Agreement
from sandbox.model.application import Application, ApplicationState
from sandbox.model.cost import Accounting
from sandbox.model.deadline import ClockStage
from sandbox.model.names import ApplicationId, DatasetName
from sandbox.model.principal import Principal, Role
from sandbox.privacy.price import cap_of
from sandbox.wire import (
    ApplicantForm,
    ApplicationForm,
    AssessmentForm,
    ConsentForm,
    FindingMessage,
)
from tests.support.town import APPLICANT, POLICY, KeySigner, Town, question

EMPTY = ApplicationForm("town/clinic", "", "", "", "", "", "")


def researcher(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


def steward(town: Town) -> Principal:
    return town.people[Role.STEWARD]


def submitted(town: Town, **changes: object) -> Application:
    return apply(town.site, researcher(town), town.form(**changes))


def now(town: Town, id: str) -> Application:  # noqa: A002
    with town.site.books.read() as page:
        return page.applications.get(ApplicationId(id))


def moves(town: Town) -> list[str]:
    return [entry["move"] for entry in town.entries("step")]


def test_a_draft_grows_until_it_is_whole_and_only_then_starts_the_clock(town: Town) -> None:
    town.describe()
    begun = draft(town.site, researcher(town), EMPTY)
    with pytest.raises(BadInput) as incomplete:
        submit(town.site, researcher(town), begun.id)
    assert incomplete.value.code == "application.incomplete"
    named = [line.split(":")[0] for line in incomplete.value.message.splitlines()]
    assert named == [
        *("purpose", "scenario", "safeguards", "public_key", "starts", "ends", "applicant")
    ]
    assert clock_of(town.site, begun).stage is ClockStage.NOT_STARTED
    town.later(days=3)
    edit(town.site, researcher(town), begun.id, town.form())
    received = submit(town.site, researcher(town), begun.id)
    assert (received.state, received.received) == (ApplicationState.SUBMITTED, town.clock.time)
    assert moves(town) == ["draft", "edit"]
    assert [entry["application"] for entry in town.entries("application")] == [begun.id]
    town.audit()


def test_a_draft_is_its_applicants_alone(town: Town) -> None:
    town.describe()
    begun = draft(town.site, researcher(town), EMPTY)
    others = [steward(town), town.people[Role.OWNER], town.newcomer("second")]
    for other in others:
        with town.site.books.read() as page, pytest.raises(NotFound):
            find_application(page, other, begun.id)
    with pytest.raises(NotFound):
        edit(town.site, town.newcomer("third"), begun.id, town.form())
    withdraw(town.site, researcher(town), begun.id)
    for other in others:
        with town.site.books.read() as page, pytest.raises(NotFound):
            find_application(page, other, begun.id)
    with pytest.raises(NotFound):
        decide(town.site, steward(town), begun.id, grant=False, reason="No")
    town.audit()


@pytest.mark.parametrize(
    ("proof", "codes"),
    [
        (ApplicantForm("natural_person", "", ""), {"applicant.name", "applicant.number"}),
        (ApplicantForm("natural_person", "Li", "X0000001", "Wang"), {"applicant.responsible"}),
        (ApplicantForm("natural_person", "Li", "500101199001011234"), {"applicant.number"}),
        (ApplicantForm("natural_person", "Li\nWang", "X0000001"), {"applicant.name"}),
        (ApplicantForm("organisation", "Us", "91350100M000100Y44", "Li"), {"applicant.number"}),
        (ApplicantForm("legal_person", "Co", "91350100M000100Y44", "Li"), {"applicant.number"}),
        (ApplicantForm("legal_person", "Co", "91350100M000100Y43"), {"applicant.responsible"}),
        (
            ApplicantForm("organisation", "", "", ""),
            {"applicant.name", "applicant.number", "applicant.responsible"},
        ),
        (ApplicantForm("robot", "R2", "D2"), {"applicant.kind"}),
        (ApplicantForm("natural_person", "\u202eiL", "X0000001"), {"applicant.name"}),
        (ApplicantForm("natural_person", "L" * 200, "X0000001"), {"applicant.name"}),
    ],
)  # fmt: skip
def test_each_kind_of_applicant_has_its_proof(
    town: Town, proof: ApplicantForm, codes: set[str]
) -> None:
    town.describe()
    with pytest.raises(BadInput) as wrong:
        submitted(town, applicant=proof)
    lines = {line.split(":")[0] for line in wrong.value.message.splitlines()}
    assert (lines if len(codes) > 1 else {wrong.value.code.removeprefix("application.")}) == codes


def test_a_company_is_known_by_its_credit_code(town: Town) -> None:
    town.describe()
    proof = ApplicantForm("legal_person", "Fuzhou Co", "91350100M000100Y43", "Li Wanting")
    assert submitted(town, applicant=proof).state is ApplicationState.SUBMITTED


def test_proof_of_who_applies_never_enters_the_ledger_or_what_it_commits_to(town: Town) -> None:
    town.describe()
    asked = submitted(town)
    supplement(town.site, steward(town), asked.id, "Which paper?")
    resubmit(town.site, researcher(town), asked.id, replace(town.form(), applicant=None))
    proof = now(town, asked.id).proof
    assert proof is not None
    assert proof.number == APPLICANT.number
    with town.site.books.read() as page:
        opened = b"".join(
            page.openings.get(entry["commitment"])
            for entry in town.entries()
            if entry.get("commitment")
        )
        log = b"".join(page.log.entries())
    for personal in (APPLICANT.name.encode(), APPLICANT.number.encode()):
        assert personal not in log + opened
    withdraw(town.site, researcher(town), asked.id)
    erase(town.site, steward(town), f"application/{asked.id}")
    erased = now(town, asked.id)
    assert (erased.proof, erased.scenario, erased.pauses[0].reason) == (None, BLANK, BLANK)
    town.audit()


def test_the_clock_stands_only_while_a_supplement_is_asked_for(town: Town) -> None:
    town.describe()
    asked = submitted(town)  # Monday, 23 November 2026
    assert str(clock_of(town.site, asked).due) == "2026-11-30"
    town.later(days=1)
    waiting = supplement(town.site, steward(town), asked.id, "Which paper?")
    town.later(days=30)
    assert clock_of(town.site, waiting).stage is ClockStage.PAUSED
    assert overdue(town.site, steward(town)).values == ()
    back = resubmit(town.site, researcher(town), asked.id, town.form(scenario="This paper"))
    assert (back.scenario, back.pauses[0].answered) == ("This paper", town.clock.time)
    assert clock_of(town.site, back).used_days == 1
    town.later(days=5)
    assert clock_of(town.site, back).stage is ClockStage.DAY_FOUR
    town.later(days=3)
    for official in (steward(town), town.people[Role.AUDITOR]):
        ((late, clock),) = overdue(town.site, official).values
        assert (late.id, clock.stage) == (asked.id, ClockStage.OVERDUE)
    with pytest.raises(NotPermitted):
        overdue(town.site, researcher(town))
    town.later(days=365)
    assert now(town, asked.id).state is ApplicationState.RESUBMITTED
    town.audit()


def test_what_is_resubmitted_is_assessed_and_consented_to_anew(town: Town) -> None:
    town.describe()
    asked = submitted(town)
    town.consent(asked.id)
    town.assess(asked.id)
    supplement(town.site, steward(town), asked.id, "Which paper?")
    back = resubmit(town.site, researcher(town), asked.id, town.form(scenario="Something else"))
    assert (back.assessment, back.consents) == (None, ())
    with pytest.raises(Conflict) as early:
        decide(town.site, steward(town), asked.id, grant=True, reason="In order")
    assert early.value.code == "application.not_assessed"
    assert town.grant(asked.id).state is ApplicationState.GRANTED
    town.audit()


def test_nobody_answers_a_text_that_was_replaced_since_they_read_it(town: Town) -> None:
    town.describe()
    asked = submitted(town)
    answer = FindingMessage(met=True, remark="In order")
    old = AssessmentForm(answer, answer, answer, answer, answer, asked.revision)
    yes = ConsentForm("town/clinic", given=True, reason="Yes", revision=asked.revision)
    supplement(town.site, steward(town), asked.id, "Which paper?")
    back = resubmit(town.site, researcher(town), asked.id, town.form(scenario="Sales"))

    def answer_old(*, grant: bool) -> object:
        return decide(
            town.site,
            steward(town),
            asked.id,
            grant=grant,
            reason="So",
            revision=asked.revision,
        )

    attempts: list[Callable[[], object]] = [
        lambda: answer_old(grant=False),
        lambda: answer_old(grant=True),
        lambda: assess(town.site, steward(town), asked.id, old),
        lambda: consent(town.site, town.people[Role.OWNER], asked.id, yes),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict) as replaced:
            attempt()
        assert replaced.value.code == "application.moved_on"
    assess(town.site, steward(town), asked.id, replace(old, revision=back.revision))
    final = decide(
        town.site, steward(town), asked.id, grant=False, reason="So", revision=back.revision
    )
    assert final.state is ApplicationState.REFUSED
    town.audit()


def test_a_grant_rests_on_an_assessment_without_objection_and_on_every_owner(town: Town) -> None:
    town.describe()
    asked = submitted(town)

    def refused() -> str:
        with pytest.raises(Conflict) as why:
            decide(town.site, steward(town), asked.id, grant=True, reason="In order")
        assert now(town, asked.id).agreement is None
        return why.value.code

    assert refused() == "application.not_assessed"
    town.assess(asked.id, unmet=["people"])
    assert refused() == "decision.unmet"
    town.assess(asked.id)
    assert refused() == "decision.no_answer"
    town.consent(asked.id, given=False)
    assert refused() == "decision.no_consent"
    town.consent(asked.id)
    assert decide(town.site, steward(town), asked.id, grant=True, reason="Yes").agreement
    assert moves(town) == ["assess", "assess", "decline", "consent"]
    town.audit()


def test_nobody_answers_for_anothers_data_and_nobody_without_a_reason(town: Town) -> None:
    town.describe()
    asked = submitted(town)
    yes = ConsentForm("town/clinic", given=True, reason="Mine too")
    with pytest.raises(NotFound):
        consent(town.site, town.newcomer("other", Role.OWNER), asked.id, yes)
    with pytest.raises(NotPermitted):
        consent(town.site, steward(town), asked.id, yes)
    with pytest.raises(BadInput) as silent:
        consent(town.site, town.people[Role.OWNER], asked.id, replace(yes, reason=" "))
    assert silent.value.code == "consent.reason"


def test_a_remark_is_owed_to_each_of_the_five(town: Town) -> None:
    town.describe()
    asked = submitted(town)
    silent = FindingMessage(met=True, remark="")
    said = FindingMessage(met=True, remark="In order")
    with pytest.raises(BadInput) as one:
        assess(town.site, steward(town), asked.id, AssessmentForm(said, said, said, silent, said))
    assert one.value.code == "assessment.data"
    with pytest.raises(BadInput) as all_of_them:
        assess(
            town.site,
            steward(town),
            asked.id,
            AssessmentForm(silent, silent, silent, silent, silent),
        )
    assert len(all_of_them.value.message.splitlines()) == 5


def test_a_withdrawn_application_is_over(town: Town) -> None:
    town.describe()
    asked = submitted(town)
    with pytest.raises(NotFound):
        withdraw(town.site, town.newcomer("second"), asked.id)
    assert withdraw(town.site, researcher(town), asked.id).state is ApplicationState.WITHDRAWN
    attempts: list[Callable[[], object]] = [
        lambda: town.assess(asked.id),
        lambda: town.consent(asked.id),
        lambda: decide(town.site, steward(town), asked.id, grant=False, reason="No"),
        lambda: withdraw(town.site, researcher(town), asked.id),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict) as late:
            attempt()
        assert late.value.code == "application.withdrawn"
    assert moves(town) == ["withdraw"]
    town.audit()


def test_two_stewards_at_once_decide_once(town: Town) -> None:
    town.describe()
    asked = submitted(town)
    town.assess(asked.id)
    town.consent(asked.id)
    second = town.newcomer("second", Role.STEWARD)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def answer(official: Principal, *, grant: bool) -> None:
        start.wait()
        try:
            decide(town.site, official, asked.id, grant=grant, reason="So I say")
            outcomes.append("decided")
        except Conflict as late:
            outcomes.append(late.code)

    both = [
        threading.Thread(target=answer, args=(one,), kwargs={"grant": grant})
        for one, grant in ((steward(town), True), (second, False))
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["application.decided", "decided"]
    assert len(town.entries("decision")) == 1
    town.audit()


@pytest.mark.parametrize("field", ["scenario", "safeguards"])
@pytest.mark.parametrize(
    "text", ["x" * 10_000_000, "good \u202elaiciffo\u202c", "a\u200bb", "bell\x07", "\ud800"]
)
def test_texts_that_mislead_or_drown_a_reader_are_refused(
    town: Town, field: str, text: str
) -> None:
    town.describe()
    with pytest.raises(BadInput) as hostile:
        submitted(town, **{field: text})
    assert hostile.value.code == f"application.{field}"
    assert text[:20] not in hostile.value.message
    with pytest.raises(BadInput):
        draft(town.site, researcher(town), town.form(**{field: text}))


def with_lodge(town: Town) -> Town:
    """Open a second source: of another owner, stricter, and obtained from another region."""
    town.describe()
    policy = (
        POLICY.replace("ACCOUNTING", "pure")
        .replace("town/clinic", "lodge/guests")
        .replace("owner: town", "owner: lodge, origin: Sichuan")
        .replace("per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 0.5}")
        .replace("per_submission: {epsilon: 1}", "per_submission: {epsilon: 0.25}")
    )
    people = {**town.people, Role.OWNER: town.newcomer("lodge", Role.OWNER)}
    lodge = replace(town, owner_key=KeySigner(), people=people)
    lodge.describe(policy=policy)
    return lodge


def answer_of_lodge(lodge: Town, id: str, **changes: object) -> Application:  # noqa: A002
    said = ConsentForm("lodge/guests", given=True, reason="Yes", origin_consent="No. 7 of 2026")
    form = replace(said, **changes)  # type: ignore[arg-type]
    return consent(lodge.site, lodge.people[Role.OWNER], id, form)


def sign_all(town: Town, granted: Application) -> list[Agreement]:
    with town.site.books.read() as page:
        offered = [page.agreements.get(name) for name in granted.agreements]
    for one in offered:
        signature = base64.b64encode(town.key.sign(agreement_message(one.digest))).decode()
        sign(town.site, researcher(town), one.id, signature)
    return offered


def test_each_owner_is_asked_and_origin_consents_too(town: Town) -> None:
    lodge = with_lodge(town)
    asked = submitted(town, further=("lodge/guests",))
    town.assess(asked.id)
    town.consent(asked.id)
    with pytest.raises(Conflict) as waiting:
        decide(town.site, steward(town), asked.id, grant=True, reason="Yes")
    assert waiting.value.code == "decision.no_answer"
    with pytest.raises(NotFound):
        town.consent(asked.id, "lodge/guests")
    with pytest.raises(BadInput) as origin:
        answer_of_lodge(lodge, asked.id, origin_consent="")
    assert origin.value.code == "consent.origin"
    answered = answer_of_lodge(lodge, asked.id)
    assert answered.consents[-1].origin_consent == "No. 7 of 2026"
    assert decide(town.site, steward(town), asked.id, grant=True, reason="Yes").agreements
    town.audit()


def test_each_source_has_an_account_and_the_strictest_clause_holds_for_all(town: Town) -> None:
    lodge = with_lodge(town)
    asked = submitted(town, further=("lodge/guests",))
    town.assess(asked.id)
    town.consent(asked.id)
    answer_of_lodge(lodge, asked.id)
    granted = decide(town.site, steward(town), asked.id, grant=True, reason="Yes")
    first, second = sign_all(town, granted)
    assert first.clauses.datasets == ("town/clinic",)
    assert second.clauses.datasets == ("lodge/guests",)
    assert town.account(f"agreement/{first.id}").parent == "source/town/clinic"
    assert town.account(f"agreement/{second.id}").cap == Fraction(1, 2)
    with town.site.books.read() as page:
        alone = page.datasets.get(DatasetName("town/clinic")).policy.privacy
    stricter = cap_of(Accounting.ZCDP, Fraction(1, 2), alone.budget.delta)
    assert town.account(f"agreement/{first.id}").cap == stricter
    ask(town.site, researcher(town), question(epsilon="0.25"))
    balances = town.audit()
    assert balances["source/town/clinic"].spent > 0 == balances["source/lodge/guests"].spent
    with pytest.raises(Refused) as strict:
        ask(town.site, researcher(town), question(epsilon="0.26"))
    reasons = {(one.code, one.owner) for one in strict.value.reasons}
    assert reasons == {("budget.per_submission", "lodge")}


def test_one_owners_refusal_takes_out_their_dataset_and_no_other(town: Town) -> None:
    lodge = with_lodge(town)
    asked = submitted(town, further=("lodge/guests",))
    town.assess(asked.id)
    town.consent(asked.id)
    answer_of_lodge(lodge, asked.id, given=False, reason="Not ours to give")
    granted = decide(town.site, steward(town), asked.id, grant=True, reason="Yes")
    (agreement,) = sign_all(town, granted)
    assert agreement.clauses.datasets == ("town/clinic",)
    with pytest.raises(Refused) as outside:
        ask(town.site, researcher(town), question(dataset="lodge/guests", epsilon="0.1"))
    assert "agreement.missing" in {one.code for one in outside.value.reasons}
    town.audit()


def test_a_dataset_is_named_once_and_purposes_are_what_all_policies_allow(town: Town) -> None:
    town.describe()
    with pytest.raises(BadInput) as twice:
        submitted(town, further=("town/clinic",))
    assert twice.value.code == "application.further"
    with pytest.raises(NotFound):
        submitted(town, further=("no/where",))


def test_papers_of_agreements_that_were_granted_together_go_together(town: Town) -> None:
    lodge = with_lodge(town)
    asked = submitted(town, further=("lodge/guests",))
    town.assess(asked.id)
    town.consent(asked.id)
    answer_of_lodge(lodge, asked.id)
    granted = decide(town.site, steward(town), asked.id, grant=True, reason="Yes")
    first, second = sign_all(town, granted)
    dispose(town.site, researcher(town), first.id, "All gone")
    with pytest.raises(Conflict) as in_use:
        erase(town.site, steward(town), f"agreement/{first.id}")
    assert in_use.value.code == "erasure.in_use"
    dispose(town.site, researcher(town), second.id, "All gone")
    erase(town.site, steward(town), f"agreement/{first.id}")
    with town.site.books.read() as page:
        erased = [page.agreements.get(name) for name in granted.agreements]
        kept = [
            one["commitment"]
            for one in town.entries()
            if "application" in one and "commitment" in one
        ]
        assert not any(page.openings.find(one) for one in kept)
    assert {one.researcher for one in erased} != {"researcher"}
    assert {one.clauses.scenario for one in erased} == {BLANK}
    town.audit()


def test_an_offer_lapses_with_its_period(town: Town) -> None:
    town.describe()
    granted = town.grant(submitted(town).id)
    town.later(days=60)
    with pytest.raises(Conflict) as late:
        sign_all(town, granted)
    assert late.value.code == "application.ended"
    with pytest.raises(Refused):
        ask(town.site, researcher(town), question())


def test_nobody_has_a_part_in_what_is_decided_on_their_own_application(town: Town) -> None:
    """Two tokens of one name would do: roles are a token's, so the name has to be asked too."""
    town.describe()
    asked = submitted(town)
    mine = researcher(town).name
    own_steward = replace(steward(town), name=mine)
    answer = FindingMessage(met=True, remark="In order")
    assessment = AssessmentForm(answer, answer, answer, answer, answer)
    tries: list[Callable[[], object]] = [
        lambda: supplement(town.site, own_steward, asked.id, "More"),
        lambda: assess(town.site, own_steward, asked.id, assessment),
        lambda: decide(town.site, own_steward, asked.id, grant=False, reason="No"),
        lambda: decide(town.site, own_steward, asked.id, grant=True, reason="Yes"),
    ]
    for attempt in tries:
        with pytest.raises(NotPermitted) as refusal:
            attempt()
        assert refusal.value.code == "rule.forbids"
        (reason,) = refusal.value.reasons
        assert reason.clause == "authorisation/nobody-decides-their-own-application"
        assert mine not in refusal.value.message
    assert now(town, asked.id) == asked
    assert moves(town) == []
    town.audit()


def test_an_owner_does_not_consent_to_their_own_application(town: Town) -> None:
    town.describe()
    owner = town.people[Role.OWNER]
    asked = apply(town.site, replace(researcher(town), name=owner.name), town.form())
    with pytest.raises(NotPermitted) as refusal:
        town.consent(asked.id)
    assert refusal.value.code == "rule.forbids"
    assert now(town, asked.id).consents == ()
