"""`datarange agreement certificate`, and `datarange audit certificate` without a site."""

import json
from pathlib import Path

from sandbox.ledger.note import verifier_key
from tests.cli.conftest import Type, typed
from tests.support.served import Served


def test_a_certificate_is_fetched_saved_and_checked_offline(
    clinic: Served, auditor: Type, tmp_path: Path
) -> None:
    token = clinic.admit("leaver")
    agreement = clinic.agree(token, "town/clinic", "research")
    as_leaver = {"DATARANGE_URL": clinic.url, "DATARANGE_TOKEN": token}
    early = typed("agreement", "certificate", agreement, env=as_leaver)
    assert early.code == 6
    gone = ("--statement", "All copies are gone")
    assert typed("agreement", "dispose", agreement, *gone, env=as_leaver).code == 0
    file = tmp_path / "certificate.json"
    shown = auditor("agreement", "certificate", agreement, "--out", str(file))
    assert shown.code == 0, shown.all
    assert agreement in shown.out
    key = verifier_key(clinic.site.origin, clinic.site.ledger_signer.public)
    checked = typed("audit", "certificate", str(file), "--key", key)
    assert (checked.code, checked.out) == (0, shown.out)
    in_chinese = typed("audit", "certificate", str(file), "--key", key, env={"LC_ALL": "zh_CN"})
    assert "处置证明" in in_chinese.out
    told = json.loads(file.read_text())
    assert typed("audit", "certificate", str(file), "--key", key, "--json").json == told
    file.write_text(file.read_text().replace("stopped 0", "stopped 7"))
    forged = typed("audit", "certificate", str(file), "--key", key)
    assert forged.code == 8
    assert "certificate.text" in forged.all
    for wrong in ("[]", "{", '{"checkpoint": 1}'):
        file.write_text(wrong)
        assert typed("audit", "certificate", str(file), "--key", key).code == 3
