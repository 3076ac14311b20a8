"""A real site in one process: memory books, real vault, engine, keys and noise, a clock of ours."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.calendars import ChineseCalendar
from sandbox.engines.local import LocalEngine
from sandbox.engines.showcase import DiskShowcase
from sandbox.engines.snapshots import DiskVault
from sandbox.flow.apply import apply
from sandbox.flow.assess import assess
from sandbox.flow.consent import consent
from sandbox.flow.decide import decide
from sandbox.flow.describe import describe
from sandbox.flow.found import found
from sandbox.flow.permit import admit, identify
from sandbox.flow.recap import change_caps
from sandbox.flow.sign import sign
from sandbox.flow.site import Site
from sandbox.flow.terms import policy_terms
from sandbox.ledger.balance import Balance
from sandbox.ledger.replay import replay
from sandbox.ledger.signing import agreement_message, cap_message, policy_message
from sandbox.model.account import Account
from sandbox.model.agreement import Agreement
from sandbox.model.application import Application
from sandbox.model.names import AccountId, AgreementId, ApplicationId
from sandbox.model.principal import Principal, Role
from sandbox.model.source import Source
from sandbox.settings import UNWITNESSED, Witnessing
from sandbox.store.keys import KeyedPseudonyms
from sandbox.store.memory import MemoryBooks
from sandbox.store.workspaces import DiskWorkspaces
from sandbox.wire import (
    ApplicantForm,
    ApplicationForm,
    AssessmentForm,
    ConsentForm,
    FindingMessage,
    MeasureMessage,
    Question,
)

POLICY = """
apiVersion: datarange/v1
kind: ReleasePolicy
metadata:
  {name: clinic, dataset: town/clinic, owner: town, title: Visits, title_zh: 就诊,
   description: Visits to the clinic, theme: health, keywords: [visits], contact: town hall}
openness: conditional
access: [algorithm]
grade: L3
privacy:
  unit: {column: person, max_rows: 2}
  accounting: ACCOUNTING
  budget: {epsilon: 2, delta: 1e-9}
  per_agreement: {epsilon: 1}
  per_submission: {epsilon: 1}
columns:
  person: {use: []}
  site: {use: [group, filter], keys: [north, south]}
  age: {use: [filter], bounds: [0, 99]}
  cost: {use: [measure], bounds: [0, 100], resolution: 0.5}
  name: {use: []}
lanes:
  query: {release: automatic}
purposes: [research, teaching]
timing: {quantum: 50ms}
"""
CSV = "person,site,age,cost,name\n" + "".join(
    f"p{i // 2},{'north' if i % 3 else 'south'},{i % 90},{i % 70}.5,secret{i}\n" for i in range(200)
)


APPLICANT = ApplicantForm("natural_person", "Li Wanting", "50010119900101123X")


@dataclass
class HandClock:
    """A clock that a test moves."""

    time: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@dataclass
class CountedChance:
    """Bytes that differ from call to call and are the same in every run."""

    calls: int = 0

    def fresh(self, length: int) -> bytes:
        self.calls += 1
        return self.calls.to_bytes(length, "big")


@dataclass
class KeySigner:
    """An Ed25519 key of the test."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


