"""What is signed means what the policy says, whatever a site would have signed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from policies.load import load_policy
from policies.open_lanes import open_lanes
from sandbox.cli.terms import require_meant
from sandbox.errors import NotVerified
from sandbox.flow.terms import caps_of, written
from sandbox.ledger.canonical import canonical
from sandbox.model.cost import Accounting, text
from sandbox.privacy.price import cap_of
from sandbox.wire import PolicyTerms
from tests.support.clinic import POLICY, WARD


def honest(policy: str) -> PolicyTerms:
    """Write terms with the site's own arithmetic."""
    read = load_policy(policy)
    privacy = read.privacy
    share = cap_of(
        Accounting(privacy.accounting), privacy.per_agreement.epsilon, privacy.budget.delta
    )
    document = {
        "accounting": privacy.accounting,
        "caps": written(caps_of(read)),
        "per_agreement": text(share),
        "lanes": list(open_lanes(read)),
    }
    return PolicyTerms("town/ward", "town/ward", canonical(document).decode())


def pure(policy: str) -> str:
    return policy.replace("accounting: zcdp", "accounting: pure")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.yaml"


@pytest.mark.parametrize("policy", [POLICY, WARD, pure(POLICY), pure(WARD)])
@pytest.mark.parametrize("epsilon", ["10", "8.7", "9.999999"])
def test_honest_terms_mean_what_the_policy_says(policy: str, epsilon: str, file: Path) -> None:
    policy = policy.replace("budget: {epsilon: 10", f"budget: {{epsilon: {epsilon}")
    file.write_text(policy)
    require_meant(file, honest(policy))


LIES = [
    {"accounting": "pure"},
    {"per_agreement": "1"},
    *({"caps": {name: "0.3"}} for name in ("source", "person", "day", "quarter", "emergency")),
    *({"caps": {name: None}} for name in ("person", "day", "quarter", "emergency")),
    {"caps": {"month": "0.01"}},
    {"caps": {"delta": "0.00001"}},
]


@pytest.mark.parametrize("lie", LIES)
def test_other_caps_than_the_policys_are_not_signed(lie: dict[str, object], file: Path) -> None:
    file.write_text(WARD)
    terms = honest(WARD)
    document = json.loads(terms.document)
    caps = lie.get("caps", {})
    assert isinstance(caps, dict)
    lying = document | lie | {"caps": document["caps"] | caps}
    with pytest.raises(NotVerified) as refused:
        require_meant(file, replace(terms, document=json.dumps(lying)))
    assert refused.value.code == "terms.caps"


@pytest.mark.parametrize("lanes", [[], ["query", "algorithm"], ["reviewed"]])
def test_other_lanes_than_the_policys_are_not_signed(lanes: list[str], file: Path) -> None:
    file.write_text(WARD)
    terms = honest(WARD)
    lying = json.loads(terms.document) | {"lanes": lanes}
    with pytest.raises(NotVerified) as refused:
        require_meant(file, replace(terms, document=json.dumps(lying)))
    assert refused.value.code == "terms.lanes"


def test_a_cap_a_thousandth_higher_is_seen(file: Path) -> None:
    file.write_text(WARD)
    dearer = honest(WARD.replace("budget: {epsilon: 10", "budget: {epsilon: 10.01"))
    with pytest.raises(NotVerified):
        require_meant(file, dearer)
