"""A9: everybody asks at once; as many get an answer as the cap holds, and never one more."""

import json
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import pytest

from sandbox.ledger.note import verifier_key
from sandbox.ledger.verify import Report, verify_export
from sandbox.model.account import source_account
from sandbox.model.names import AccountId, SourceName
from sandbox.model.principal import Role
from tests.support.served import Served, served
from tests.support.town import CSV, POLICY

ANSWERS = 10
PATIENCE = 500
"""Seconds that a race may take on a busy machine."""
PROGRAM = Path(__file__).with_name("askers_program.py")
ONE_AGREEMENT = POLICY
CROWDED = POLICY.replace("per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 1.5}")
"""Two agreements together may spend more than the source has."""
ONE_PERSON = POLICY.replace("per_agreement:", "per_person: {epsilon: 1}\n  per_agreement:")
"""Two agreements of one person together may spend more than one person may."""

Asker = tuple[str, str, str]
"""Token, dataset, agreement."""
Outcomes = list[tuple[int, str]]
"""Status, and the SHA-256 of an answer or the code of a refusal."""


@pytest.fixture(autouse=True)
def room_for_connections() -> None:
    """Let this process, which serves, have as many files open as it may: 1,024 are usual."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.fixture(params=["sqlite", "postgresql"])
def books(request: pytest.FixtureRequest) -> str | None:
    """Where a new site's books stand: in a file of its own, or on a server."""
    if request.param == "sqlite":
        return None
    address: str = request.getfixturevalue("server").emptied_database()
    return address


def publish(site: Served, policy: str, accounting: str, name: str = "clinic") -> str:
    """Add a dataset of the people of `town/clinic`."""
    file, document = site.folder / f"{name}.csv", site.folder / f"{name}.yaml"
    file.write_text(CSV)
    renamed = f"dataset: town/{name}, source: town/clinic,"
    document.write_text(
        policy.replace("ACCOUNTING", accounting).replace("dataset: town/clinic,", renamed)
    )
    site.range_of(Role.OWNER).add_dataset(file, document, site.folder / "owner.key")
    return f"town/{name}"


def admitted(site: Served, name: str, dataset: str = "town/clinic") -> Asker:
    """Let a researcher in who has an agreement."""
    return another_agreement(site, site.admit(name), dataset)


def another_agreement(site: Served, token: str, dataset: str = "town/clinic") -> Asker:
    return token, dataset, site.agree(token, dataset, "research")


def account(site: Served, name: AccountId) -> tuple[Fraction, Fraction]:
    """Give what an account has spent, and its cap."""
    with site.site.books.read() as page:
        account = page.accounts.get(name)
    return account.spent, account.cap


def cap_of(site: Served, asker: Asker) -> Fraction:
    return account(site, AccountId(f"agreement/{asker[2]}"))[1]


SOURCE = source_account(SourceName("town/clinic"))


def question(number: int, asker: Asker, accounting: str, price: Fraction) -> str:
    """Ask something of its own for each number below 2,500."""
    _, dataset, agreement = asker
    return json.dumps(
        {
            "dataset": dataset,
            "agreement": agreement,
            "where": [f"age >= {number % 50}", f"age <= {99 - number // 50}"],
            "measures": [{"kind": "count"}],
            "rho" if accounting == "zcdp" else "epsilon": f"{price.numerator}/{price.denominator}",
        }
    )


def race(url: str, asked: Sequence[tuple[str, str]], processes: int) -> Outcomes:
    """Let all ask at once, each over a connection of its own, from so many processes."""
    shares = [asked[first::processes] for first in range(processes)]
    with subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, str(PROGRAM), url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as askers:
        assert askers.stdin is not None
        assert askers.stdout is not None
        askers.stdin.write(json.dumps(shares) + "\n")
        askers.stdin.flush()
        assert askers.stdout.readline() == "ready\n"
        told, _ = askers.communicate("go\n", timeout=PATIENCE)
    return [(status, what) for status, what in json.loads(told)]


def race_of(
    site: Served, askers: Sequence[Asker], accounting: str, price: Fraction, count: int
) -> Outcomes:
    """Let `count` ask different things at one price, the askers taking turns."""
    numbered = zip(range(count), cycle(askers), strict=False)
    asked = [(one[0], question(number, one, accounting, price)) for number, one in numbered]
    return race(site.url, asked, processes=min(count, 64) if count < 1000 else 8)


def statuses(outcomes: Outcomes) -> Counter[tuple[int, str]]:
    """Count answers, and refusals by their codes."""
    return Counter((status, "" if status == 200 else what) for status, what in outcomes)


