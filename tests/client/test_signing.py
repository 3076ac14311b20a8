"""A researcher signs what was shown, or nothing."""

import base64
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sandbox.client.signing import signature
from sandbox.client.signing_key import make_if_missing
from sandbox.errors import DataRangeError, NotVerified
from sandbox.ledger.canonical import canonical
from sandbox.ledger.entries import agreement_terms
from sandbox.ledger.signing import agreement_digest, agreement_message, words_digest
from sandbox.wire import AgreementCard
from tests.support.town import KeySigner

SITE = KeySigner()


def offered() -> AgreementCard:
    """Offer an agreement as an honest site would."""
    site_key = base64.b64encode(SITE.public).decode()
    terms = agreement_terms(
        id="a1.2",
        application="b2",
        datasets=["health/hie"],
        source="health/people",
        researcher_key="of anna",
        site_key=site_key,
        starts=date(2026, 11, 1),
        ends=date(2026, 12, 1),
        lanes=["query"],
        accounting="zcdp",
        cap="0.75",
        amends="a1",
    )
    words = {
        "version": 2,
        "researcher": "anna",
        "text": "Purpose: research",
        "text_zh": "利用目的：研究",
    }
    digest = agreement_digest(terms, words_digest(words))
    signed = base64.b64encode(SITE.sign(agreement_message(digest))).decode()
    return AgreementCard(
        **words,  # type: ignore[arg-type]  # as `canonical` wrote them
        id="a1.2",
        amends="a1",
        state="offered",
        datasets=("health/hie",),
        purpose="research",
        starts="2026-11-01",
        ends="2026-12-01",
        document=canonical({"terms": terms, "words": words}).decode(),
        digest=digest,
        site_key=site_key,
        site_signature=signed,
        lanes=("query",),
        accounting="zcdp",
        budget="0.75",
        epsilon="2",
        delta="0.000000001",
        cap="1",
        spent="0",
        remaining="1",
    )


def test_an_honest_agreement_is_signed(tmp_path: Path) -> None:
    make_if_missing(tmp_path / "key")
    assert len(base64.b64decode(signature(offered(), tmp_path / "key").signature)) == 64


@pytest.mark.parametrize(
    "lie",
    [
        {"text": "Purpose: sales"},
        {"text_zh": "利用目的：销售"},
        {"researcher": "somebody else"},
        {"amends": "a9"},
        {"version": 1},
        {"lanes": ("query", "algorithm")},
        {"budget": "7.5"},
        {"ends": "2027-12-01"},
        {"datasets": ("health/hie", "health/costs")},
        {"document": json.dumps({"text": "Purpose: research"})},
        {"document": "not JSON"},
        {"document": "[]"},
        {"digest": "0" * 64},
        {"site_signature": base64.b64encode(b"0" * 64).decode()},
    ],
)
def test_nothing_is_signed_that_was_not_shown_and_signed_by_the_site(
    lie: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(NotVerified):
        signature(replace(offered(), **lie), tmp_path / "key")  # type: ignore[arg-type]  # texts


def test_a_document_that_says_more_than_the_card_has_another_digest(tmp_path: Path) -> None:
    card = offered()
    document = json.loads(card.document)
    terms, words = document["terms"], document["words"]
    for more in (
        {"terms": terms, "words": {**words, "clauses": {"purpose": "sales"}}},
        {"terms": {**terms, "tokens": 3}, "words": words},
        {**document, "annex": "And your data, too"},
    ):
        with pytest.raises(DataRangeError) as refused:
            signature(replace(card, document=canonical(more).decode()), tmp_path / "key")
        assert refused.value.code == "agreement.digest"
