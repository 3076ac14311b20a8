"""Books by the name of their place, as tests and their programs are told it, and debits there."""

from pathlib import Path

from sandbox.model.cost import PrivacyCost
from sandbox.model.names import AccountId
from sandbox.model.path import Path as Way
from sandbox.ports import Page
from sandbox.store.line import PATIENCE
from sandbox.store.postgres import PostgresBooks
from sandbox.store.sql_books import SqlBooks
from sandbox.store.sqlite import SqliteBooks


def open_books(place: str, patience: float = PATIENCE) -> SqlBooks:
    """Open books in a file, or on a server if the place is an address."""
    if place.startswith("postgresql:"):
        return PostgresBooks(place, patience=patience)
    return SqliteBooks(Path(place), patience=patience)


def way_up(page: Page, leaf: AccountId) -> Way:
    """Give an account with all above it, the uppermost as the source."""
    nodes = [page.accounts.get(leaf)]
    while nodes[-1].parent is not None:
        nodes.append(page.accounts.get(nodes[-1].parent))
    return Way(leaves=tuple(nodes[:-1]), source=nodes[-1])


def spend(page: Page, leaf: AccountId, cost: PrivacyCost) -> Way:
    """Debit an account and all above it, as the flow does; give them as they stand after."""
    before = way_up(page, leaf)
    after = before.debited(cost)
    page.accounts.move(before.accounts, after.accounts)
    return after
