"""Every error names its clause, line and column, and none hides another."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.load import PolicyError, PolicyErrors, load_policy

Complain = Callable[[str | bytes], tuple[PolicyError, ...]]

BUDGET = "budget: {epsilon: 4,"
FAULTS = [
    # what stands there, what is written instead, code, clause
    ("grade: L3", "grade: L9", "policy.choice", "grade"),
    ("kind: ReleasePolicy", "kind: Policy", "policy.choice", "kind"),
    ("lanes:\n", "lane:\n", "policy.unknown_clause", "lane"),
    ("max_rows: 5", "max_rows: five", "policy.number", "privacy.unit.max_rows"),
    ("max_rows: 5", "max_rows: 0", "policy.range", "privacy.unit.max_rows"),
    ("max_rows: 5", "max_rows: 1001", "policy.range", "privacy.unit.max_rows"),
    ("max_rows: 5", "max_rows: 2.5", "policy.number", "privacy.unit.max_rows"),
    ("accounting: zcdp", "accounting: rdp", "policy.choice", "privacy.accounting"),
    (BUDGET, "budget: {epsilon: 0,", "policy.range", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: -1,", "policy.range", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: 1e300,", "policy.range", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: 1e999999,", "policy.number", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: NaN,", "policy.number", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: .inf,", "policy.number", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: 1/0,", "policy.number", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: [4],", "policy.number", "privacy.budget.epsilon"),
    (BUDGET, "budget: {epsilon: ,", "policy.number", "privacy.budget.epsilon"),
    ("delta: 1e-9", "delta: 2e-5", "policy.range", "privacy.budget.delta"),
    ("per_agreement: {epsilon: 2}", "per_agreement: 2", "policy.type", "privacy.per_agreement"),
    (
        "per_agreement: {epsilon: 2}",
        "per_agreement: {epsilon: 4.1}",
        "policy.cap",
        "privacy.per_agreement.epsilon",
    ),
    (
        "per_submission: {epsilon: 1}",
        "per_submission: {epsilon: 2.1}",
        "policy.cap",
        "privacy.per_submission.epsilon",
    ),
    ("bounds: [0, 65]", "bounds: [66, 65]", "policy.range", "columns.age.bounds"),
    ("bounds: [0, 65]", "bounds: [0.5, 65]", "policy.lattice", "columns.age.bounds.0"),
    ("bounds: [0, 65]", "bounds: [0, 2147483648]", "policy.range", "columns.age.bounds.1"),
    ("bounds: [0, 65]", "bounds: [0]", "policy.missing_clause", "columns.age.bounds.1"),
    ("bounds: [0, 65]", "bounds: [0, 1, 2]", "policy.length", "columns.age.bounds"),
    ("bounds: [0, 65], ", "", "policy.domain", "columns.age"),
    ("resolution: 1}", "resolution: 0}", "policy.range", "columns.age.resolution"),
    ("[1, no, 北京]", "[1, no, 1]", "policy.repeated", "columns.site.keys.2"),
    ("[1, no, 北京]", "[1, '']", "policy.length", "columns.site.keys.1"),
    ("[1, no, 北京]", "[1], bounds: [0, 1]", "policy.domain", "columns.site.keys"),
    ("use: [group, filter], keys", "use: [measure], keys", "policy.domain", "columns.site.use"),
    ("use: [group, filter], keys", "use: [grou], keys", "policy.choice", "columns.site.use.0"),
    ("name: {use: []}", "name: {use: [], openness: conditional}", "policy.openness",
     "columns.name.openness"),
    ("keys: [1, no, 北京]", "keys: [1], openness: closed", "policy.openness",
     "columns.site.openness"),
    ("  name: {use: []}", "  \"na'me\": {use: []}", "policy.name", "columns.na'me"),
    ("dataset: health/stays", "dataset: Stays", "policy.name", "metadata.dataset"),
    ("stays}", 'stays, title: "a\\e[2J"}', "policy.text", "metadata.title"),
    ("stays}", 'stays, description: "a\\e[2J"}', "policy.text", "metadata.description"),
    ("access: [algorithm]", "access: []", "policy.length", "access"),
    ("access: [algorithm]", "access: algorithm", "policy.type", "access"),
    ("min: 40", "min: 401", "policy.range", "lanes.algorithm.blocks.max"),
    ("time: 20s", "time: 20", "policy.number", "lanes.algorithm.time"),
    ("memory: 1GiB", "memory: 1GB", "policy.number", "lanes.algorithm.memory"),
    ("k: 0.7", "k: 70", "policy.range", "lanes.reviewed.dominance.k"),
    ("teaching]", "teaching, teaching]", "policy.repeated", "purposes.2"),
    ("quantum: 250ms", "quantum: 61s", "policy.range", "timing.quantum"),
    ("quantum: 250ms", "quantum: 0s", "policy.range", "timing.quantum"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "clause"), FAULTS)
def test_one_slip_is_reported_once_on_its_line_under_its_clause(
    valid: str, complain: Complain, old: str, new: str, code: str, clause: str
) -> None:
    assert valid.count(old) == 1
    line = valid[: valid.index(old)].count("\n") + 1
    (error,) = complain(valid.replace(old, new))
    assert (error.code, error.clause, error.line) == (code, clause, line)


def test_the_column_is_that_of_the_value(valid: str, complain: Complain) -> None:
    (error,) = complain(valid.replace("epsilon: 4,", "epsilon: x,"))
    text = valid.splitlines()[error.line - 1]
    assert text[error.column - 1] == "4"


def test_an_unknown_clause_is_placed_at_its_name_with_a_guess(
    valid: str, complain: Complain
) -> None:
    (error,) = complain(valid.replace("resolution: 0.01", "resolutions: 1"))
    assert (error.line, error.column) == (20, 5)
    assert "did you mean 'resolution'?" in error.message


def test_a_guess_is_made_among_the_clauses_of_that_place(valid: str, complain: Complain) -> None:
    (error,) = complain(valid.replace("timing: {quantum:", "timing: {epsilon: 1, quantum:"))
    assert error.clause == "timing.epsilon"
    assert "did you mean" not in error.message


def test_a_missing_clause_is_placed_at_its_parent(valid: str, complain: Complain) -> None:
    (error,) = complain(valid.replace("  per_submission: {epsilon: 1}\n", ""))
    assert (error.code, error.clause) == ("policy.missing_clause", "privacy.per_submission")
    assert (error.line, error.column) == (7, 1)


def test_a_missing_top_clause_is_placed_at_the_start(valid: str, complain: Complain) -> None:
    (error,) = complain(valid.replace("grade: L3\n", ""))
    assert (error.clause, error.line, error.column) == ("grade", 1, 1)


def test_a_repeated_clause_is_reported_where_it_is_repeated(valid: str, complain: Complain) -> None:
    (error,) = complain(valid + "grade: L1\n")
    assert (error.code, error.clause) == ("policy.duplicate", "grade")
    assert error.line == valid.count("\n") + 1


def test_all_errors_come_at_once_in_the_order_of_their_lines(
    valid: str, complain: Complain
) -> None:
    broken = valid
    for old, new in [
        ("grade: L3", "grade: L9"),
        ("max_rows: 5", "max_rows: -5"),
        ("{n: 1,", "{n: 1, n: 2,"),
        ("bounds: [0, 65]", "bounds: [0, x]"),
        ("purposes:", "purpose:"),
    ]:
        broken = broken.replace(old, new)
    errors = complain(broken)
    assert [error.clause for error in errors] == [
        "purposes",
        "grade",
        "privacy.unit.max_rows",
        "columns.age.bounds.1",
        "lanes.reviewed.dominance.n",
        "purpose",
    ]
    assert [error.line for error in errors] == sorted(error.line for error in errors)


@given(blank=st.integers(0, 40))
def test_lines_above_an_error_move_it_down_by_their_number(
    valid: str, complain: Complain, blank: int
) -> None:
    broken = valid.replace("grade: L3", "grade: L9").replace("2}", "two}")
    moved = complain("# 注释\n" * blank + broken)
    assert [(error.line - blank, error.column, error.clause) for error in moved] == [
        (error.line, error.column, error.clause) for error in complain(broken)
    ]


def test_the_column_that_names_people_is_never_open(valid: str, complain: Complain) -> None:
    (error,) = complain(valid.replace("column: person", "column: age"))
    assert (error.code, error.clause, error.line) == ("policy.unit", "columns.age.use", 16)


def test_the_column_that_names_people_need_not_be_listed(valid: str) -> None:
    assert "person" not in load_policy(valid.replace("  person: {use: []}\n", "")).columns


def test_a_closed_dataset_has_no_lanes(valid: str, complain: Complain) -> None:
    errors = complain(valid.replace("openness: conditional", "openness: closed"))
    assert {error.clause for error in errors} == {
        "lanes.algorithm",
        "lanes.query",
        "lanes.reviewed",
    }


def test_a_closed_dataset_without_lanes_loads(valid: str) -> None:
    shortened = valid[: valid.index("lanes:")].replace("conditional", "closed")
    assert not load_policy(shortened + "purposes: [none]\n").lanes.on


def test_an_error_reads_like_a_compilers(valid: str) -> None:
    with pytest.raises(PolicyErrors, match=r"^stays\.yaml:6:8: grade: Write 'L1', 'L2', 'L3' or"):
        load_policy(valid.replace("grade: L3", "grade: L9"), "stays.yaml")