@dataclass
class Town:
    """A site with its people, and the steps that most tests begin with."""

    site: Site
    clock: HandClock
    folder: Path
    people: dict[Role, Principal]
    key: KeySigner = field(default_factory=KeySigner)
    owner_key: KeySigner = field(default_factory=KeySigner)

    def describe(self, accounting: str = "zcdp", csv: str = CSV, policy: str = POLICY) -> None:
        file = self.folder / "clinic.csv"
        file.write_text(csv)
        policy = policy.replace("ACCOUNTING", accounting)
        owner_key, signature = self.signed(policy)
        describe(self.site, self.people[Role.OWNER], policy, file, "csv", owner_key, signature)

    def signed(self, policy: str) -> tuple[str, str]:
        """The owner's key, and their signature under the terms of a policy."""
        owner_key = base64.b64encode(self.owner_key.public).decode()
        terms = policy_terms(self.site, self.people[Role.OWNER], policy, owner_key)
        signature = self.owner_key.sign(policy_message(json.loads(terms.document)))
        return owner_key, base64.b64encode(signature).decode()

    def recap(self, policy: str) -> Source:
        """Change the source's caps to a policy's, as the owner's key signs."""
        owner_key = base64.b64encode(self.owner_key.public).decode()
        terms = policy_terms(self.site, self.people[Role.OWNER], policy, owner_key)
        change = json.loads(terms.cap_change or "null")
        signature = base64.b64encode(self.owner_key.sign(cap_message(change))).decode()
        return change_caps(self.site, self.people[Role.OWNER], policy, owner_key, signature)

    def form(self, **changes: object) -> ApplicationForm:
        form = ApplicationForm(
            dataset="town/clinic",
            purpose="research",
            scenario="A paper on visits",
            safeguards="Encrypted laptops",
            starts="2026-11-01",
            ends="2026-12-31",
            public_key=base64.b64encode(self.key.public).decode(),
            applicant=APPLICANT,
        )
        return replace(form, **changes)  # type: ignore[arg-type]  # a test's own choice

    def assess(self, id: str, unmet: Sequence[str] = ()) -> Application:  # noqa: A002
        """Answer the five questions as the first steward."""
        items = ("project", "people", "setting", "data", "outputs")
        project, people, setting, data, outputs = (
            FindingMessage(item not in unmet, f"On {item}") for item in items
        )
        form = AssessmentForm(project, people, setting, data, outputs)
        return assess(self.site, self.people[Role.STEWARD], id, form)

    def consent(self, id: str, dataset: str = "town/clinic", *, given: bool = True) -> Application:  # noqa: A002
        """Answer for one of the first owner's datasets."""
        form = ConsentForm(dataset, given, "As our board decided")
        return consent(self.site, self.people[Role.OWNER], id, form)

    def grant(self, id: str) -> Application:  # noqa: A002
        """Bring a submitted application to its grant."""
        with self.site.books.read() as page:
            asked = page.applications.get(ApplicationId(id))
        self.assess(id)
        for name in asked.datasets:
            self.consent(id, name)
        return decide(self.site, self.people[Role.STEWARD], id, grant=True, reason="In order")

    def agree(self, researcher: Principal | None = None, **changes: object) -> Agreement:
        asker = researcher or self.people[Role.RESEARCHER]
        application = apply(self.site, asker, self.form(**changes))
        decided = self.grant(application.id)
        with self.site.books.read() as page:
            offered = page.agreements.get(AgreementId(decided.agreement or ""))
        signature = self.key.sign(agreement_message(offered.digest))
        return sign(self.site, asker, offered.id, base64.b64encode(signature).decode())

    def newcomer(self, name: str, role: Role = Role.RESEARCHER) -> Principal:
        with self.site.books.write() as page:
            token = admit(self.site, page, name, role)
        with self.site.books.read() as page:
            return identify(page, token)

    def entries(self, kind: str = "") -> list[dict[str, Any]]:
        """The ledger's entries, or those of a kind."""
        with self.site.books.read() as page:
            read = [json.loads(entry) for entry in page.log.entries()]
        return [entry for entry in read if kind in {"", entry["kind"]}]

    def audit(self) -> Mapping[str, Balance]:
        """Replay the ledger by the auditor's rules; give the balances if all of it is in order."""
        replayed = replay(enumerate(self.entries()))
        assert not [one for one in replayed.found if one.severity == "error"]
        return replayed.balances

    def account(self, name: str) -> Account:
        with self.site.books.read() as page:
            return page.accounts.get(AccountId(name))

    def later(self, **span: int) -> None:
        self.clock.time += timedelta(**span)


def question(**changes: object) -> Question:
    asked = Question(
        dataset="town/clinic",
        group_by=("site",),
        measures=(MeasureMessage("count"), MeasureMessage("mean", "cost")),
        where=("age >= 40",),
        epsilon="0.5",
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def build_town(folder: Path, witnessing: Witnessing = UNWITNESSED) -> Town:
    """Found a site with one person in each role."""
    clock = HandClock()
    site = Site(
        origin="test.example/range",
        books=MemoryBooks(),
        clock=clock,
        chance=CountedChance(),
        vault=DiskVault(folder / "snapshots", lambda _: b"k" * 32, clock),
        showcase=DiskShowcase(folder / "showcase", clock),
        engine=LocalEngine(folder / "snapshots"),
        ledger_signer=KeySigner(),
        site_signer=KeySigner(),
        pseudonyms=KeyedPseudonyms(b"s" * 32),
        workspaces=DiskWorkspaces(folder / "workspaces"),
        calendar=ChineseCalendar(),
        zone=ZoneInfo("Asia/Shanghai"),
        witnessing=witnessing,
    )
    tokens = found(site)
    with site.books.read() as page:
        people = {role: identify(page, token) for role, token in tokens.items()}
    return Town(site, clock, folder, people)
