"""No bytes make the loader do anything but load or list errors (THREATS: injected documents)."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policies.load import PolicyError, PolicyErrors, load_policy
from policies.nodes import MAX_BYTES, MAX_DEPTH

Complain = Callable[[str | bytes], tuple[PolicyError, ...]]

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
YAML_PIECES = [
    *("{", "}", "[", "]", ": ", ", ", "\n", "  ", "- ", "? ", "|\n", ">-\n", "'", '"', "#", "<<"),
    *("&a ", "*a", "!!python/object:os.system ", "%YAML 1.1\n", "---\n", "...\n", "\\", "\t"),
    *("\0", "\ufeff", "\u2028", "\x85", "columns", "privacy", "use", "keys", "bounds", "1e9"),
]


def test_an_alias_bomb_is_refused_at_each_alias_and_never_expanded(complain: Complain) -> None:
    errors = complain(LAUGHS)
    aliases = [error for error in errors if error.code == "policy.alias"]
    assert (aliases[0].line, aliases[0].column) == (1, 4)
    assert len(aliases) == 9 + 8 * 4


def test_an_alias_hides_the_errors_that_only_follow_from_it(valid: str, complain: Complain) -> None:
    errors = complain(valid.replace("timing: {quantum: 250ms}", "timing: *elsewhere"))
    assert [error.code for error in errors] == ["policy.alias"]


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ", "!!str ", "!local ", "! ", "!!binary "]
)
def test_a_tag_is_refused_and_runs_nothing(valid: str, complain: Complain, tag: str) -> None:
    (error,) = complain(valid.replace("grade: L3", f"grade: {tag}L3"))
    assert (error.code, error.line) == ("policy.tag", 6)


@pytest.mark.parametrize("nest", ["{a: ", "[", "- ", "? "])
def test_nesting_is_refused_long_before_the_stack_ends(complain: Complain, nest: str) -> None:
    (error,) = complain(nest * 5000)
    assert error.code == "policy.depth"
    assert error.column == len(nest) * MAX_DEPTH + 1


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "policy.empty"),
        (b"# nothing\n", "policy.empty"),
        (b"a: 1\n---\nb: 2\n", "policy.syntax"),
        (b"a: [1, 2\nb: 3\n", "policy.syntax"),
        (b'a: "\\UFFFFFFFF"\n', "policy.syntax"),
        (b"%YAML " + b"1" * 5000 + b".1\n---\na: 1\n", "policy.syntax"),
        (b"a: \xff\n", "policy.encoding"),
        ("a: 1\n".encode("utf-16"), "policy.encoding"),
        (b"a: \x00\n", "policy.encoding"),
        ("a: \ud800", "policy.encoding"),
        (b"#" * (MAX_BYTES + 1), "policy.size"),
        (b"plain", "policy.type"),
        (b"[a, b]", "policy.type"),
    ],
)
def test_what_is_no_mapping_in_yaml_is_refused_in_one_error(
    complain: Complain, document: bytes | str, code: str
) -> None:
    (error,) = complain(document)
    assert (error.code, error.clause) == (code, "")


def test_a_control_character_is_placed(complain: Complain) -> None:
    (error,) = complain("a: 1\nbc: \x07\n")
    assert (error.line, error.column) == (2, 5)


def test_a_document_of_exactly_the_greatest_size_is_read(valid: str) -> None:
    load_policy(valid + "#" * (MAX_BYTES - len(valid.encode())))


@pytest.mark.parametrize(
    "number", ["9" * 5000, "1e" + "9" * 5000, "1/" + "9" * 79, "٣", "1_0", "0x10"]
)
def test_numbers_that_would_fill_the_memory_or_read_oddly_are_refused(
    valid: str, complain: Complain, number: str
) -> None:
    (error,) = complain(valid.replace("epsilon: 4", f"epsilon: {number}"))
    assert (error.code, error.clause) == ("policy.number", "privacy.budget.epsilon")


def test_a_lone_surrogate_written_as_an_escape_is_refused(valid: str, complain: Complain) -> None:
    errors = complain(valid.replace("北京", '"\\uD800"'))
    assert [error.clause for error in errors] == ["columns.site.keys.2"]
    str(errors[0]).encode()


def test_a_clause_that_is_no_text_is_refused(valid: str, complain: Complain) -> None:
    (error,) = complain(valid.replace("  name: {use: []}", "  [a, b]: {use: []}"))
    assert (error.code, error.clause, error.line) == ("policy.key", "columns", 21)


def check(document: bytes | str) -> None:
    """Load a document; any exception but ours fails the test."""
    try:
        load_policy(document)
    except PolicyErrors as refused:
        errors = refused.errors
    else:
        return
    assert errors
    for error in errors:
        assert error.line >= 1
        assert error.column >= 1
        assert error.code.startswith("policy.")
        str(error).encode()


@given(st.binary(max_size=400))
@example(b"\xef\xbb\xbfa: 1")
def test_no_bytes_raise_anything_else(document: bytes) -> None:
    check(document)


@given(st.lists(st.sampled_from(YAML_PIECES) | st.text(max_size=8), max_size=60))
@example(["? ", "? ", "x"])
@example(['"\\ud800": 1'])
def test_no_yaml_raises_anything_else(pieces: list[str]) -> None:
    check("".join(pieces))


@given(st.data())
def test_no_damage_to_a_good_policy_raises_anything_else(valid: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(valid)))
    stop = data.draw(st.integers(start, min(len(valid), start + 20)))
    patch = data.draw(st.sampled_from(YAML_PIECES) | st.text(max_size=8))
    check(valid[:start] + patch + valid[stop:])
