"""The whole story through the client, over a socket, on real people's rows."""

import json
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

import sandbox.client as dr
from sandbox.errors import (
    BadInput,
    Conflict,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotVerified,
    Refused,
)
from sandbox.ledger.verify import verify_export
from sandbox.model.principal import Role
from tests.support.served import APPLICANT, PERIOD, Served

DATASET = "health/hie"
PURPOSE = "public-health-research"
SITES = ["1", "2", "3", "4", "5", "6"]


@pytest.fixture(scope="module")
def researcher(hie: Served) -> dr.Range:
    hie.agree(Role.RESEARCHER, DATASET, PURPOSE)
    return hie.range_of(Role.RESEARCHER)


def spent(range_: dr.Range) -> Fraction:
    return sum((Fraction(card.spent) for card in range_.agreements()), Fraction(0))


def test_a_researcher_finds_a_dataset_and_sees_what_may_be_asked(hie: Served) -> None:
    range_ = hie.range_of(Role.RESEARCHER)
    assert (range_.me.name, range_.me.role) == ("researcher", "researcher")
    assert [card.name for card in range_.datasets("insurance")] == [DATASET]
    assert range_.datasets("zeppelin") == []
    columns = {column.name: column for column in range_.dataset(DATASET).card.columns}
    assert columns["zper"].kind == "person"
    assert columns["mhi"].kind == "closed"
    assert columns["site"].keys == tuple(SITES)
    assert (columns["xage"].bounds, columns["xage"].resolution) == (("0", "65"), "1")


def test_mock_rows_have_the_shape_and_follow_the_seed(hie: Served) -> None:
    dataset = hie.range_of(Role.RESEARCHER).dataset(DATASET)
    mock = dataset.mock(rows=50, seed=7)
    assert isinstance(mock, pl.DataFrame)
    assert mock.height == 50
    assert set(mock["site"]) <= set(SITES)
    assert mock.equals(dataset.mock(rows=50, seed=7))
    assert not mock.equals(dataset.mock(rows=50, seed=8))


def test_explaining_is_free_and_foretells_the_cost(researcher: dr.Range) -> None:
    before = spent(researcher)
    query = researcher.dataset(DATASET).group_by("site").measure(dr.people())
    told = query.explain(epsilon=0.25)
    assert (told.permitted, told.cells, told.cost.epsilon) == (True, len(SITES), "0.25")
    assert spent(researcher) == before
    answer = query.release(epsilon=Fraction(1, 4))
    assert spent(researcher) - before == Fraction(told.cost.charged)
    assert answer.cost == told.cost


def test_an_answer_is_a_table_with_half_widths_and_a_receipt(researcher: dr.Range) -> None:
    dataset = researcher.dataset(DATASET)
    query = dataset.where("xage >= 18").group_by("site", "female")
    answer = query.measure(dr.mean("meddol"), dr.sum("mdvis", name="visits")).release(epsilon="0.5")
    assert answer.table.height == len(SITES) * 2
    assert [column.role for column in answer.columns] == ["key", "key"] + [
        "estimate",
        "half_width",
    ] * 2
    assert "visits" in answer.table.columns
    assert json.loads(answer.raw)["answer"]["submission"] == answer.id
    answer.receipt.verify()
    answer.receipt.verify(researcher.site.ledger_key)


def test_a_receipt_of_another_ledger_does_not_verify(researcher: dr.Range) -> None:
    answer = researcher.dataset(DATASET).measure(dr.count()).release(epsilon="0.01")
    foreign = "example.org/log+00000000+AQ=="
    with pytest.raises(BadInput):
        answer.receipt.verify(foreign)
    forged = dr.Receipt(
        answer.receipt.message,
        answer.raw.replace(b'"dataset":"health/hie"', b'"dataset":"health/his"'),
        answer.receipt.ledger_key,
    )
    with pytest.raises(NotVerified) as refused:
        forged.verify()
    assert refused.value.code == "receipt.answer"


def test_the_same_question_gets_the_same_bytes_for_nothing(researcher: dr.Range) -> None:
    dataset = researcher.dataset(DATASET)
    first = dataset.sql('SELECT site, COUNT(*) AS n FROM "health/hie" GROUP BY site', epsilon=0.1)
    after = spent(researcher)
    again = dataset.group_by("site").measure(dr.count(name="n")).release(epsilon="1/10")
    assert again.raw == first.raw
    assert researcher.answer(first.id).raw == first.raw
    assert spent(researcher) == after


