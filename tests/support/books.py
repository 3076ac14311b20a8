"""Books by the name of their place, as tests and their programs are told it."""

from pathlib import Path

from sandbox.store.line import PATIENCE
from sandbox.store.postgres import PostgresBooks
from sandbox.store.sql_books import SqlBooks
from sandbox.store.sqlite import SqliteBooks


def open_books(place: str, patience: float = PATIENCE) -> SqlBooks:
    """Open books in a file, or on a server if the place is an address."""
    if place.startswith("postgresql:"):
        return PostgresBooks(place, patience=patience)
    return SqliteBooks(Path(place), patience=patience)
