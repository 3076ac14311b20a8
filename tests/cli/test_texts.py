"""Every text is there in both languages, with the same parts."""

import re
from string import Formatter

import pytest

from sandbox.cli import account_texts, algorithm_texts, budget_texts, findings, texts
from sandbox.cli.demo import narration
from sandbox.cli.language import Language, Phrase, language_of
from sandbox.errors import DataRangeError
from sandbox.ledger.findings import ERRORS, WARNINGS


def phrases(module: object) -> dict[str, Phrase]:
    found = {}
    for name, value in vars(module).items():
        if isinstance(value, Phrase):
            found[name] = value
        elif isinstance(value, dict):
            found |= {
                f"{name}.{key}": each for key, each in value.items() if isinstance(each, Phrase)
            }
    return found


PHRASES = (
    phrases(texts) | phrases(account_texts) | phrases(algorithm_texts)
    | phrases(budget_texts) | phrases(narration)
)  # fmt: skip


@pytest.mark.parametrize("phrase", PHRASES.values(), ids=PHRASES)
def test_a_phrase_has_both_languages_and_the_same_parts(phrase: Phrase) -> None:
    assert re.search("[\u4e00-\u9fff]", phrase.zh)
    assert not re.search("[\u4e00-\u9fff]", phrase.en)
    assert parts(phrase.en) == parts(phrase.zh)


def parts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_finding_of_an_audit_has_its_reason_in_chinese() -> None:
    assert findings.CHINESE.keys() == ERRORS.keys() | WARNINGS.keys()


def test_every_exit_code_of_an_error_has_advice() -> None:
    codes = {DataRangeError.exit_code} | {
        kind.exit_code
        for kind in DataRangeError.__subclasses__()
        if kind.__module__ == "sandbox.errors"
    }
    assert texts.ADVICE.keys() == codes


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, Language.CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, Language.ENGLISH),
        ({"LANG": "C", "LC_MESSAGES": "zh_SG"}, Language.CHINESE),
        ({"LANG": "de_DE", "LC_ALL": ""}, Language.ENGLISH),
    ],
)
def test_the_locale_is_read_as_posix_says(environment: dict[str, str], language: Language) -> None:
    assert language_of(environment) is language
