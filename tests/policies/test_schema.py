"""A valid document becomes exactly the policy that it says."""

from fractions import Fraction

import pytest
from pydantic import ValidationError

from policies.columns import MAX_STEPS
from policies.load import load_policy
from policies.schema import Access, Grade, Metadata, Openness, Policy


def test_numbers_are_exactly_what_was_written(policy: Policy) -> None:
    assert policy.privacy.budget.delta == Fraction(1, 10**9)
    assert policy.columns["cost"].resolution == Fraction(1, 100)
    assert policy.columns["cost"].bounds == (Fraction(-1, 2), Fraction(20000))
    assert policy.timing.quantum == Fraction(1, 4)
    assert policy.lanes.algorithm is not None
    assert policy.lanes.algorithm.time == 20
    assert policy.lanes.algorithm.memory == 2**30


def test_keys_stay_the_text_that_was_written(policy: Policy) -> None:
    assert policy.columns["site"].keys == ("1", "no", "北京")


def test_classes_are_read_as_classes(policy: Policy) -> None:
    assert (policy.openness, policy.access, policy.grade) == (
        Openness.CONDITIONAL,
        (Access.ALGORITHM,),
        Grade.L3,
    )


def test_columns_keep_the_order_of_the_document(policy: Policy) -> None:
    assert list(policy.columns) == ["person", "site", "age", "cost", "name"]


def test_a_column_without_use_is_closed_and_any_other_conditional(policy: Policy) -> None:
    closed = {name for name, clause in policy.columns.items() if not clause.is_open}
    assert closed == {"person", "name"}
    for name, clause in policy.columns.items():
        expected = Openness.CLOSED if name in closed else Openness.CONDITIONAL
        assert clause.openness is expected


def test_what_metadata_leave_out_is_taken_from_the_names(policy: Policy) -> None:
    assert policy.owner == "health"
    assert policy.source == "health/stays"
    assert policy.metadata.title_zh == policy.metadata.title == "health/stays"
    assert policy.metadata.update == "none"
    assert policy.metadata.size is None


def test_a_named_source_and_owner_win_over_the_defaults(valid: str) -> None:
    extra = "health/stays, source: health/patients, owner: 市卫生健康委员会"
    policy = load_policy(valid.replace("health/stays", extra))
    assert (policy.source, policy.owner) == ("health/patients", "市卫生健康委员会")


def test_lanes_and_timing_may_be_left_out_and_every_lane_is_then_off(valid: str) -> None:
    shortened = valid[: valid.index("lanes:")] + "purposes: [teaching]\n"
    policy = load_policy(shortened)
    assert policy.lanes.on == frozenset()
    assert policy.timing.quantum == 1


def test_a_bound_may_lie_exactly_the_greatest_number_of_steps_from_zero(valid: str) -> None:
    policy = load_policy(valid.replace("[0, 65]", f"[{-MAX_STEPS}, {MAX_STEPS}]"))
    assert policy.columns["age"].bounds == (Fraction(-MAX_STEPS), Fraction(MAX_STEPS))


def test_a_policy_cannot_be_changed(policy: Policy) -> None:
    with pytest.raises(ValidationError):
        policy.grade = Grade.L1


def test_floats_are_refused_because_they_were_rounded_already(policy: Policy) -> None:
    content = policy.privacy.model_dump() | {"per_submission": {"epsilon": 0.1}}
    with pytest.raises(ValidationError, match="0\\.5, 1e-9 or 3/8"):
        type(policy.privacy).model_validate(content)


def test_titles_default_only_when_the_dataset_is_named() -> None:
    with pytest.raises(ValidationError, match="dataset"):
        Metadata.model_validate({"name": "x"})
