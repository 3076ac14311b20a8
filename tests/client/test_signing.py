"""A researcher signs what was shown, or nothing."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.client.signing import signature
from sandbox.client.signing_key import make_if_missing
from sandbox.errors import DataRangeError, NotVerified
from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.signing import agreement_message
from sandbox.wire import AgreementCard
from tests.support.town import KeySigner

SITE = KeySigner()


def offered() -> AgreementCard:
    """Offer an agreement as an honest site would."""
    document = {
        "id": "a1.2",
        "version": 2,
        "amends": "a1",
        "researcher": "anna",
        "site_key": base64.b64encode(SITE.public).decode(),
        "text": "Purpose: research",
        "text_zh": "利用目的：研究",
    }
    written = canonical(document).decode()
    digest = sha256(written.encode())
    signed = base64.b64encode(SITE.sign(agreement_message(digest))).decode()
    return AgreementCard(
        **document,  # type: ignore[arg-type]  # as `canonical` wrote them
        state="offered",
        datasets=("health/hie",),
        purpose="research",
        starts="2026-11-01",
        ends="2026-12-01",
        document=written,
        digest=digest,
        site_signature=signed,
        accounting="zcdp",
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
    longer = canonical({**json.loads(card.document), "clauses": {"purpose": "sales"}}).decode()
    with pytest.raises(DataRangeError) as refused:
        signature(replace(card, document=longer), tmp_path / "key")
    assert refused.value.code == "agreement.digest"
