"""The DCAT export is what DCAT-AP 3 asks for, as a SHACL validator of other authors reads it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyshacl import validate
from rdflib import Graph

from sandbox.model.principal import Role
from tests.support.clinic import CSV, POLICY
from tests.support.served import Served, served
from tests.web.test_listing import CLOSED, OPEN

# The two libraries still use parts of each other that are to go.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SHAPES = Path(__file__).with_name("dcat_ap.ttl")
TERMS = "dcterms:title", "dcterms:description", "dcterms:publisher"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("exported")
    (folder / "rows.csv").write_text(CSV)
    (folder / "stops.csv").write_text("stop,driver\nPark,Zanzibar\n")
    (folder / "stops.yaml").write_text(OPEN)
    with served(folder) as site:
        for policy in (POLICY, CLOSED):
            (folder / "policy.yaml").write_text(policy)
            site.add(folder / "rows.csv", folder / "policy.yaml")
        site.range_of(Role.OWNER).open_data(folder / "stops.csv", folder / "stops.yaml")
        yield _dcat(site)


def _dcat(site: Served) -> dict[str, Any]:
    with site.http() as http:
        exported: dict[str, Any] = http.get("/api/v1/catalogue/dcat").json()
    return exported


def conforms(document: dict[str, Any]) -> tuple[bool, str]:
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    held, _, words = validate(graph, shacl_graph=str(SHAPES), advanced=False)
    return bool(held), str(words)


def test_every_openness_of_record_has_what_dcat_ap_makes_mandatory(
    exported: dict[str, Any],
) -> None:
    assert len(exported["dcat:dataset"]) == 3
    held, words = conforms(exported)
    assert held, words


@pytest.mark.parametrize("term", TERMS)
def test_a_catalogue_without_a_mandatory_term_would_be_noticed(
    exported: dict[str, Any], term: str
) -> None:
    assert not conforms({key: value for key, value in exported.items() if key != term})[0]


@pytest.mark.parametrize("term", TERMS[:2])
def test_a_dataset_without_a_mandatory_term_would_be_noticed(
    exported: dict[str, Any], term: str
) -> None:
    first, *others = exported["dcat:dataset"]
    shortened = {key: value for key, value in first.items() if key != term}
    assert not conforms(exported | {"dcat:dataset": [shortened, *others]})[0]
