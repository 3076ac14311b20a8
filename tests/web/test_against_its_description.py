"""A18: schemathesis reads the site's own description and sends what it allows and what it does not.

Whatever comes, whoever sends it, the site answers within its time, in the shape that it describes,
and never with a fault. The gate sends a few requests an operation; `make test-all` many.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation as AnyOperation
from schemathesis import Case as AnyCase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from sandbox.model.principal import Role
from tests.support.clinic import CSV, POLICY, WARD
from tests.support.served import Served, served

APIOperation = AnyOperation[Any, Any, Any, Any]
Case = AnyCase[Any]

FEW, MANY = 6, 120
"""Requests an operation."""
PATIENCE = 20
"""Seconds within which any reply has come."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
WORDS = (
    *("town/clinic", "town/ward", "town", "research", "count", "mean", "cost", "site", "age >= 3"),
    *(
        "0.01",
        "2026-11-25",
        "csv",
        "ledger",
        "in_order",
        "objection",
        "accepted",
        "refused",
        "open",
    ),
    *("A" * 43 + "=", "A" * 86 + "==", "owner", "steward", "natural_person", "Li Wanting"),
    *('SELECT COUNT(*) FROM "town/clinic"', "0/000", "entries/000.p/1", "", "-1", "9" * 30),
)
"""Words that mean something to the site, so that not every request ends at the first check."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("described")
    (folder / "rows.csv").write_text(CSV)
    with served(folder) as running:
        for policy in (POLICY, WARD):
            (folder / "policy.yaml").write_text(policy)
            running.add(folder / "rows.csv", folder / "policy.yaml")
        for _ in range(3):
            running.agree(Role.RESEARCHER, "town/clinic", "research")
        yield running


def ids_of(site: Served) -> list[str]:
    """Give the ids of what there is, for paths that name one."""
    with site.http(Role.STEWARD) as http:
        lists = [http.get(f"/api/v1/{kind}").json() for kind in ("applications", "agreements")]
    return [one["id"] for some in lists for one in some]


def description(site: Served) -> dict[str, Any]:
    """Give the site's description, but for who may do what: we choose the tokens."""
    with site.http() as http:
        described: dict[str, Any] = http.get("/api/v1/openapi.json").json()
    for methods in described["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return described


def operations(site: Served, described: dict[str, Any]) -> Iterator[APIOperation]:
    loaded = schemathesis.openapi.from_dict(described)
    loaded.config.update(base_url=site.url)
    for result in loaded.get_all_operations():
        yield result.ok()  # type: ignore[union-attr]  # else the description is wrong: let it raise


class Attack:
    """Sends requests, and keeps what was wrong with a reply."""

    def __init__(self, site: Served, requests: int) -> None:
        self.site = site
        self.requests = requests
        self.words = (*WORDS, *ids_of(site))
        self.statuses = Counter[int]()
        self.wrong: dict[str, str] = {}

    def attack_all(self) -> None:
        for operation in operations(self.site, description(self.site)):
            self.attack(operation)

    def attack(self, operation: APIOperation) -> None:
        kinds = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        cases = st.one_of(*(operation.as_strategy(generation_mode=kind) for kind in kinds))

        @settings(
            max_examples=self.requests,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(cases, st.sampled_from((None, *Role)), st.data())
        def send(case: Case, role: Role | None, data: st.DataObject) -> None:
            self._send(case, role, data)

        send()

    def _send(self, case: Case, role: Role | None, data: st.DataObject) -> None:
        if case.meta and case.meta.generation.mode is GenerationMode.POSITIVE:
            case.body = self._reworded(case.body, data)
            case.path_parameters = self._reworded(case.path_parameters or {}, data)
        token = {"authorization": f"Bearer {self.site.tokens[role]}"} if role else {}
        case.headers.update(token)
        reply = case.call(timeout=PATIENCE)
        self.statuses[reply.status_code] += 1
        label = f"{case.operation.label} {reply.status_code}"
        try:
            case.validate_response(reply, checks=CHECKS)
        except FailureGroup as failures:
            self.wrong[label] = "\n".join(str(one) for one in failures.exceptions)
        if "Traceback" in reply.text or "sandbox/" in reply.text:
            self.wrong[label] = reply.text

    def _reworded(self, value: Any, data: st.DataObject) -> Any:  # noqa: ANN401  (any JSON)
        """Put a word of the site in place of about every second text."""
        if isinstance(value, str):
            return data.draw(st.sampled_from(self.words) | st.just(value))
        if isinstance(value, dict):
            return {name: self._reworded(item, data) for name, item in value.items()}
        if isinstance(value, list):
            return [self._reworded(item, data) for item in value]
        return value


@pytest.mark.parametrize("requests", [FEW, pytest.param(MANY, marks=pytest.mark.heavy)])
def test_whatever_is_sent_the_reply_is_as_described_and_no_fault(
    site: Served, requests: int
) -> None:
    attack = Attack(site, requests)
    attack.attack_all()
    assert attack.wrong == {}
    assert site.logged == []
    assert attack.statuses[429] < sum(attack.statuses.values()) / 20, attack.statuses
    assert sum(attack.statuses[status] for status in (200, 201)) > requests * 5, attack.statuses


def test_a_reply_of_another_shape_than_described_would_be_noticed(
    site: Served,
) -> None:
    """Describe one operation falsely: this suite can fail."""
    described = description(site)
    path = "/api/v1/site"
    described["components"]["schemas"]["SiteCard"]["properties"]["name"] = {"type": "integer"}
    described["paths"] = {path: described["paths"][path]}
    attack = Attack(site, 2)
    for operation in operations(site, described):
        attack.attack(operation)
    assert list(attack.wrong) == ["GET /api/v1/site 200"]
