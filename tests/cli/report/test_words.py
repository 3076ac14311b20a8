"""Both languages say everything, with the same parts, and nobody else's words are missing."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox.cli.report
from policies import wording
from policies.open_lanes import LANES_ZH
from sandbox.cli.language import Phrase
from sandbox.cli.report import claims, reasons, words
from sandbox.cli.report.changes import LIMITS
from sandbox.ledger.anomalies import RULES
from sandbox.ledger.figures import SPANS
from sandbox.ledger.timeline import WIDTHS

FOLDER = Path(sandbox.cli.report.__path__[0])


def phrases() -> Iterator[tuple[str, Phrase]]:
    yield from words.PHRASES.items()
    yield from reasons.REASONS.items()
    yield from reasons.GIVEN_BACK.items()
    for number, (element, claim) in enumerate(claims.CLAIMS):
        yield from ((f"element {number}", element), (f"claim {number}", claim))
    yield from ((f"excluded {number}", one) for number, one in enumerate(claims.EXCLUDED))
    yield from ((name, one) for name, one in vars(claims).items() if isinstance(one, Phrase))


@pytest.mark.parametrize(("key", "phrase"), list(phrases()))
def test_both_languages_say_it_with_the_same_parts(key: str, phrase: Phrase) -> None:
    def parts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    if key != "gap":  # Chinese sentences need none.
        assert phrase.en.strip(), key
        assert phrase.zh.strip(), key
    assert parts(phrase.en) == parts(phrase.zh), key


@pytest.mark.parametrize(("key", "phrase"), list(phrases()))
def test_chinese_is_chinese_and_punctuated_as_such(key: str, phrase: Phrase) -> None:
    if key not in {"lang", "nothing", "colon", "comma", "span", "rule", "gap", "both", "of"}:
        assert re.search(r"[\u4e00-\u9fff]", phrase.zh), key
    assert not re.search(r"[\u4e00-\u9fff][,;:!?]", phrase.zh), key
    assert not re.search(r"[\u4e00-\u9fff]", phrase.en), key


def test_every_key_that_is_said_has_its_words_and_every_word_is_said() -> None:
    texts = [file.read_text(encoding="utf-8") for file in FOLDER.rglob("*.html")]
    texts += [file.read_text(encoding="utf-8") for file in FOLDER.glob("*.py")]
    said = {key for text in texts for key in re.findall(r"\bsay\(\s*[\"']([a-z_0-9]+)[\"']", text)}
    whole = "".join(texts)
    assert said <= words.PHRASES.keys()
    built = {f"{rule}_rule" for rule in RULES} | set(RULES) | {"failures_name", "error", "warning"}
    built |= {f"day_{day}" for day in range(7)} | {f"step_{hours}" for hours in WIDTHS}
    built |= {f"cap_{name}" for name in LIMITS} | {f"last_{span}" for span in SPANS}
    built |= {f"lane_{lane}" for lane in LANES_ZH}
    unsaid = {key for key in words.PHRASES if key not in said and key not in built}
    assert {key for key in unsaid if not re.search(rf"[\"']{key}[\"']", whole)} == set()


def test_every_reason_of_the_policy_has_a_name() -> None:
    source = Path(wording.__file__).read_text(encoding="utf-8").split("\n}\n")[0]
    codes = re.findall(r'^    "([a-z_]+\.[a-z_]+)": \(', source, re.MULTILINE)
    assert set(codes) == set(reasons.REASONS)
