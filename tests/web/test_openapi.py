"""The OpenAPI document says what is taken and given, in the wire's own words."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.served import Served


@pytest.fixture(scope="module")
def document(clinic: Served) -> dict[str, Any]:
    with clinic.http() as http:
        return dict(http.get("/api/v1/openapi.json").json())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))
    assert set(references) <= set(document["components"]["schemas"])
    assert {"Question", "MeasureMessage", "Problem", "Released", "AnswerColumn"} <= set(references)


def test_every_operation_may_answer_with_a_problem(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        assert "application/problem+json" in operation["responses"]["default"]["content"], path
        assert "422" not in operation["responses"], path


def test_every_posted_message_is_described(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert ("requestBody" in operation) == (method == "post"), path
        assert operation["summary"]
        assert operation["description"]


def test_answers_are_described_though_they_are_stored_bytes(document: dict[str, Any]) -> None:
    content = document["paths"]["/api/v1/questions"]["post"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["$ref"].endswith("/Released")


def test_what_needs_a_token_says_so(document: dict[str, Any]) -> None:
    public = {
        path for method, path, operation in operations(document) if "security" not in operation
    }
    assert public == {
        "/api/v1/sign-in",
        "/api/v1/site",
        "/api/v1/datasets",
        "/api/v1/datasets/{owner}/{title}",
        "/api/v1/datasets/{owner}/{title}/mock",
        "/api/v1/catalogue",
        "/api/v1/catalogue/records/{name}",
        "/api/v1/catalogue/dcat",
        "/api/v1/catalogue/sheet",
        "/api/v1/catalogue/croissant/{name}",
        "/api/v1/owners",
        "/api/v1/demands",
        "/api/v1/environment",
    }
