"""Releases in the registry's schema; what no ledger knows is left out and said to be missing."""

import json
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sandbox.cli.report
from sandbox.cli.report.registry import UNKNOWN, Known, as_json, registry, rounded_up
from sandbox.ledger.epsilon import epsilon_of
from tests.support.half_a_year import HalfYear
from tests.support.honest_ledger import LATER_CAPS, RIDERS, TRIPS, honest, told, zcdp

Schema = dict[str, Any]
TEXT = str
REQUIRED = {
    "": {"url_slug", "deployment"},
    "deployment": {"basic", "administrative"},
    "basic": {
        "name",
        "data_curators",
        "description",
        "intended_use",
        "data_product_type",
        "data_product_region",
        "publication_date",
    },
    "data_curators": {"data_curator_name", "data_curator_type"},
    "administrative": {"status", "registry_authors", "tier"},
}
"""What each object must have, after `schemas/deployments-schema.yaml` of the registry's data."""
SCHEMA: Schema = {
    "url_slug": TEXT,
    "deployment": {
        "basic": {
            "name": TEXT,
            "data_curators": [
                {
                    "data_curator_name": TEXT,
                    "data_curator_type": {"Government", "Industry", "Nonprofit"},
                }
            ],
            "description": TEXT,
            "intended_use": TEXT,
            "data_product_type": {"Summary statistics", "SQL queries", "Interactive API"},
            "data_product_region": TEXT,
            "data_product_sector": {"Technology", "Healthcare", "Education", "Government"},
            "publication_date": TEXT,
        },
        "dp_variant": {
            "variant_name": {"Pure DP", "Zero-concentrated DP"},
            "data_domain": TEXT,
            "unprotected_quantities": TEXT,
        },
        "privacy_loss": {
            "privacy_unit": TEXT,
            "privacy_unit_details": TEXT,
            "privacy_parameters": {"epsilon": float, "rho": float, "delta": float},
            "privacy_parameters_details": TEXT,
        },
        "deployment_model": {
            "model_name": {"Central"},
            "trust_assumptions": TEXT,
            "release_type": {"Many releases"},
            "release_type_details": TEXT,
            "data_source_type": {"Static", "Dynamic"},
            "data_source_type_details": TEXT,
            "access_type": {"Interactive", "Non-interactive"},
            "access_type_details": TEXT,
        },
        "implementation": {
            "preprocessing_and_hyperparameter_tuning": TEXT,
            "mechanisms": TEXT,
            "composition": TEXT,
            "post_processing": TEXT,
            "additional_information": TEXT,
        },
        "administrative": {
            "evidence_sources": {
                "ledger": {
                    "evidence_source_type": {"Authorized organizational attestation"},
                    "misc": {"title": TEXT, "note": TEXT},
                }
            },
            "status": {"Draft"},
            "registry_authors": [TEXT],
            "tier": int,
        },
    },
}
"""What each object may have: further fields are refused by the registry."""


