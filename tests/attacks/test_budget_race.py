"""A9: sixty-four processes ask at once, each for a tenth of the cap; ten get an answer."""

import json
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from sandbox.ledger.note import verifier_key
from sandbox.ledger.verify import verify_export
from sandbox.model.account import agreement_account
from sandbox.model.names import AgreementId
from sandbox.model.principal import Role
from tests.support.served import Served, served
from tests.support.town import CSV, POLICY

ASKERS = 64
ANSWERS = 10
PROGRAM = Path(__file__).with_name("asker_program.py")


def add_dataset(site: Served, accounting: str) -> None:
    file, policy = site.folder / "clinic.csv", site.folder / "clinic.yaml"
    file.write_text(CSV)
    policy.write_text(POLICY.replace("ACCOUNTING", accounting))
    site.range_of(Role.OWNER).add_dataset(file, policy)


def tenth_of_the_cap(site: Served, agreement: str) -> Fraction:
    with site.site.books.read() as page:
        return page.accounts.get(agreement_account(AgreementId(agreement))).cap / ANSWERS


def question(number: int, agreement: str, accounting: str, price: Fraction) -> str:
    paid = f"{price.numerator}/{price.denominator}"
    return json.dumps(
        {
            "dataset": "town/clinic",
            "agreement": agreement,
            "where": [f"age >= {number}"],
            "measures": [{"kind": "count"}],
            "rho" if accounting == "zcdp" else "epsilon": paid,
        }
    )


def race(url: str, token: str, questions: list[str]) -> Counter[str]:
    """Start a process for each question, let all go at once, and count what they got."""
    askers = [
        subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, str(PROGRAM), url, token, asked],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for asked in questions
    ]
    for asker in askers:
        assert asker.stdout is not None
        assert asker.stdout.readline() == "ready\n"
    for asker in askers:
        assert asker.stdin is not None
        asker.stdin.write("go\n")
        asker.stdin.flush()
    return Counter(asker.communicate()[0].strip() for asker in askers)


def spent_and_cap(site: Served, agreement: str) -> tuple[Fraction, Fraction]:
    with site.site.books.read() as page:
        account = page.accounts.get(agreement_account(AgreementId(agreement)))
    return account.spent, account.cap


@pytest.mark.slow
@pytest.mark.parametrize(
    ("accounting", "on_server"), [("zcdp", False), ("pure", False), ("zcdp", True)]
)
def test_sixty_four_askers_of_a_tenth_get_ten_answers(
    request: pytest.FixtureRequest, tmp_path: Path, accounting: str, *, on_server: bool
) -> None:
    books = request.getfixturevalue("server").emptied_database() if on_server else None
    with served(tmp_path, books=books) as site:
        add_dataset(site, accounting)
        agreement = site.agree(Role.RESEARCHER, "town/clinic", "research")
        price = tenth_of_the_cap(site, agreement)
        asked = [question(number, agreement, accounting, price) for number in range(ASKERS)]
        got = race(site.url, site.tokens[Role.RESEARCHER], asked)
        assert got == {"200": ANSWERS, "403": ASKERS - ANSWERS}
        spent, cap = spent_and_cap(site, agreement)
        assert spent == cap
        export = site.range_of(Role.AUDITOR).export_ledger(tmp_path / "export")
        report = verify_export(
            export, verifier_key(site.site.origin, site.site.ledger_signer.public)
        )
    assert report.verified, report.findings
    assert report.counts["debit"] == report.counts["release"] == ANSWERS
    assert report.counts["refusal"] == ASKERS - ANSWERS


@pytest.mark.slow
def test_sixty_four_askers_of_one_question_share_one_answer(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        add_dataset(site, "zcdp")
        agreement = site.agree(Role.RESEARCHER, "town/clinic", "research")
        price = tenth_of_the_cap(site, agreement)
        asked = [question(7, agreement, "zcdp", price)] * ASKERS
        assert race(site.url, site.tokens[Role.RESEARCHER], asked) == {"200": ASKERS}
        assert spent_and_cap(site, agreement)[0] == price
