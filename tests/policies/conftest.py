"""A policy that is in order, and what its loader says once it no longer is."""

from collections.abc import Callable

import pytest

from policies.load import PolicyError, PolicyErrors, load_policy
from policies.schema import Policy

Complain = Callable[[str | bytes], tuple[PolicyError, ...]]

VALID = """\
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: stays-research, dataset: health/stays}
openness: conditional
access: [algorithm]
grade: L3
privacy:
  unit: {column: person, max_rows: 5}
  accounting: zcdp
  budget: {epsilon: 4, delta: 1e-9}
  per_agreement: {epsilon: 2}
  per_submission: {epsilon: 1}
columns:
  person: {use: []}
  site: {use: [group, filter], keys: [1, no, 北京]}
  age: {use: [group, filter, measure], bounds: [0, 65], resolution: 1}
  cost:
    use: [measure]
    bounds: [-0.5, 20000]
    resolution: 0.01
  name: {use: []}
lanes:
  query: {release: automatic}
  algorithm: {release: automatic, blocks: {min: 40, max: 400}, time: 20s, memory: 1GiB}
  reviewed: {release: two-person, min_contributors: 10, dominance: {n: 1, k: 0.7}}
purposes: [public-health-research, teaching]
timing: {quantum: 250ms}
"""
BUDGETS = """\
  per_submission: {epsilon: 1}
  per_person: {epsilon: 3}
  per_period: {day: 1.5, month: 2, quarter: 2.5}
  emergency: {epsilon: 0.5}
  partition: {column: site, max_parts: 2}
"""


@pytest.fixture(scope="session")
def valid() -> str:
    return VALID


@pytest.fixture(scope="session")
def full() -> str:
    """A policy with every clause on budgets."""
    return VALID.replace("  per_submission: {epsilon: 1}\n", BUDGETS)


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(VALID)


@pytest.fixture(scope="session")
def complain() -> Complain:
    """Load a document that must not load, and give its errors."""

    def load(text: str | bytes) -> tuple[PolicyError, ...]:
        with pytest.raises(PolicyErrors) as caught:
            load_policy(text)
        return caught.value.errors

    return load