def audited(site: Served) -> Report:
    """Audit the ledger offline; the books' accounts must say what it says."""
    export = site.range_of(Role.AUDITOR).export_ledger(site.folder / "export")
    key = verifier_key(site.site.origin, site.site.ledger_signer.public)
    report = verify_export(export, key)
    assert report.verified, report.findings
    for name, balance in report.balances.items():
        assert account(site, AccountId(name)) == (balance.spent, balance.cap)
    return report


def assert_answered(site: Served, outcomes: Outcomes, answers: int) -> None:
    """Check that so many were answered, all others refused, and that the ledger says the same."""
    refused = len(outcomes) - answers
    counted = Counter(status for status, _ in outcomes)
    assert counted == Counter({200: answers, 403: refused}), statuses(outcomes)
    counts = audited(site).counts
    assert counts["release"] == answers
    assert counts["debit"] - counts.get("cancellation", 0) == answers
    assert counts["refusal"] == refused


@pytest.mark.slow
@pytest.mark.parametrize("accounting", ["zcdp", "pure"])
def test_sixty_four_processes_of_a_tenth_get_ten_answers(
    tmp_path: Path, books: str | None, accounting: str
) -> None:
    with served(tmp_path, books=books) as site:
        publish(site, ONE_AGREEMENT, accounting)
        asker = admitted(site, "one")
        price = cap_of(site, asker) / ANSWERS
        outcomes = race_of(site, [asker], accounting, price, count=64)
        assert_answered(site, outcomes, ANSWERS)
        assert account(site, AccountId(f"agreement/{asker[2]}"))[0] == price * ANSWERS


@pytest.mark.slow
def test_a_thousand_requests_of_a_tenth_get_ten_answers(tmp_path: Path, books: str | None) -> None:
    with served(tmp_path, books=books) as site:
        publish(site, ONE_AGREEMENT, "pure")
        asker = admitted(site, "one")
        price = cap_of(site, asker) / ANSWERS
        outcomes = race_of(site, [asker], "pure", price, count=1000)
        assert_answered(site, outcomes, ANSWERS)


@pytest.mark.slow
@pytest.mark.parametrize("accounting", ["zcdp", "pure"])
def test_two_agreements_never_pass_their_source_s_cap(
    tmp_path: Path, books: str | None, accounting: str
) -> None:
    with served(tmp_path, books=books) as site:
        publish(site, CROWDED, accounting)
        askers = [admitted(site, name) for name in ("one", "two")]
        price = account(site, SOURCE)[1] / ANSWERS
        assert all(ANSWERS / 2 < cap_of(site, one) / price < ANSWERS for one in askers)
        outcomes = race_of(site, askers, accounting, price, count=64)
        assert_answered(site, outcomes, ANSWERS)
        spent, cap = account(site, SOURCE)
        assert spent == cap


@pytest.mark.slow
def test_two_datasets_never_pass_their_source_s_cap(tmp_path: Path, books: str | None) -> None:
    with served(tmp_path, books=books) as site:
        askers = [
            admitted(site, name, publish(site, CROWDED, "zcdp", name))
            for name in ("clinic", "ward")
        ]
        price = account(site, SOURCE)[1] / ANSWERS
        outcomes = race_of(site, askers, "zcdp", price, count=64)
        assert_answered(site, outcomes, ANSWERS)
        spent, cap = account(site, SOURCE)
        assert spent == cap


@pytest.mark.slow
def test_two_agreements_of_one_person_never_pass_the_person_s_cap(
    tmp_path: Path, books: str | None
) -> None:
    with served(tmp_path, books=books) as site:
        publish(site, ONE_PERSON, "pure")
        first = admitted(site, "one")
        askers = [first, another_agreement(site, first[0])]
        price = Fraction(1, ANSWERS)
        outcomes = race_of(site, askers, "pure", price, count=64)
        assert_answered(site, outcomes, ANSWERS)
        assert account(site, SOURCE)[0] == 1


@pytest.mark.slow
def test_equal_requests_at_once_share_one_answer(tmp_path: Path, books: str | None) -> None:
    with served(tmp_path, books=books) as site:
        publish(site, ONE_AGREEMENT, "zcdp")
        asker = admitted(site, "one")
        price = cap_of(site, asker) / ANSWERS
        asked = [(asker[0], question(7, asker, "zcdp", price))] * 64
        outcomes = race(site.url, asked, processes=64)
        assert {status for status, _ in outcomes} == {200}
        assert len({answer for _, answer in outcomes}) == 1
        assert audited(site).counts["release"] == 1
        assert account(site, SOURCE)[0] == price
