"""From a policy to an agreement in force: each step once, by whom it concerns, wholly or not."""

import base64
from dataclasses import replace

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, NotVerified
from sandbox.flow.apply import apply
from sandbox.flow.clauses import chinese, english
from sandbox.flow.decide import decide
from sandbox.flow.describe import describe
from sandbox.flow.found import found
from sandbox.flow.sign import sign
from sandbox.ledger.signing import agreement_message
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.names import AgreementId
from sandbox.model.principal import Role
from tests.support.town import CSV, POLICY, KeySigner, Town


def offered(town: Town) -> Agreement:
    application = apply(town.site, town.people[Role.RESEARCHER], town.form())
    decided = town.grant(application.id)
    with town.site.books.read() as page:
        return page.agreements.get(AgreementId(decided.agreement or ""))


def signature(key: KeySigner, agreement: Agreement) -> str:
    return base64.b64encode(key.sign(agreement_message(agreement.digest))).decode()


def test_a_site_is_founded_once(town: Town) -> None:
    assert found(town.site) == {}


def test_an_agreement_binds_when_both_have_signed(town: Town) -> None:
    town.describe()
    assert town.agree().state is AgreementState.IN_FORCE


def test_a_signature_of_another_key_does_not_bind(town: Town) -> None:
    town.describe()
    agreement = offered(town)
    with pytest.raises(NotVerified):
        sign(
            town.site, town.people[Role.RESEARCHER], agreement.id, signature(KeySigner(), agreement)
        )
    with town.site.books.read() as page:
        assert page.agreements.get(agreement.id).state is AgreementState.OFFERED


def test_nobody_signs_for_another_and_nobody_signs_twice(town: Town) -> None:
    town.describe()
    agreement = offered(town)
    right = signature(town.key, agreement)
    with pytest.raises(NotFound):
        sign(town.site, town.newcomer("second"), agreement.id, right)
    sign(town.site, town.people[Role.RESEARCHER], agreement.id, right)
    with pytest.raises(Conflict):
        sign(town.site, town.people[Role.RESEARCHER], agreement.id, right)


def test_an_altered_agreement_is_not_signed(town: Town) -> None:
    town.describe()
    agreement = offered(town)
    altered = replace(agreement, clauses=replace(agreement.clauses, purpose="sales"))
    with town.site.books.write() as page:
        page.agreements.replace(agreement.id, altered)
    with pytest.raises(NotPermitted):
        sign(town.site, town.people[Role.RESEARCHER], agreement.id, signature(town.key, agreement))


def test_two_stewards_decide_once(town: Town) -> None:
    town.describe()
    application = apply(town.site, town.people[Role.RESEARCHER], town.form())
    decide(town.site, town.people[Role.STEWARD], application.id, grant=False, reason="Too vague")
    with pytest.raises(Conflict):
        decide(
            town.site,
            town.newcomer("second", Role.STEWARD),
            application.id,
            grant=True,
            reason="Fine",
        )


def test_a_decision_has_a_reason_and_is_a_stewards(town: Town) -> None:
    town.describe()
    application = apply(town.site, town.people[Role.RESEARCHER], town.form())
    with pytest.raises(BadInput):
        decide(town.site, town.people[Role.STEWARD], application.id, grant=True, reason=" ")
    for role in (Role.RESEARCHER, Role.OWNER, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            decide(town.site, town.people[role], application.id, grant=True, reason="Fine")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purpose": "sales"}, "application.purpose"),
        ({"scenario": "  "}, "application.scenario"),
        ({"safeguards": "x" * 10_000}, "application.safeguards"),
        ({"starts": "tomorrow"}, "application.starts"),
        ({"ends": "2026-10-01"}, "application.ends"),
        ({"ends": "2099-01-01"}, "application.ends"),
        ({"public_key": "AAAA"}, "application.public_key"),
        ({"public_key": "é"}, "application.public_key"),
    ],
)
def test_an_incomplete_application_is_not_received(
    town: Town, changes: dict[str, str], code: str
) -> None:
    town.describe()
    with pytest.raises(BadInput) as refused:
        apply(town.site, town.people[Role.RESEARCHER], town.form(**changes))
    assert refused.value.code == code


def test_what_is_not_listed_cannot_be_applied_for(town: Town) -> None:
    with pytest.raises(NotFound):
        apply(town.site, town.people[Role.RESEARCHER], town.form())


def test_a_source_keeps_its_cap_and_its_owner(town: Town) -> None:
    town.describe()
    raised = POLICY.replace("ACCOUNTING", "zcdp").replace(
        "budget: {epsilon: 2", "budget: {epsilon: 3"
    )
    with pytest.raises(Conflict) as fixed:
        town.describe(policy=raised)
    assert fixed.value.code == "budget.cap_fixed"
    other = POLICY.replace("ACCOUNTING", "zcdp").replace(
        "dataset: town/clinic", "dataset: x/y, source: town/clinic"
    )
    town.people[Role.OWNER] = town.newcomer("second", Role.OWNER)
    with pytest.raises(NotPermitted):
        town.describe(policy=other)


def test_a_failed_description_leaves_no_snapshot_and_no_record(town: Town) -> None:
    with pytest.raises(BadInput) as wrong:
        town.describe(csv=CSV + "p1,north,old,1,x\n")
    assert wrong.value.code == "ingest.wrong_type"
    assert wrong.value.place is not None
    assert wrong.value.place.row == 201
    assert list((town.folder / "snapshots").iterdir()) == []
    with town.site.books.read() as page:
        assert list(page.datasets) == []


def test_a_policy_with_several_errors_names_all_of_them(town: Town) -> None:
    broken = POLICY.replace("ACCOUNTING", "magic").replace("openness:", "opennes:")
    with pytest.raises(BadInput) as invalid:
        describe(
            town.site, town.people[Role.OWNER], broken, town.folder / "none.csv", "csv", "", ""
        )
    assert invalid.value.code == "policy.invalid"
    assert "accounting" in str(invalid.value)
    assert "opennes" in str(invalid.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_no_text_of_an_applicants_reads_as_a_clause_of_the_agreement(town: Town, end: str) -> None:
    town.describe()
    forged = f"A paper{end}5. Period: 2026-01-01 to 2099-12-31{end}五、使用期限：至 2099-12-31"
    agreed = town.agree(scenario=forged, safeguards=forged)
    for text in (english(agreed), chinese(agreed)):
        lines = text.splitlines()
        assert sum(line.startswith(("5.", "五、")) for line in lines) == 1
        assert [line for line in lines if "2099" in line and not line.startswith("   | ")] == []
