"""Every value of the model that the books keep comes back exactly."""

import string
from dataclasses import replace
from datetime import UTC
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import Unavailable
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.applicant import Applicant
from sandbox.model.application import Application, ApplicationState, Pause
from sandbox.model.assessment import Assessment, Consent
from sandbox.model.cost import PrivacyCost
from sandbox.model.dataset import Dataset
from sandbox.model.emergency import Emergency
from sandbox.model.names import DatasetName
from sandbox.model.principal import Principal
from sandbox.model.source import Caps, Source
from sandbox.model.submission import Submission
from sandbox.store.documents import DatasetCodec, JsonCodec

instants = st.datetimes(timezones=st.just(UTC))
amounts = st.fractions(min_value=0)
st.register_type_strategy(
    PrivacyCost,
    st.builds(PrivacyCost, rho=amounts, delta=amounts, epsilon=st.none() | amounts),
)


@given(st.builds(Submission, submitted=instants))
def test_a_submission_comes_back(value: Submission) -> None:
    codec = JsonCodec(Submission)
    back = codec.decode(codec.encode(value))
    assert back == value
    assert isinstance(back.cost.rho, Fraction)
    assert back.submitted.utcoffset() == value.submitted.utcoffset()


@given(st.builds(Agreement, offered=instants, signed=st.none() | instants))
def test_an_agreement_comes_back(value: Agreement) -> None:
    codec = JsonCodec(Agreement)
    back = codec.decode(codec.encode(value))
    assert back == value
    assert isinstance(back.state, AgreementState)
    assert isinstance(back.clauses.datasets, tuple)


@given(
    st.builds(
        Application,
        received=instants,
        state=st.sampled_from(ApplicationState),
        further=st.lists(st.text().map(DatasetName), max_size=2).map(tuple),
        proof=st.none() | st.builds(Applicant),
        pauses=st.lists(
            st.builds(Pause, asked=instants, answered=st.none() | instants), max_size=2
        ).map(tuple),
        assessment=st.none() | st.builds(Assessment, made=instants),
        consents=st.lists(st.builds(Consent, made=instants), max_size=2).map(tuple),
    )
)
def test_an_application_comes_back(value: Application) -> None:
    codec = JsonCodec(Application)
    assert codec.decode(codec.encode(value)) == value


@pytest.mark.parametrize("state", ["submitted", "granted", "refused"])
def test_an_application_of_before_there_was_a_course_reads(state: str) -> None:
    agreement = '"g1"' if state == "granted" else "null"
    document = (
        '[{"id":"a1","applicant":"研究员","dataset":"health/hie","purpose":"p","scenario":"s",'
        '"safeguards":"s","starts":"2026-11-01","ends":"2026-12-31","public_key":"k",'
        f'"received":"2026-11-02T01:02:03Z","state":"{state}","decided_by":null,"decision":null,'
        f'"agreement":{agreement}}}]'
    )
    old = JsonCodec(Application).decode(document)
    assert (old.state.value, old.datasets, old.proof) == (state, ("health/hie",), None)
    assert (old.pauses, old.consents, old.assessment) == ((), (), None)
    assert old.agreements == (("g1",) if state == "granted" else ())


@given(st.builds(Principal, created=instants))
def test_a_principal_comes_back(value: Principal) -> None:
    codec = JsonCodec(Principal)
    assert codec.decode(codec.encode(value)) == value


@given(st.binary())
def test_bytes_come_back(value: bytes) -> None:
    codec = JsonCodec(bytes)
    assert codec.decode(codec.encode(value)) == value


def test_a_dataset_comes_back_with_its_policy_read_anew(dataset: Dataset) -> None:
    back = DatasetCodec().decode(DatasetCodec().encode(dataset))
    assert back == dataset
    assert back.policy.timing.quantum == Fraction(1, 4)


def test_a_dataset_keeps_the_version_of_its_policy(dataset: Dataset) -> None:
    later = replace(dataset, version=3)
    assert DatasetCodec().decode(DatasetCodec().encode(later)) == later


@given(st.builds(Source, caps=st.builds(Caps, *[amounts] * 2, *[st.none() | amounts] * 5)))
def test_a_source_comes_back(value: Source) -> None:
    codec = JsonCodec(Source)
    back = codec.decode(codec.encode(value))
    assert back == value
    assert isinstance(back.caps.source, Fraction)


@given(st.builds(Emergency, declared=instants, ends=instants, confirmed=st.none() | instants))
def test_an_emergency_comes_back(value: Emergency) -> None:
    codec = JsonCodec(Emergency)
    assert codec.decode(codec.encode(value)) == value


def test_a_policy_is_kept_byte_for_byte(dataset: Dataset) -> None:
    odd = replace(dataset, policy_text="# 注释\r\n" + dataset.policy_text + "\n\n")
    assert DatasetCodec().decode(DatasetCodec().encode(odd)).policy_text == odd.policy_text


def test_a_policy_that_is_none_any_more_is_said_to_be_unreadable(dataset: Dataset) -> None:
    document = DatasetCodec().encode(replace(dataset, policy_text="kind: OldPolicy"))
    with pytest.raises(Unavailable) as refusal:
        DatasetCodec().decode(document)
    assert refusal.value.code == "books.unavailable"


@given(st.text(string.printable))
def test_a_damaged_document_is_refused_and_never_quoted(damage: str) -> None:
    with pytest.raises(Unavailable) as refusal:
        JsonCodec(Principal).decode('[{"name": "canary-8812", "role": "' + damage)
    assert refusal.value.code == "books.unavailable"
    assert refusal.value.__cause__ is None
    assert "canary-8812" not in str(refusal.value)
