"""Sign-in at a real OpenID Connect provider, and at one that lies."""

import base64
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from sandbox.errors import NotPermitted, NotSignedIn, Unavailable
from sandbox.model.principal import Role
from sandbox.settings import Identity, Provider
from sandbox.web.provider import Begun, ProviderClient
from sandbox.web.provider_pages import role_of
from tests.support.served import Served, served

PUBLIC = "http://range.example"
BACK = f"{PUBLIC}/sign-in/provider/back"
PROGRAM = Path(__file__).parents[1] / "support" / "oidc_program.py"
ROLES = (("officials", "steward"), ("scientists", "researcher"))


@dataclass
class Machine:
    """The machine's time, or another."""

    off: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off  # noqa: TID251  (the provider goes by it too)


@dataclass
class Real:
    """A provider that runs, and a site that trusts it."""

    url: str
    provider: Provider
    site: Served

    @contextmanager
    def entered(self, user: str) -> Iterator[httpx.Client]:
        """Give a browser that is signed in at the provider."""
        with httpx.Client() as http:
            assert http.get(f"{self.url}/enter", params={"user": user}).status_code == 200
            yield http

    def asked(self, browser: httpx.Client, address: str) -> dict[str, str]:
        """Follow an address to the provider; give what it sends back."""
        reply = browser.get(address)
        assert reply.headers["location"].startswith(BACK + "?"), reply.text
        return dict(parse_qsl(urlsplit(reply.headers["location"]).query))

    def client(self, off: timedelta = timedelta(0)) -> ProviderClient:
        return ProviderClient(self.provider, BACK, Machine(off))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    folder = tmp_path_factory.mktemp("provider")
    command = [sys.executable, str(PROGRAM), str(folder), BACK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            provider = Provider(f"{told['url']}/o", told["client_id"], told["client_secret"], ROLES)
            with served(folder, identity=Identity(public_url=PUBLIC, provider=provider)) as site:
                yield Real(told["url"], provider, site)
        finally:
            process.kill()


def test_somebody_signs_in_at_the_provider_and_has_their_groups_role(real: Real) -> None:
    with real.site.http() as http, real.entered("mei") as there:
        address = http.get("/sign-in/provider").headers["location"]
        answer = real.asked(there, address)
        done = http.get("/sign-in/provider/back", params=answer)
        assert done.status_code == 200, done.text
        assert 'href="/me"' in done.text
        me = http.get("/me?lang=en").text
    sent = dict(parse_qsl(urlsplit(address).query))
    assert (sent["code_challenge_method"], sent["response_type"]) == ("S256", "code")
    assert {"state", "nonce", "code_challenge"} <= sent.keys()
    assert "@sso (researcher)" in me
    assert "SameSite=strict" in done.headers["set-cookie"]


def test_an_answer_is_used_once_and_by_the_browser_that_was_sent(real: Real) -> None:
    with real.site.http() as http, real.site.http() as victim, real.entered("mei") as there:
        answer = real.asked(there, http.get("/sign-in/provider").headers["location"])
        victim.get("/sign-in/provider")
        stolen = victim.get("/sign-in/provider/back", params=answer)
        again = http.get("/sign-in/provider/back", params=answer)
        forged = http.get("/sign-in/provider/back", params={**answer, "state": "x"})
    codes = [reply.json()["code"] for reply in (stolen, again, forged)]
    assert codes == ["provider.state"] * 3
    assert not [one for one in victim.cookies.jar if "session" in one.name]


def test_who_is_in_no_group_with_a_role_stays_out(real: Real) -> None:
    with real.site.http() as http, real.entered("lin") as there:
        answer = real.asked(there, http.get("/sign-in/provider").headers["location"])
        refused = http.get("/sign-in/provider/back", params=answer)
    assert (refused.status_code, refused.json()["code"]) == (403, "role.none")
    assert "set-cookie" not in refused.headers


def test_a_rotated_key_is_found(real: Real) -> None:
    passed = [0.0]
    client = ProviderClient(real.provider, BACK, Machine(), lambda: passed[0])
    for minute in range(3):
        passed[0] = 60.0 * minute
        with real.entered("tian") as there:
            begun = client.begin()
            vouched = client.finish(begun, real.asked(there, begun.address))
        assert vouched.groups == ("officials",)
        assert httpx.get(f"{real.url}/rotate").status_code == 200


@pytest.mark.parametrize(("seconds", "holds"), [(-50, True), (50, True), (-600, False)])
def test_clocks_may_differ_by_a_minute(real: Real, seconds: int, holds: bool) -> None:  # noqa: FBT001
    client = real.client(timedelta(seconds=seconds))
    with real.entered("tian") as there:
        begun = client.begin()
        answer = real.asked(there, begun.address)
        if holds:
            assert client.finish(begun, answer).groups == ("officials",)
        else:
            with pytest.raises(NotSignedIn) as refusal:
                client.finish(begun, answer)
            assert refusal.value.code == "provider.token"


@pytest.mark.parametrize(
    ("secret", "changes", "code"),
    [
        ("wrong", {}, "provider.refused"),
        (None, {"verifier": "v" * 43}, "provider.refused"),
        (None, {"nonce": "another"}, "provider.token"),
    ],
)
def test_a_wrong_secret_verifier_or_nonce_signs_nobody_in(
    real: Real, secret: str | None, changes: dict[str, str], code: str
) -> None:
    honest = real.client()
    provider = replace(real.provider, client_secret=secret or real.provider.client_secret)
    client = ProviderClient(provider, BACK, Machine())
    with real.entered("mei") as there:
        begun = honest.begin()
        answer = real.asked(there, begun.address)
        with pytest.raises(NotSignedIn) as refusal:
            client.finish(replace(begun, **changes), answer)
    assert refusal.value.code == code


@pytest.mark.parametrize("answer", [{"error": "access_denied"}, {}, {"code": ""}])
def test_no_code_is_no_sign_in(real: Real, answer: dict[str, str]) -> None:
    client = real.client()
    with pytest.raises(NotSignedIn):
        client.finish(client.begin(), answer)


def test_an_answer_of_another_issuer_is_refused(real: Real) -> None:
    client = real.client()
    with pytest.raises(NotSignedIn) as refusal:
        client.finish(client.begin(), {"code": "x", "iss": "https://evil.example"})
    assert refusal.value.code == "provider.token"


KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class Lies:
    """What a provider of the test's own says."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    key: Any = field(default_factory=lambda: KEY)
    token: str | None = None
    issuer: str | None = None
    jwks_fetched: int = 0

    def reply(self, path: str) -> dict[str, Any]:
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.issuer or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        if path == "/keys":
            self.jwks_fetched += 1
            return {"keys": [KEY.as_dict(private=False)]}
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token()}

    def id_token(self) -> str:
        if self.token is not None:
            return self.token
        return jwt.encode(self.header, self.claims, self.key, algorithms=[self.header["alg"]])


@pytest.fixture
def lies() -> Iterator[Lies]:
    told = Lies()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(told.reply(self.path)).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def finish(lies: Lies, claims: dict[str, Any]) -> tuple[ProviderClient, Begun]:
    client = ProviderClient(Provider(lies.url, "us", "secret", ROLES), BACK, Machine())
    begun = client.begin()
    now = int(Machine().now().timestamp())
    sound = {
        "iss": lies.url,
        "aud": "us",
        "sub": "42",
        "iat": now,
        "exp": now + 300,
        "nonce": begun.nonce,
        "groups": ["scientists"],
    }
    lies.claims = {name: value for name, value in (sound | claims).items() if value is not None}
    return client, begun


def test_a_sound_token_is_taken(lies: Lies) -> None:
    client, begun = finish(lies, {})
    vouched = client.finish(begun, {"code": "c"})
    assert (vouched.name, vouched.groups) == ("42@sso", ("scientists",))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": ["somebody-else"]},
        {"aud": ["us", "somebody-else"]},
        {"aud": ["us", "somebody-else"], "azp": "somebody-else"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": 42},
        {"exp": None},
        {"exp": 1},
        {"iat": None},
        {"iat": 2**40},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"groups": {"scientists": True}},
    ],
)
def test_a_token_with_a_wrong_claim_is_not(lies: Lies, claims: dict[str, Any]) -> None:
    client, begun = finish(lies, claims)
    with pytest.raises(NotSignedIn) as refusal:
        client.finish(begun, {"code": "c"})
    assert refusal.value.code == "provider.token"


def confused(claims: dict[str, Any]) -> str:
    """Sign with the provider's public key as if it were a shared secret."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "one"}, claims)
    ]
    tag = hmac.digest(KEY.as_pem(private=False), b".".join(parts), "sha256")
    return b".".join((*parts, base64.urlsafe_b64encode(tag).rstrip(b"="))).decode()


