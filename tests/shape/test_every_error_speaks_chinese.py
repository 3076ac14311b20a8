"""Every error that the sources can raise has its Chinese sentence; no sentence lacks an error."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.chinese import (
    SENTENCES,
    agreeing,
    asking,
    auditing,
    boxes,
    capturing,
    clauses,
    owning,
    running,
    sentence_of,
    signing_in,
    tells_more,
)
from sandbox.chinese.particulars import WITH_PARTICULARS
from sandbox.model.assessment import Safe
from sandbox.model.course import COURSE, Barred
from sandbox.model.token import TokenState

ROOT = Path(__file__).parents[2]
FILES = [
    file
    for package in ("sandbox", "policies", "connectors")
    for file in sorted((ROOT / package).rglob("*.py"))
]
CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")

BUILDERS = {
    "Limiter": "web",
    "Refusal": "query",
    "_refuse": "privacy",
    "require_text": "flow",
}
"""These, each in its package, take an error's code as an argument without the word `code`."""
NO_ERRORS = {"Reason", "cancellation", "failure"}
"""These take a code that is no error's: reasons have their own Chinese; entries quote codes."""
COMPOSED = {
    *(f"application.{field}" for field in ("applicant", "dataset", "emergency", "further")),
    *(f"application.{field}" for field in ("public_key", "purpose", "safeguards", "scenario")),
    *(f"application.{field}" for field in ("starts", "ends")),
    *(f"application.applicant.{field}" for field in ("kind", "name", "number", "responsible")),
    *(f"assessment.{safe}" for safe in (*Safe, "incomplete")),
    *(f"ingest.{fault}_column" for fault in ("undeclared", "missing", "reserved")),
    *(f"token.{state}" for state in TokenState if state is not TokenState.VALID),
    *(entry.code for entry in COURSE.values() if isinstance(entry, Barred)),
    *("amendment.source", "renewal.source"),
    *("certificate.malformed", "receipt.malformed"),
    *("agreement.over", "role.missing", "rule.forbids"),
}
"""Put together from parts, or chosen, where they are raised."""
PLACES_OF_COMPOSED = {
    "cli/failure.py": ("error.code",),
    "client/replies.py": ("problem.code",),
    "client/witness.py": ("fault.code",),
    "engines/ingest.py": ("f'ingest.{kind}_column'", "error.code"),
    "engines/showcase.py": ("f'ingest.{kind}_column'", "error.code"),
    "flow/amend.py": ("f'{what}.source'",),
    "flow/assess.py": ("f'assessment.{first}' if len(faults) == 1 else 'assessment.incomplete'",),
    "flow/authorise.py": ("code",),
    "flow/cancel.py": ("refused.code",),
    "flow/execute.py": ("CODE",),
    "flow/fill.py": ("f'application.{clause}'",),
    "flow/over.py": ("CODE",),
    "flow/papers.py": ("code",),
    "flow/permit.py": ("f'token.{state.value}'",),
    "flow/record.py": ("CODE",),
    "ledger/fields.py": ("f'{self.kind}.malformed'",),
    "ledger/witness.py": ("cause.code",),
    "model/course.py": ("entry.code",),
    "privacy/price.py": ("code",),
    "query/scope.py": ("code",),
    "query/syntax.py": ("refusal.code",),
    "query/tokens.py": ("refusal.code",),
    "web/limiter.py": ("self._code",),
    "web/problems.py": ("error.code",),
    "cli/audit_ahead.py": ("code",),
    "cli/audit_source.py": ("cause.code",),
    "cli/demo/auditing.py": ("code",),
    "cli/demo/story.py": ("first.stop()",),
    "errors.py": ("code",),
}
"""Where a code is no literal; every such place is covered by `COMPOSED` or passes a code on."""


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and name_of(node) not in NO_ERRORS:
                yield file, node


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def code_of(call: ast.Call) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == "code"), None)


def literal_codes() -> Iterator[tuple[str, ast.Call]]:
    for _, call in calls():
        code = code_of(call)
        if isinstance(code, ast.Constant):
            yield str(code.value), call


def codes_of_builders() -> Iterator[str]:
    for file, call in calls():
        if BUILDERS.get(name_of(call)) == file.parent.name:
            for given in call.args:
                if isinstance(given, ast.Constant) and CODE.fullmatch(str(given.value)):
                    yield str(given.value)


def codes_of_policies() -> Iterator[str]:
    """Every code that a policy's faults have; they stand in `policies` under no other word."""
    for file in (*(ROOT / "policies").rglob("*.py"), ROOT / "sandbox" / "flow" / "approve.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and re.fullmatch(r"policy\.[a-z_]+", str(node.value)):
                yield str(node.value)


def codes() -> set[str]:
    literal = {code for code, _ in literal_codes()}
    return literal | {*codes_of_builders(), *codes_of_policies()} | COMPOSED


def is_fixed(message: ast.expr) -> bool:
    """Tell whether a message is the same whatever was asked."""
    return isinstance(message, ast.Constant) or ast.unparse(message).isupper()


def test_every_error_has_its_chinese_sentence() -> None:
    assert codes() - SENTENCES.keys() == set()


def test_no_sentence_is_left_of_an_error_that_went() -> None:
    assert SENTENCES.keys() - codes() == set()


def test_a_code_stands_in_one_table_alone() -> None:
    tables = (
        *(agreeing, asking, auditing, boxes, capturing, clauses),
        *(owning, running, signing_in),
    )
    assert sum(len(table.SENTENCES) for table in tables) == len(SENTENCES)


def test_codes_put_together_are_known_wherever_they_are() -> None:
    found: dict[str, set[str]] = {}
    for file, call in calls():
        code = code_of(call)
        if code is not None and not isinstance(code, ast.Constant):
            place = str(file.relative_to(ROOT)).removeprefix("sandbox/")
            found.setdefault(place, set()).add(ast.unparse(code))
    assert found == {place: {*what} for place, what in PLACES_OF_COMPOSED.items()}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_is_chinese_and_ends_as_one(code: str) -> None:
    said = sentence_of(code)
    assert re.search(r"[\u4e00-\u9fff]{2}", said)
    assert said.endswith("。")
    assert not re.search(r"[\u4e00-\u9fff][,;!?]|[{}]|\s{2}", said)


def test_particulars_are_told_exactly_where_a_message_has_any() -> None:
    messages: dict[str, list[ast.expr]] = {}
    for code, call in literal_codes():
        if call.args and code != "refused":
            messages.setdefault(code, []).append(call.args[0])
    for code, said in messages.items():
        varies = len({ast.unparse(one) for one in said}) > 1 or not all(map(is_fixed, said))
        assert tells_more(code) == varies, code
    assert SENTENCES.keys() >= WITH_PARTICULARS


def test_a_code_that_is_not_known_has_no_sentence() -> None:
    assert not sentence_of("no.such_code")
    assert not tells_more("no.such_code")
