"""What every user's view of a site stands on: one connection with one token."""

from sandbox.client.connection import Connection
from sandbox.client.session import Session
from sandbox.wire import SiteCard


class Seat:
    """One site, seen with one token; what each role does there stands in a module of its own."""

    def __init__(self, connection: Connection, site: SiteCard, ledger_key: str | None) -> None:
        """Remember the ledger's key for later proofs."""
        self._connection = connection
        self._session = Session(connection, ledger_key or site.ledger_key)
        self.site = site

    def __repr__(self) -> str:
        """Show whose ledger and which address."""
        return f"<{type(self).__name__} {self.site.name} at {self._connection.url}>"