@pytest.mark.parametrize(
    "change",
    [
        {"key": OTHER_KEY},
        {"token": "eyJhbGciOiJub25lIn0.e30."},
        {"token": ""},
        {"token": "a.b.c"},
        {"token": "\ud800"},
        {"header": {"alg": "RS256", "kid": "unknown"}, "key": OTHER_KEY},
    ],
)
def test_a_token_with_a_wrong_signature_is_not(lies: Lies, change: dict[str, Any]) -> None:
    client, begun = finish(lies, {})
    for name, value in change.items():
        setattr(lies, name, value)
    with pytest.raises(NotSignedIn) as refusal:
        client.finish(begun, {"code": "c"})
    assert refusal.value.code == "provider.token"


def test_a_public_key_is_no_shared_secret(lies: Lies) -> None:
    client, begun = finish(lies, {})
    lies.token = confused(lies.claims)
    with pytest.raises(NotSignedIn) as refusal:
        client.finish(begun, {"code": "c"})
    assert refusal.value.code == "provider.token"


def test_invented_key_ids_do_not_make_us_hammer_the_provider(lies: Lies) -> None:
    client, begun = finish(lies, {})
    lies.header = {"alg": "RS256", "kid": "invented"}
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            client.finish(begun, {"code": "c"})
    assert lies.jwks_fetched == 1


