"""The schema is what the policy makes public: open columns on lattices, closed ones by name."""

from fractions import Fraction
from pathlib import Path

import pytest

import policies
from policies.load import load_policy
from sandbox.model.names import ColumnName
from sandbox.model.schema import Lattice, Partition
from sandbox.query.schema import schema_of

TEMPLATES = sorted((Path(policies.__file__).parent / "templates").glob("*.yaml"))


@pytest.fixture
def policy_text() -> str:
    return """\
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: t, dataset: health/hie}
openness: conditional
access: [algorithm]
grade: L2
privacy:
  unit: {column: person, max_rows: 5}
  accounting: zcdp
  budget: {epsilon: 4, delta: 1e-9}
  per_agreement: {epsilon: 2}
  per_submission: {epsilon: 1}
columns:
  site: {use: [group, filter], keys: ["1", "2"]}
  meddol: {use: [measure], bounds: [-5, 20000], resolution: 0.01}
  person: {use: []}
  name: {use: []}
lanes:
  query: {release: automatic}
purposes: [public-health-research]
"""


def test_a_policy_opens_its_used_columns_in_order_and_no_others(policy_text: str) -> None:
    schema = schema_of(load_policy(policy_text))
    assert (schema.unit, schema.max_rows) == ("person", 5)
    assert schema.closed == {"person", "name"}
    site, meddol = schema.columns
    assert (site.name, site.keys) == ("site", ("1", "2"))
    assert site.use == {"group", "filter"}
    assert meddol.name == "meddol"
    assert meddol.lattice == Lattice(-500, 2_000_000, Fraction(1, 100))


def test_a_declared_partition_names_its_column_and_the_most_parts_of_one_person(
    policy_text: str,
) -> None:
    assert schema_of(load_policy(policy_text)).partition is None
    unit = "  unit: {column: person, max_rows: 5}\n"
    parted = policy_text.replace(unit, f"{unit}  partition: {{column: site, max_parts: 1}}\n")
    assert schema_of(load_policy(parted)).partition == Partition(ColumnName("site"), most=1)


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.stem for path in TEMPLATES])
def test_every_shipped_policy_gives_a_schema(path: Path) -> None:
    schema = schema_of(load_policy(path.read_bytes(), path.name))
    assert schema.columns
    assert schema.find(schema.unit) is None
