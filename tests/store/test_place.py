"""A site's books stand in one place, and nobody begins new ones by forgetting where."""

from contextlib import closing
from pathlib import Path

import pytest

from sandbox.assembly import open_site
from sandbox.errors import BadInput, Conflict
from sandbox.flow.found import found
from sandbox.settings import Settings
from sandbox.store.place import open_books, upgrade_books
from sandbox.store.sql_books import SqlBooks
from tests.support.postgres import PostgresServer


def test_books_on_a_server_are_not_begun_anew_in_the_folder(
    tmp_path: Path, server: PostgresServer
) -> None:
    open_books(tmp_path, server.emptied_database()).close()
    for forgotten in (open_books, upgrade_books):
        with pytest.raises(BadInput) as refusal:
            forgotten(tmp_path, None)
        assert refusal.value.code == "books.place"
    assert not list(tmp_path.glob("*.sqlite"))


def test_books_in_the_folder_are_not_begun_anew_on_a_server(tmp_path: Path) -> None:
    open_books(tmp_path, None).close()
    for added in (open_books, upgrade_books):
        with pytest.raises(BadInput) as refusal:
            added(tmp_path, "postgresql://127.0.0.1:1/books")
        assert refusal.value.code == "books.place"


def test_both_kinds_are_found_again_and_upgraded(tmp_path: Path, server: PostgresServer) -> None:
    for folder, url in ((tmp_path / "a", None), (tmp_path / "b", server.emptied_database())):
        folder.mkdir()
        with closing(open_books(folder, url)) as books, books.write() as page:
            page.log.append({"kind": "site"})
        upgrade_books(folder, url)
        with closing(open_books(folder, url)) as books, books.read() as page:
            assert page.log.size() == 1


def test_an_address_of_another_database_is_refused_without_repeating_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        open_books(tmp_path, "mysql://clerk:geheim@host/books")
    assert refusal.value.code == "books.url"
    assert "geheim" not in refusal.value.message
    assert not list(tmp_path.iterdir())


def test_the_address_is_not_in_what_settings_show(tmp_path: Path) -> None:
    assert "geheim" not in repr(Settings(tmp_path, books="postgresql://clerk:geheim@host/books"))


def test_books_of_another_sites_key_are_refused(tmp_path: Path, server: PostgresServer) -> None:
    url = server.emptied_database()
    first = open_site(Settings(tmp_path / "a", books=url))
    found(first)
    assert isinstance(first.books, SqlBooks)
    first.books.close()
    with pytest.raises(Conflict) as refusal:
        open_site(Settings(tmp_path / "b", books=url))
    assert refusal.value.code == "site.key"