def test_a_provider_that_is_somebody_else_or_nowhere_signs_nobody_in(lies: Lies) -> None:
    lies.issuer = "https://evil.example"
    for issuer, code in (
        (lies.url, "provider.malformed"),
        ("http://127.0.0.1:1", "provider.unreachable"),
        ("http://provider.example", "provider.malformed"),
    ):
        client = ProviderClient(Provider(issuer, "us", "secret", ROLES), BACK, Machine())
        with pytest.raises(Unavailable) as refusal:
            client.begin()
        assert refusal.value.code == code


def test_nobody_of_the_sites_own_goes_by_a_name_of_the_providers(real: Real) -> None:
    account = {"name": "1@sso", "role": "researcher", "password": "correct horse 1234"}
    token = {"name": "1@sso", "role": "researcher"}
    with real.site.http(Role.ADMINISTRATOR) as http:
        for path, form in (("accounts", account), ("tokens", token)):
            reply = http.post(f"/api/v1/{path}", json=form)
            assert (reply.status_code, reply.json()["code"]) == (422, "name.of_provider")


def test_of_several_groups_the_first_of_the_settings_counts(real: Real) -> None:
    assert role_of(real.provider, ["scientists", "officials"]).value == "steward"
    with pytest.raises(NotPermitted):
        role_of(real.provider, ["Officials", "officials "])


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    with served(tmp_path) as site, site.http() as http:
        for path in ("/sign-in/provider", "/sign-in/provider/back"):
            assert http.get(path).status_code == 404
        assert "/sign-in/provider" not in http.get("/sign-in").text


def test_a_provider_needs_the_address_that_it_sends_people_back_to() -> None:
    with pytest.raises(ValueError, match="public address"):
        Identity(provider=Provider("https://provider.example", "us", "secret", ROLES))
