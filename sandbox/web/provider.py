"""An OpenID Connect provider, as its client sees it: authorization code, PKCE, state and nonce.

Authlib reads and checks claims, joserfc signatures; this module says what must hold and fetches no
more than needed. Loaded only where a provider is configured.
"""

import ipaddress
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sandbox.errors import NotSignedIn, Unavailable
from sandbox.ports import Clock
from sandbox.settings import Provider

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by keys that the provider alone holds; never `none`, never a shared secret."""
KEPT = 3600.0
"""Seconds that the provider's documents are believed."""
REFETCH = 30.0
"""Seconds between two looks for a key that is not known: anybody may name an invented one."""
PATIENCE = httpx.Timeout(10.0)
MAX_REPLY = 2**20
"""Bytes of a document of the provider's."""

NOT_HELD = "The provider's answer does not hold"
REFUSED = "The provider did not sign you in"
MALFORMED = "The identity provider does not describe itself as it should"

_JSON = {"accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that is under way; what is in it stays here, and comes back by its state."""

    state: str
    nonce: str
    verifier: str
    address: str
    """Where the browser goes."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody whom the provider vouches for."""

    name: str
    groups: tuple[str, ...]


class ProviderClient:
    """Speaks to one provider."""

    def __init__(
        self,
        provider: Provider,
        redirect_uri: str,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Remember whom to ask; nothing is fetched yet."""
        self._provider = provider
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def begin(self) -> Begun:
        """Invent what ties the answer to this browser, and say where it goes.

        Raises:
            Unavailable: `provider.unreachable` or `provider.malformed`.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        address = prepare_grant_uri(
            self._endpoint("authorization_endpoint"),
            self._provider.client_id,
            "code",
            redirect_uri=self._redirect_uri,
            scope=" ".join(self._provider.scopes),
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Begun(state, nonce, verifier, str(address))

    def finish(self, begun: Begun, answer: Mapping[str, str]) -> Vouched:
        """Turn the code that the browser brought back into somebody.

        Raises:
            NotSignedIn: `provider.refused`, or `provider.token`: something of it does not hold.
            Unavailable: `provider.unreachable` or `provider.malformed`.
        """
        self._check_issuer(answer)
        if "error" in answer or not answer.get("code"):
            raise NotSignedIn(REFUSED, code="provider.refused")
        reply = self._exchange(answer["code"], begun.verifier)
        claims = self._claims(str(reply.get("id_token", "")), begun, reply.get("access_token"))
        groups = claims.get(self._provider.groups_claim) or ()
        listed = (groups,) if isinstance(groups, str) else groups
        name = claims.get(self._provider.name_claim)
        if not isinstance(name, str) or not isinstance(listed, list | tuple):
            raise NotSignedIn(NOT_HELD, code="provider.token")
        return Vouched(
            f"{name}@{self._provider.label}",
            tuple(each for each in listed if isinstance(each, str)),
        )

    def _check_issuer(self, answer: Mapping[str, str]) -> None:
        """Refuse an answer of another provider (RFC 9207)."""
        promised = self._document().get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", self._provider.issuer) != self._provider.issuer or (
            promised and "iss" not in answer
        ):
            raise NotSignedIn(NOT_HELD, code="provider.token")

    def _exchange(self, code: str, verifier: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        # RFC 6749, section 2.3.1: both halves are form-encoded before they are joined.
        who = quote(self._provider.client_id, safe=""), quote(self._provider.client_secret, safe="")
        return self._fetch("POST", self._endpoint("token_endpoint"), data=form, auth=who)

    def _claims(self, token: str, begun: Begun, access_token: object) -> Mapping[str, Any]:
        """Check an ID token's signature and claims (OpenID Connect Core, section 3.1.3.7)."""
        try:
            read = jwt.decode(token, self._keys_for(token), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self._provider.issuer},
                    "aud": {"essential": True, "value": self._provider.client_id},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": begun.nonce},
                },
                params={
                    "nonce": begun.nonce,
                    "client_id": self._provider.client_id,
                    "access_token": access_token,
                },
            )
            now = int(self._clock.now().timestamp())
            claims.validate(now=now, leeway=int(self._provider.skew.total_seconds()))
        except (JoseError, ValueError, TypeError, KeyError):
            # Without the cause: it quotes claims.
            raise NotSignedIn(NOT_HELD, code="provider.token") from None
        return dict(claims)

    def _keys_for(self, token: str) -> KeySet:
        """Give the provider's keys; fetched again if the token names one that is not among them."""
        kid = jws.extract_compact(token.encode()).headers().get("kid")
        with self._lock:
            now = self._monotonic()
            known = self._keys
            if known is not None and now - known[0] < KEPT:
                named = kid is None or any(key.kid == kid for key in known[1].keys)
                if named or now - known[0] < REFETCH:
                    return known[1]
            address = self._endpoint("jwks_uri")
            keys = KeySet.import_key_set(dict(self._fetch("GET", address)))  # type: ignore[arg-type]
            self._keys = (now, keys)
            return keys

    def _endpoint(self, name: str) -> str:
        """Give one of the provider's addresses; secrets go over TLS, or stay on this machine."""
        address = self._document().get(name)
        if not isinstance(address, str) or not _is_private(address):
            raise Unavailable(MALFORMED, code="provider.malformed")
        return address

    def _document(self) -> Mapping[str, Any]:
        """Give the provider's description of itself (OpenID Connect Discovery 1.0)."""
        now = self._monotonic()
        if self._metadata is None or now - self._metadata[0] >= KEPT:
            issuer = self._provider.issuer
            if not _is_private(issuer):
                raise Unavailable(MALFORMED, code="provider.malformed")
            found = self._fetch("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise Unavailable(MALFORMED, code="provider.malformed")
            self._metadata = (now, found)
        return self._metadata[1]

    def _fetch(self, method: str, address: str, **sent: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """Fetch one JSON object; redirects are not followed."""
        try:
            with httpx.Client(timeout=PATIENCE, trust_env=False) as http:
                reply = http.request(method, address, headers=_JSON, **sent)
        except httpx.HTTPError:
            # Without the cause, which holds the request and its secret.
            raise Unavailable(
                "The identity provider does not answer", code="provider.unreachable"
            ) from None
        if reply.is_client_error and method == "POST":
            raise NotSignedIn(REFUSED, code="provider.refused")
        try:
            found = reply.json() if len(reply.content) <= MAX_REPLY else None
        except ValueError:
            found = None
        if not reply.is_success or not isinstance(found, dict):
            raise Unavailable(MALFORMED, code="provider.malformed")
        return found


def _is_private(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        loopback = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        loopback = parts.hostname == "localhost"
    return parts.scheme == "http" and loopback