def faults(value: Any, schema: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401
    """Give all that the schema refuses."""
    if isinstance(schema, dict):
        yield from (f"{name}.{key} is missing" for key in REQUIRED.get(name, set()) - value.keys())
        yield from (f"{name}.{key} is not known" for key in value.keys() - schema.keys())
        for key in value.keys() & schema.keys():
            yield from faults(value[key], schema[key], key)
    elif isinstance(schema, list):
        for item in value:
            yield from faults(item, schema[0], name)
    elif isinstance(schema, set):
        yield from () if value in schema else (f"{name} is {value}",)
    elif not isinstance(value, schema) or value == "":
        yield f"{name} is no {schema.__name__}"


def recorded(known: Known) -> list[Any]:
    text = "".join(as_json(registry(enumerate(HalfYear().told()), known)))
    parsed = json.loads(text)
    assert isinstance(parsed, list)
    return parsed


def test_every_paid_release_is_a_record_of_the_schema() -> None:
    releases = [one for one in HalfYear().told() if one["kind"] == "release"]
    given = recorded(Known("Government", "Chongqing", "Healthcare"))
    assert len(given) == len(releases)
    for record in given:
        assert list(faults(record, SCHEMA)) == []
    assert len({record["url_slug"] for record in given}) == len(given)


def test_what_no_ledger_knows_is_all_that_is_missing() -> None:
    for record in recorded(Known()):
        assert list(faults(record, SCHEMA)) == ["data_curators.data_curator_type is missing"]
        assert record["deployment"]["basic"]["data_product_region"] == UNKNOWN
        assert UNKNOWN in record["deployment"]["basic"]["intended_use"]
        assert "number_of_privacy_units" not in record["deployment"]["privacy_loss"]


def test_the_documents_name_every_field_that_is_left_empty() -> None:
    text = Path(sandbox.cli.report.__path__[0], "REGISTRY.md").read_text(encoding="utf-8")
    missing = text[text.index("What cannot be filled") :]
    for field in (
        "data_curator_type",
        "data_product_region",
        "intended_use",
        "data_product_sector",
        "number_of_privacy_units",
        "actors",
        "justification",
        "utility",
    ):
        assert field in missing


def test_parameters_are_those_of_the_debit() -> None:
    story = told()
    first, second, third, *_ = (
        record["deployment"]["privacy_loss"]["privacy_parameters"]
        for record in registry(enumerate(story), Known())
    )
    assert (first["rho"], second["rho"]) == (rounded_up(Fraction(1, 3)), 0.125)
    assert third == {"epsilon": 0.25}


def test_a_rho_is_also_stated_as_epsilon_at_the_delta_that_the_owner_signed() -> None:
    first = next(registry(enumerate(told()), Known()))
    parameters = first["deployment"]["privacy_loss"]["privacy_parameters"]
    assert parameters["delta"] == 1e-9
    assert parameters["epsilon"] == epsilon_of(Fraction(1, 3), Fraction(1, 10**9))


@pytest.mark.parametrize("delta", ["0", "1", "7"])
def test_an_absurd_delta_gives_no_epsilon(delta: str) -> None:
    story = told()
    for entry in story:
        if entry["kind"] == "policy":
            entry["caps"] = {**entry["caps"], "delta": delta}
    first = next(registry(enumerate(story), Known()))
    assert first["deployment"]["privacy_loss"]["privacy_parameters"].keys() == {"rho"}


def test_terms_are_those_in_force_when_a_release_was_paid() -> None:
    story = honest()
    debit = story.debit("late", "a4", TRIPS, zcdp("0.01"), {}, parts=["west"])
    story.recap(RIDERS, "zcdp", LATER_CAPS, {**LATER_CAPS, "source": "9"}, change=9)
    story.release("late", debit)
    *_, last = registry(enumerate(story.entries), Known())
    loss = last["deployment"]["privacy_loss"]["privacy_parameters_details"]
    assert "over all answers to anybody, was 1.2." in loss
    assert "about 1 of 4 parts of the people by the column district" in loss
    assert "Parallel over the declared parts" in last["deployment"]["implementation"]["composition"]
    paid = next(one for one in registry(enumerate(story.entries), Known()) if _in_emergency(one))
    details = paid["deployment"]["privacy_loss"]["privacy_parameters_details"]
    assert "in e1, as the question cases that the owner approved" in details


def _in_emergency(record: dict[str, Any]) -> bool:
    details = record["deployment"]["privacy_loss"]["privacy_parameters_details"]
    return "kept for emergencies" in details


def test_a_debit_that_was_given_back_is_no_deployment() -> None:
    story = honest()
    before = len(list(registry(enumerate(story.entries), Known())))
    debit = story.debit("back", "a4", TRIPS, zcdp("0.01"), {})
    story.cancel("back", debit, {})
    story.release("back", debit)
    assert len(list(registry(enumerate(story.entries), Known()))) == before


def test_a_release_that_nobody_paid_for_is_no_deployment() -> None:
    unpaid = [one for one in told() if one["kind"] != "debit"]
    assert list(registry(enumerate(unpaid), Known())) == []


@given(st.fractions(0, 100))
def test_a_parameter_never_looks_better_than_it_is(amount: Fraction) -> None:
    written = rounded_up(amount)
    assert written >= amount
    assert amount == 0 or math.nextafter(written, 0) < amount


@pytest.mark.parametrize("amount", [Fraction(10**400), Fraction(1, 10**400)])
def test_absurd_parameters_are_still_json(amount: Fraction) -> None:
    assert json.loads(json.dumps(rounded_up(amount), allow_nan=False)) > 0
