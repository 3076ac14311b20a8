"""The clauses on persons, periods, emergencies and parts: what they say, and what they refuse."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.load import PolicyError, PolicyErrors, load_policy

Complain = Callable[[str | bytes], tuple[PolicyError, ...]]

PERIODS = "per_period: {day: 1.5, month: 2, quarter: 2.5}"
PARTITION = "partition: {column: site, max_parts: 2}"


def test_the_clauses_are_read_exactly(full: str) -> None:
    privacy = load_policy(full).privacy
    assert privacy.per_person is not None
    assert privacy.per_person.epsilon == 3
    assert privacy.per_period is not None
    assert privacy.per_period.day == Fraction(3, 2)
    assert privacy.per_period.month == 2
    assert privacy.per_period.quarter == Fraction(5, 2)
    assert privacy.emergency is not None
    assert privacy.emergency.epsilon == Fraction(1, 2)
    assert privacy.partition is not None
    assert (privacy.partition.column, privacy.partition.max_parts) == ("site", 2)


def test_all_of_them_may_be_left_out(valid: str) -> None:
    privacy = load_policy(valid).privacy
    assert privacy.per_person is None
    assert privacy.per_period is None
    assert privacy.emergency is None
    assert privacy.partition is None


@pytest.mark.parametrize("period", ["day", "month", "quarter"])
def test_one_period_is_enough(full: str, period: str) -> None:
    periods = load_policy(full.replace(PERIODS, f"per_period: {{{period}: 1}}")).privacy.per_period
    assert periods is not None
    assert periods.given == {period: 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("per_person: {epsilon: 3}", "per_person: {epsilon: 4}"),
        ("per_person: {epsilon: 3}", "per_person: {epsilon: 1}"),
        ("emergency: {epsilon: 0.5}", "emergency: {epsilon: 3.999}"),
        (PERIODS, "per_period: {day: 1, month: 1, quarter: 1}"),
        (PERIODS, "per_period: {day: 4, month: 4, quarter: 4}"),
        ("keys: [1, no, 北京]", f"keys: [{', '.join(f'k{n}' for n in range(64))}]"),
    ],
)
def test_a_cap_may_lie_exactly_at_its_limit(full: str, old: str, new: str) -> None:
    assert full.count(old) == 1
    load_policy(full.replace(old, new))


FAULTS = [
    # what stands there, what is written instead, code, clause below `privacy`
    ("per_person: {epsilon: 3}", "per_person: {epsilon: 4.1}", "cap", "per_person.epsilon"),
    ("per_person: {epsilon: 3}", "per_person: {epsilon: 0.9}", "cap", "per_submission.epsilon"),
    ("per_person: {epsilon: 3}", "per_person: {epsilon: 0}", "range", "per_person.epsilon"),
    ("per_person: {epsilon: 3}", "per_person: {epsilon: null}", "number", "per_person.epsilon"),
    ("per_person: {epsilon: 3}", "per_person: 3", "type", "per_person"),
    ("per_person: {epsilon: 3}", "per_person: null", "type", "per_person"),
    ("per_person: {epsilon: 3}", "per_person: {}", "missing_clause", "per_person.epsilon"),
    (PERIODS, "per_period: {}", "missing_clause", "per_period"),
    (PERIODS, "per_period:", "type", "per_period"),
    (PERIODS, "per_period: {week: 1, day: 1}", "unknown_clause", "per_period.week"),
    (PERIODS, "per_period: {day: }", "number", "per_period.day"),
    (PERIODS, "per_period: {day: {epsilon: 1}}", "number", "per_period.day"),
    (PERIODS, "per_period: {day: -1}", "range", "per_period.day"),
    (PERIODS, "per_period: {day: 2.1, month: 2}", "cap", "per_period.day"),
    (PERIODS, "per_period: {day: 2.1, quarter: 2}", "cap", "per_period.day"),
    (PERIODS, "per_period: {month: 2.1, quarter: 2}", "cap", "per_period.month"),
    (PERIODS, "per_period: {month: 4.1}", "cap", "per_period.month"),
    (PERIODS, "per_period: {day: 0.9}", "cap", "per_submission.epsilon"),
    (PERIODS, "per_period: {quarter: 0.9}", "cap", "per_submission.epsilon"),
    ("emergency: {epsilon: 0.5}", "emergency: {epsilon: 4}", "cap", "emergency.epsilon"),
    ("emergency: {epsilon: 0.5}", "emergency: {epsilon: NaN}", "number", "emergency.epsilon"),
    ("emergency: {epsilon: 0.5}", "emergency: [1]", "type", "emergency"),
    (PARTITION, "partition: {column: ghost, max_parts: 1}", "partition", "partition.column"),
    (PARTITION, "partition: {column: name, max_parts: 1}", "partition", "partition.column"),
    (PARTITION, "partition: {column: person, max_parts: 1}", "partition", "partition.column"),
    (PARTITION, "partition: {column: age, max_parts: 1}", "partition", "partition.column"),
    (PARTITION, "partition: {column: cost, max_parts: 1}", "partition", "partition.column"),
    (PARTITION, 'partition: {column: "si\'te", max_parts: 1}', "name", "partition.column"),
    (PARTITION, "partition: {column: [site], max_parts: 1}", "type", "partition.column"),
    (PARTITION, "partition: {column: site, max_parts: 3}", "partition", "partition.max_parts"),
    (PARTITION, "partition: {column: site, max_parts: 64}", "range", "partition.max_parts"),
    (PARTITION, "partition: {column: site, max_parts: 0}", "range", "partition.max_parts"),
    (PARTITION, "partition: {column: site, max_parts: 1.5}", "number", "partition.max_parts"),
    (PARTITION, "partition: {column: site}", "missing_clause", "partition.max_parts"),
    (PARTITION, "partition: site", "type", "partition"),
]


@pytest.mark.parametrize(("old", "new", "code", "clause"), FAULTS)
def test_one_slip_is_reported_once_on_its_line_under_its_clause(
    full: str, complain: Complain, old: str, new: str, code: str, clause: str
) -> None:
    assert full.count(old) == 1
    (error,) = complain(full.replace(old, new))
    assert (error.code, error.clause) == (f"policy.{code}", f"privacy.{clause}")
    named = clause.split(".", maxsplit=1)[0]
    assert full.splitlines()[error.line - 1].lstrip().startswith(f"{named}:")


@pytest.mark.parametrize("count", [1, 65])
def test_a_partition_has_two_to_sixty_four_parts(full: str, complain: Complain, count: int) -> None:
    keys = ", ".join(f"k{number}" for number in range(count))
    (error,) = complain(full.replace("keys: [1, no, 北京]", f"keys: [{keys}]"))
    assert error.clause == "privacy.partition.column"
    assert "2 to 64 keys" in error.message


def test_faults_in_several_of_the_clauses_come_at_once(full: str, complain: Complain) -> None:
    broken = (
        full.replace("per_person: {epsilon: 3}", "per_person: {epsilon: 5}")
        .replace(PERIODS, "per_period: {day: 0.5, month: 6}")
        .replace("emergency: {epsilon: 0.5}", "emergency: {epsilon: 4}")
    )
    assert [error.clause for error in complain(broken)] == [
        "privacy.per_submission.epsilon",
        "privacy.per_person.epsilon",
        "privacy.per_period.month",
        "privacy.emergency.epsilon",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("per_persons:", "per_person"),
        ("per_periods:", "per_period"),
        ("emergancy:", "emergency"),
        ("partitions:", "partition"),
        ("qarter:", "quarter"),
        ("months:", "month"),
        ("max_part:", "max_parts"),
        ("column_name:", "column"),
    ],
)
def test_a_misspelt_clause_is_guessed(
    full: str, complain: Complain, written: str, meant: str
) -> None:
    start = full.index("per_person:")
    broken = full[:start] + full[start:].replace(f"{meant}:", written, 1)
    assert broken != full
    unknown = [error for error in complain(broken) if error.code == "policy.unknown_clause"]
    assert [error.clause.rsplit(".", maxsplit=1)[-1] for error in unknown] == [written[:-1]]
    assert unknown[0].message.endswith(f"did you mean '{meant}'?")


CAPS = st.fractions(min_value="1/100", max_value=5, max_denominator=100)
NAMES = ("person", "day", "month", "quarter", "emergency")


@given(
    budget=CAPS,
    agreement=CAPS,
    submission=CAPS,
    caps=st.dictionaries(st.sampled_from(NAMES), CAPS),
)
def test_a_policy_loads_exactly_if_every_cap_fits_into_those_that_hold_it(
    valid: str,
    budget: Fraction,
    agreement: Fraction,
    submission: Fraction,
    caps: dict[str, Fraction],
) -> None:
    periods = [caps[name] for name in ("day", "month", "quarter") if name in caps]
    holders = [agreement, *periods, *([caps["person"]] if "person" in caps else [])]
    fits = (
        periods == sorted(periods)
        and all(submission <= cap <= budget for cap in holders)
        and caps.get("emergency", Fraction(0)) < budget
    )
    expected = set() if fits else {"policy.cap"}
    assert {
        error.code for error in errors(written(valid, budget, agreement, submission, caps))
    } == (expected)


def written(
    valid: str,
    budget: Fraction,
    agreement: Fraction,
    submission: Fraction,
    caps: dict[str, Fraction],
) -> str:
    """Write a policy with these caps."""
    periods = [f"{name}: {caps[name]}" for name in ("day", "month", "quarter") if name in caps]
    clauses = [f"per_submission: {{epsilon: {submission}}}"]
    if "person" in caps:
        clauses.append(f"per_person: {{epsilon: {caps['person']}}}")
    if "emergency" in caps:
        clauses.append(f"emergency: {{epsilon: {caps['emergency']}}}")
    if periods:
        clauses.append(f"per_period: {{{', '.join(periods)}}}")
    return (
        valid.replace("epsilon: 4", f"epsilon: {budget}")
        .replace("per_agreement: {epsilon: 2}", f"per_agreement: {{epsilon: {agreement}}}")
        .replace("per_submission: {epsilon: 1}", "\n  ".join(clauses))
    )


def errors(text: str) -> tuple[PolicyError, ...]:
    """Load a document; give what is wrong with it, if anything is."""
    try:
        load_policy(text)
    except PolicyErrors as refused:
        return refused.errors
    return ()


@given(st.data())
def test_no_damage_to_the_clauses_raises_anything_but_our_errors(
    full: str, data: st.DataObject
) -> None:
    first, last = full.index("per_person"), full.index("columns:")
    start = data.draw(st.integers(first, last))
    stop = data.draw(st.integers(start, min(last, start + 12)))
    patch = data.draw(st.sampled_from(["{", "}", ": ", "1e400", "\n", "[", "0", "*a", ""]))
    found = errors(full[:start] + patch + full[stop:])
    assert all(error.code.startswith("policy.") and error.line for error in found)
