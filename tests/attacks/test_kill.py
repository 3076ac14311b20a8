"""A9: kill -9 at any moment; what was acknowledged stands, and nothing is free or lost."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.flow.ask import ask
from sandbox.ledger.note import verifier_key
from sandbox.ledger.verify import verify_export
from sandbox.model.principal import Role
from tests.attacks.killed_site_program import QUESTIONS, question
from tests.support.served import served
from tests.support.town import CSV, POLICY

LIVES = 60
PROGRAM = Path(__file__).with_name("killed_site_program.py")


@pytest.mark.slow
def test_sixty_sudden_deaths_lose_nothing_and_give_nothing_away(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        (tmp_path / "clinic.csv").write_text(CSV)
        policy = POLICY.replace("ACCOUNTING", "zcdp").replace(
            "agreement: {epsilon: 1", "agreement: {epsilon: 2"
        )
        (tmp_path / "clinic.yaml").write_text(policy)
        site.range_of(Role.OWNER).add_dataset(tmp_path / "clinic.csv", tmp_path / "clinic.yaml")
        site.agree(Role.RESEARCHER, "town/clinic", "research")
    died = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, str(PROGRAM), str(tmp_path / "site"), str(LIVES)],
        capture_output=True,
        text=True,
        check=True,
    )
    acknowledged = {int(number): digests for number, digests in json.loads(died.stdout).items()}
    assert len(acknowledged) > LIVES // 2
    assert all(len(digests) == 1 for digests in acknowledged.values())
    with served(tmp_path) as site:
        with site.site.books.read() as page:
            researcher = next(one for one in page.principals if one.role is Role.RESEARCHER)
        for number in range(QUESTIONS):
            answer = ask(site.site, researcher, question(number))
            digest = hashlib.sha256(answer).hexdigest()
            assert acknowledged.get(number, [digest]) == [digest]
        auditor = site.admit("second-auditor", Role.AUDITOR)
        export = site.range_of(auditor).export_ledger(tmp_path / "export")
        report = verify_export(
            export, verifier_key(site.site.origin, site.site.ledger_signer.public)
        )
    assert report.verified, report.findings
    assert report.counts["debit"] == report.counts["release"] == QUESTIONS
