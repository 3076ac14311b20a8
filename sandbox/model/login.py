"""An account of this site's own: a name, a role and a password that only its holder knows."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.model.names import PrincipalName
from sandbox.model.principal import Role


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who may sign in with a password.

    It is not called an account here: `sandbox.model.account` is where budgets lie.
    """

    name: PrincipalName
    role: Role
    verifier: str
    """Argon2id in its own encoding (PHC string), parameters and salt included."""
    created: datetime
    created_by: PrincipalName
    changed: datetime
    """When the password was last set."""
    closed: datetime | None = None

    def __repr__(self) -> str:
        """Leave the verifier out: whoever reads it may guess at home."""
        return f"Login({self.name!r}, {self.role.value})"
