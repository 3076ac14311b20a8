"""A real site on a real socket: SQLite, files, keys, OpenDP; one server thread."""

import logging
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx

from sandbox.assembly import SystemClock, create_app, open_site
from sandbox.client import Range, connect
from sandbox.client.owner_signing import policy_signature
from sandbox.client.signing_key import make_if_missing, public_key
from sandbox.engines.blocks import BlockEngine
from sandbox.engines.local_workers import LocalWorkers
from sandbox.flow.found import found
from sandbox.flow.permit import admit
from sandbox.flow.site import NOBODY, Site
from sandbox.isolation.plan import BackEnd
from sandbox.model.principal import Role
from sandbox.ports import Clock, Onlooker
from sandbox.settings import (
    LOCAL,
    MAX_WAITING,
    PROCESSORS,
    UNWITNESSED,
    Identity,
    Settings,
    Witnessing,
)
from sandbox.web.logs import Reticent
from sandbox.web.server import http_server
from sandbox.wire import ApplicantForm, AssessmentForm, DatasetAdded, FindingMessage

WORKERS = 2
TODAY = SystemClock().now().date()
APPLICANT = ApplicantForm("natural_person", "Li Wanting", "50010119900101123X")
PERIOD = (TODAY.isoformat(), (TODAY + timedelta(days=90)).isoformat())


@dataclass
class Served:
    """A site that answers, and everything that it ever said."""

    url: str
    site: Site
    folder: Path
    tokens: Mapping[Role, str]
    said: list[bytes] = field(default_factory=list)
    """Head and body of every reply that a client of `http` got."""
    logged: list[str] = field(default_factory=list)

    def http(self, token: str | Role | None = None) -> httpx.Client:
        """Give a bare client, whose replies are noted."""
        token = self.tokens[token] if isinstance(token, Role) else token
        return httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {token}"} if token else {},
            event_hooks={"response": [self._note]},
            timeout=60,
            # Nothing here is TLS, and reading the authorities' certificates takes 30 ms.
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )

    def range_of(self, token: str | Role) -> Range:
        """Connect as a notebook does."""
        return connect(self.url, self.tokens[token] if isinstance(token, Role) else token)

    @property
    def owner_key(self) -> Path:
        """The key that the first owner's sources are in the care of."""
        return self.folder / "owner.key"

    def add(self, file: Path, policy: Path) -> DatasetAdded:
        """Hand a file in with its policy, signed by the owner's key."""
        return self.range_of(Role.OWNER).add_dataset(file, policy, self.owner_key)

    def signed(self, policy: str) -> dict[str, str]:
        """Give what a form says of a policy that the owner's key has signed."""
        file, key = self.folder / "signed.yaml", make_if_missing(self.owner_key)
        file.write_bytes(policy.encode())
        terms = self.range_of(Role.OWNER).terms(file, key)
        return {
            "policy": policy,
            "owner_key": public_key(key),
            "signature": policy_signature(terms, policy, key, self.site.origin),
        }

    def admit(self, name: str, role: Role = Role.RESEARCHER) -> str:
        """Let somebody in; give the token."""
        with self.site.books.write() as page:
            return admit(self.site, page, name, role)

    def agree(self, token: str | Role, dataset: str, purpose: str, *further: str) -> str:
        """Go from application to signature; give the id of the agreement, or of the first."""
        researcher, steward = self.range_of(token), self.range_of(Role.STEWARD)
        key = self.folder / "researcher.key"
        asked = researcher.apply(
            dataset,
            purpose,
            "A paper",
            "Encrypted laptops",
            *PERIOD,
            key,
            further=further,
            applicant=APPLICANT,
        )
        for name in (dataset, *further):
            self.assent(asked.id, name)
        granted = steward.decide(asked.id, grant=True, reason="In order").agreement or ""
        return researcher.sign(granted, key).id

    def assent(self, application: str, dataset: str) -> None:
        """Let the steward find all in order, and the owner consent."""
        answer = FindingMessage(met=True, remark="In order")
        self.range_of(Role.STEWARD).assess(
            application, AssessmentForm(answer, answer, answer, answer, answer)
        )
        self.range_of(Role.OWNER).consent(application, dataset, "As our board decided")

    def _note(self, response: httpx.Response) -> None:
        head = b"\n".join(name + b": " + value for name, value in response.headers.raw)
        self.said.append(head + b"\n\n" + response.read())


class Notes(logging.Handler):
    """Keeps what an operator would read."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.lines = lines
        self.setFormatter(Reticent())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def served(  # noqa: PLR0913, PLR0917  (what a test may want of a site)
    folder: Path,
    witnessing: Witnessing = UNWITNESSED,
    books: str | None = None,
    places: tuple[int, int] = (PROCESSORS, MAX_WAITING),
    identity: Identity = LOCAL,
    clock: Clock | None = None,
    onlooker: Onlooker = NOBODY,
    lane: BackEnd | None = None,
) -> Iterator[Served]:
    """Found a site in the folder, its books there or on a server; serve it until the block ends.

    `places` are for questions that are computed, and that wait to be; `lane` holds programs.
    """
    running, waiting = places
    settings = Settings(
        folder / "site",
        port=0,
        books=books,
        identity=identity,
        witnessing=witnessing,
        max_running=running,
        max_waiting=waiting,
    )
    site = replace(open_site(settings, clock), onlooker=onlooker)
    if lane is not None:
        workers = LocalWorkers(lane, WORKERS)
        engine = BlockEngine(settings.data / "snapshots", workers, lane, site.chance)
        site = replace(site, blocks=engine)
    tokens = found(site)
    server = http_server(create_app(settings, site))
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        here = Served(f"http://127.0.0.1:{listener.getsockname()[1]}", site, folder, tokens)
        notes = Notes(here.logged)
        logging.getLogger().addHandler(notes)
        try:
            yield here
        finally:
            logging.getLogger().removeHandler(notes)
            server.should_exit = True
            thread.join()
            site.books.close()
