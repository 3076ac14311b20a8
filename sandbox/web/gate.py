"""The gate: what every sign-in passes, by password or token, with its limits."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Annotated, cast

from fastapi import Depends, Request

from sandbox.errors import BadInput, NotSignedIn, Place
from sandbox.flow.permit import admit_caller
from sandbox.flow.site import Site
from sandbox.model.principal import Principal
from sandbox.model.token import Means
from sandbox.settings import Identity
from sandbox.web.limiter import Limiter

HOUSEHOLD = 64
"""Bits of an IPv6 address that stand for one customer; the rest is theirs to vary."""


class Gate:
    """Counts sign-ins by address and account, and requests by token."""

    def __init__(self, identity: Identity) -> None:
        """Begin with nothing counted."""
        limits = identity.limits
        self.identity = identity
        self._addresses = Limiter(limits.sign_ins_per_address, "sign_in.too_many")
        self._accounts = Limiter(limits.sign_ins_per_account, "sign_in.too_many")
        self._requests = Limiter(limits.requests_per_token, "token.too_many")

    @contextmanager
    def trying(self, request: Request, name: str) -> Iterator[None]:
        """Count a sign-in by password; one that succeeds does not count.

        Raises:
            TooMany: code `sign_in.too_many`, the same for names that exist and that do not.
            NotSignedIn: the block's own; this try is lost.
        """
        address, account = address_of(request), sha256(name.encode("utf-8", "replace")).hexdigest()
        self._addresses.take(address)
        self._accounts.take(account)
        wrong = False
        try:
            yield
        except NotSignedIn:
            wrong = True
            raise
        finally:
            if not wrong:
                self._addresses.give_back(address)
                self._accounts.give_back(account)

    def require_local(self, name: str) -> None:
        """Keep the provider's people to the provider: nobody here may go by their names.

        Raises:
            BadInput: code `name.of_provider`.
        """
        provider = self.identity.provider
        if provider is not None and name.endswith(f"@{provider.label}"):
            raise BadInput(
                "Names of this kind belong to the identity provider",
                code="name.of_provider",
                place=Place(clause="name"),
            )

    def admit(self, site: Site, secret: str, means: Means) -> Principal:
        """Let a request in by its token or session.

        Raises:
            NotSignedIn: nobody has it, or it has ended.
            TooMany: code `token.too_many`.
        """
        principal = admit_caller(site, secret, means)
        self._requests.take(principal.token or "")
        return principal


def address_of(request: Request) -> str:
    """Say where a request comes from; headers are not believed, as anybody may write them."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, HOUSEHOLD), strict=False))
    return str(address)


async def _gate(request: Request) -> Gate:  # noqa: RUF029  (else FastAPI would hop to a thread)
    return cast("Gate", request.app.state.gate)


TheGate = Annotated[Gate, Depends(_gate)]
