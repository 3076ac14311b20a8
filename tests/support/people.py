"""People with accounts at a site of one process."""

from sandbox.flow.enrol import open_account
from sandbox.model.principal import Role
from tests.support.town import Town

PASSWORD = "correct horse battery"  # noqa: S105  (a test's)


def enrol(town: Town, name: str = "mei", role: Role = Role.RESEARCHER) -> str:
    """Open an account; give its name."""
    return open_account(town.site, town.people[Role.ADMINISTRATOR], name, role, PASSWORD).name