def test_a_refusal_is_an_exception_with_every_reason_and_costs_nothing(
    researcher: dr.Range,
) -> None:
    before = spent(researcher)
    query = researcher.dataset(DATASET).measure(dr.mean("income"))
    with pytest.raises(Refused) as refused:
        query.release(epsilon=0.5, purpose="advertising")
    codes = {reason.code for reason in refused.value.reasons}
    assert {"column.closed", "purpose.not_agreed", "purpose.not_in_policy"} <= codes
    assert all(reason.message_zh for reason in refused.value.reasons)
    with pytest.raises(Refused) as beyond:
        researcher.dataset(DATASET).measure(dr.count()).release(epsilon=1.5)
    assert [reason.code for reason in beyond.value.reasons] == ["budget.per_submission"]
    assert spent(researcher) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dataset": "health/none"}, "dataset.unknown"),
        ({"purpose": "advertising"}, "application.purpose"),
        ({"scenario": " "}, "application.scenario"),
        ({"ends": "yesterday"}, "application.ends"),
        ({"ends": "2001-01-01"}, "application.ends"),
    ],
)
def test_a_bad_application_is_refused_at_its_field(
    hie: Served, changes: dict[str, str], code: str
) -> None:
    form = {
        "dataset": DATASET,
        "purpose": PURPOSE,
        "scenario": "s",
        "safeguards": "s",
        "starts": PERIOD[0],
        "ends": PERIOD[1],
    }
    with pytest.raises((BadInput, NotFound)) as refused:
        hie.range_of(Role.RESEARCHER).apply(
            **form | changes, key=hie.folder / "a.key", applicant=APPLICANT
        )
    assert refused.value.code == code
    assert refused.value.place is not None


def test_an_application_is_decided_once_and_an_agreement_signed_once(hie: Served) -> None:
    token = hie.admit("second-researcher")
    researcher, steward = hie.range_of(token), hie.range_of(Role.STEWARD)
    key = hie.folder / "second.key"
    asked = researcher.apply(DATASET, PURPOSE, "s", "s", *PERIOD, key=key, applicant=APPLICANT)
    assert asked.id in [card.id for card in steward.applications()]
    hie.assent(asked.id, DATASET)
    granted = steward.decide(asked.id, grant=True, reason="In order")
    with pytest.raises(Conflict):
        steward.decide(asked.id, grant=False, reason="Second thoughts")
    wrong = hie.folder / "wrong.key"
    researcher.apply(DATASET, PURPOSE, "s", "s", *PERIOD, key=wrong, applicant=APPLICANT)
    with pytest.raises(NotVerified):
        researcher.sign(granted.agreement or "", wrong)
    assert researcher.agreement(granted.agreement or "").state == "offered"
    assert researcher.sign(granted.agreement or "", key).state == "in_force"
    with pytest.raises(Conflict):
        researcher.sign(granted.agreement or "", key)


def test_each_role_keeps_to_its_own_steps(hie: Served, researcher: dr.Range) -> None:
    assert researcher.agreements()
    with pytest.raises(NotPermitted):
        researcher.decide("0", grant=True, reason="I would")
    with pytest.raises(NotPermitted):
        researcher.export_ledger(hie.folder / "not-mine")
    with pytest.raises(NotPermitted):
        hie.range_of(Role.AUDITOR).applications()
    with pytest.raises(NotSignedIn):
        hie.range_of("dr-owner-0").me  # noqa: B018  (asking is the point)


def test_the_auditor_verifies_the_exported_ledger_offline(
    hie: Served, researcher: dr.Range, tmp_path: Path
) -> None:
    researcher.dataset(DATASET).measure(dr.people()).release(epsilon="0.02")
    auditor = hie.range_of(Role.AUDITOR)
    folder = auditor.export_ledger(tmp_path / "export")
    report = verify_export(folder, auditor.site.ledger_key)
    assert report.verified, report.findings
    assert report.counts["debit"] == report.counts["release"] > 0
    with pytest.raises(Conflict):
        auditor.export_ledger(folder)
