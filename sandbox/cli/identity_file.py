"""The file that says how people sign in: `datarange up --identity FILE`.

```yaml
public_url: https://range.example
limits:
  sign_ins_per_address: {count: 30, span: PT15M}
  sign_ins_per_account: {count: 10, span: PT15M}
  requests_per_token: {count: 6000, span: PT1M}
provider:
  issuer: https://sso.example/realms/city
  client_id: datarange
  roles: [[data-stewards, steward], [data-owners, owner], [researchers, researcher]]
```

The client's secret stands in DATARANGE_PROVIDER_SECRET, not in the file.
"""

import os
from pathlib import Path
from typing import Any, NoReturn

import yaml
from pydantic import TypeAdapter, ValidationError

from sandbox.errors import BadInput, Place
from sandbox.model.principal import Role
from sandbox.settings import Identity

SECRET = "DATARANGE_PROVIDER_SECRET"  # noqa: S105  (the variable's name)

_IDENTITY = TypeAdapter(Identity)


def read_identity(file: Path) -> Identity:
    """Read how people sign in.

    Raises:
        BadInput: code `identity.file`; the place names file and field.
    """
    try:
        written = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        _refuse(file, "The file is no readable YAML")
    if not isinstance(written, dict):
        _refuse(file, "The file is a map of settings")
    try:
        identity = _IDENTITY.validate_python(_with_secret(file, written), extra="forbid")
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        _refuse(file, first["msg"], ".".join(map(str, first["loc"])))
    _require_roles(file, identity)
    return identity


def _with_secret(file: Path, written: dict[str, Any]) -> dict[str, Any]:
    provider = written.get("provider")
    if not isinstance(provider, dict):
        return written
    if "client_secret" in provider:
        _refuse(file, f"The secret stands in {SECRET}, not here", "provider.client_secret")
    secret = os.environ.get(SECRET)
    if not secret:
        _refuse(file, f"Set {SECRET} to the client's secret", "provider")
    return {**written, "provider": {**provider, "client_secret": secret}}


def _require_roles(file: Path, identity: Identity) -> None:
    known = {role.value for role in Role}
    for _, role in identity.provider.roles if identity.provider else ():
        if role not in known:
            _refuse(file, "A group's role is one of " + ", ".join(known), "provider.roles")


def _refuse(file: Path, message: str, clause: str | None = None) -> NoReturn:
    """Refuse the file, without the cause: it quotes the file."""
    raise BadInput(
        message, code="identity.file", place=Place(file=str(file), clause=clause)
    ) from None
