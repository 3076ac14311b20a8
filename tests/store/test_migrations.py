"""Books are opened at exactly the schema that this version knows, and upgraded on command."""

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from sandbox.errors import Unavailable
from sandbox.flow.list_record import list_unlisted
from sandbox.model import label
from sandbox.model.account import Account
from sandbox.model.agreement import AgreementState
from sandbox.model.cost import PrivacyCost
from sandbox.model.finding import Wanted
from sandbox.model.names import AccountId, Digest, SubmissionId
from sandbox.model.principal import Role
from sandbox.model.record import Version
from sandbox.model.submission import SubmissionState
from sandbox.model.token import Means
from sandbox.store.connection import Connection, Database
from sandbox.store.migrations import Migration, migrate, require_latest, shipped
from sandbox.store.pool import Pool
from sandbox.store.postgres import PostgresBooks
from sandbox.store.postgres_database import PostgresDatabase
from sandbox.store.sqlite import SqliteBooks
from sandbox.store.sqlite_database import SqliteDatabase
from tests.store import old_documents
from tests.support.books import open_books, spend, way_up
from tests.support.postgres import PostgresServer

SECOND = Migration(
    len(shipped()) + 1,
    "remarks",
    """
    -- A remark; with a semicolon in it.
    CREATE TABLE remark (words TEXT NOT NULL);
    INSERT INTO remark (words) SELECT id FROM account;
    """,
)
TRIGGER = Migration(
    SECOND.number,
    "trigger",
    """
    CREATE TRIGGER account_stays BEFORE DELETE ON account
    BEGIN
        SELECT RAISE(ABORT, 'stays');
    END;
    CREATE TABLE after_it (number INTEGER)
    """,
)
BROKEN = Migration(
    SECOND.number,
    "broken",
    """
    CREATE TABLE half (number INTEGER);
    INSERT INTO nowhere VALUES (1)
    """,
)


def database(place: str) -> Database:
    """What stands below the books at a place."""
    if place.startswith("postgresql:"):
        return PostgresDatabase(place, 1)
    return SqliteDatabase(Path(place), 1)


@pytest.fixture
def empty(place: str) -> Database:
    """A database in which nothing was ever migrated."""
    if not place.startswith("postgresql:"):
        Path(place).touch()
    return database(place)


@pytest.fixture
def connection(empty: Database) -> Iterator[Connection]:
    """What looks at it from beside."""
    with closing(empty.connect()) as connection:
        yield connection


def applied(connection: Connection) -> list[tuple[int, str]]:
    return [*map(tuple, connection.rows("SELECT number, name FROM migration ORDER BY number"))]


def steps_of(database: Database) -> tuple[Migration, ...]:
    return shipped(database.migrations)


@pytest.mark.parametrize("folder", [SqliteDatabase.migrations, PostgresDatabase.migrations])
def test_shipped_migrations_are_numbered_without_gaps_and_alike(folder: str) -> None:
    names = [(step.number, step.name) for step in shipped(folder)]
    assert [number for number, _ in names] == list(range(1, len(names) + 1))
    assert names[0] == (1, "first")
    assert names == [(step.number, step.name) for step in shipped()]


def test_new_books_have_the_latest_schema(place: str) -> None:
    open_books(place).close()
    with closing(database(place).connect()) as connection:
        latest = [(step.number, step.name) for step in steps_of(database(place))]
        assert applied(connection) == latest


def test_books_of_the_first_schema_come_to_the_latest(empty: Database, place: str) -> None:
    begin_at_the_first_schema(empty)
    first, *later = steps_of(empty)
    for step in later:
        migrate(empty, [first, *later[: step.number - 1]])
    migrate(empty)
    with closing(open_books(place)) as books, books.write() as page:
        leaf = AccountId("agreement/a1")
        assert way_up(page, leaf).source.spent == Fraction(3, 8)
        assert [one.id for one in page.accounts.below(AccountId("source/health/hie"))] == [leaf]
        assert spend(page, leaf, PrivacyCost(Fraction(1, 3))).source.spent == Fraction(17, 24)
        assert page.openings.get(Digest("k")) == b"\x00\xff"
        page.openings.remove(Digest("k"))
        assert list(page.sources) == []
        assert list(page.emergencies) == []
        assert page.log.append({"kind": "site"}) == 0


def test_documents_of_the_first_schema_read_with_what_they_could_not_say_yet(
    empty: Database, place: str
) -> None:
    begin_at_the_first_schema(empty)
    migrate(empty)
    with closing(open_books(place)) as books, books.read() as page:
        (dataset,) = page.datasets
        assert (dataset.name, dataset.version) == ("health/hie", 0)
        assert dataset.policy.privacy.per_person is None
        (agreement,) = page.agreements
        assert (agreement.state, agreement.disposed) == (AgreementState.IN_FORCE, None)
        (application,) = page.applications
        assert application.scenario == '"state":"reserved"'
        (token,) = page.tokens
        assert (token.id, token.name, token.role) == ("0", "研究员", Role.RESEARCHER)
        assert (token.expires, token.revoked, token.means) == (None, None, Means.TOKEN)
        assert page.tokens.get(token.id) == token
        assert list(page.logins) == []
        assert {one.route for one in page.submissions} == {None}
        assert page.submissions.get(SubmissionId("s2")).answer == b"\x00\xff"


def test_a_debit_of_which_it_was_not_said_whether_rows_were_read_counts_as_if_they_were(
    empty: Database, place: str
) -> None:
    begin_at_the_first_schema(empty)
    migrate(empty)
    with closing(open_books(place)) as books, books.read() as page:
        assert {one.id: one.state for one in page.submissions} == {
            "s1": SubmissionState.BEGUN,
            "s2": SubmissionState.RELEASED,
        }


def test_books_of_before_the_catalogue_can_list_and_find(empty: Database, place: str) -> None:
    begin_at_the_first_schema(empty)
    migrate(empty)
    with closing(open_books(place)) as books:
        with books.write() as page:
            assert not [*page.records, *page.owners, *page.proposals, *page.demands]
            list_unlisted(page)
        with books.read() as page:
            (record,) = page.records.search(Wanted("hie")).records
            (dataset,) = page.datasets
    assert record.name == dataset.name
    assert record.current == Version(dataset.snapshot.id, dataset.snapshot.created)


def test_what_stood_before_there_were_labels_is_found_by_them(empty: Database, place: str) -> None:
    begin_at_the_first_schema(empty)
    migrate(empty)
    with closing(open_books(place)) as books, books.read() as page:
        (dataset,) = page.datasets
        (application,) = page.applications
        (agreement,) = page.agreements
        (token,) = page.tokens
        assert list(page.datasets.labelled(label.of_source(dataset.source))) == [dataset]
        for name in (label.whose(application.applicant), label.owned_by(dataset.owner)):
            assert list(page.applications.labelled(name)) == [application]
        for name in (label.whose(agreement.researcher), label.owned_by(dataset.owner)):
            assert list(page.agreements.labelled(name)) == [agreement]
        assert list(page.tokens.labelled(label.whose(token.name))) == [token]


def begin_at_the_first_schema(empty: Database) -> None:
    """Make books as the first product left them."""
    migrate(empty, [steps_of(empty)[0]])
    documents = [
        ("dataset", "health/hie", old_documents.DATASET),
        ("application", "b1", old_documents.APPLICATION),
        ("agreement", "a1", old_documents.AGREEMENT),
        ("principal", "0", old_documents.PRINCIPAL),
        ("opening", "k", old_documents.OPENING),
        ("submission", "s1", old_documents.submission("s1", "reserved")),
        ("submission", "s2", old_documents.submission("s2", "released", '"AP8="', "8")),
    ]
    accounts = [("source/health/hie", None, "4.75"), ("agreement/a1", "source/health/hie", "0.75")]
    with closing(empty.connect()) as connection:
        for table, key, document in documents:
            connection.change(
                f"INSERT INTO {table} (key, document) VALUES (:key, :document)",  # noqa: S608
                {"key": key, "document": document},
            )
        for name, parent, cap in accounts:
            connection.change(
                "INSERT INTO account VALUES (:name, :parent, 'zcdp', :cap, '0.375')",
                {"name": name, "parent": parent, "cap": cap},
            )


def test_an_older_file_is_refused_with_the_command_that_upgrades_it(tmp_path: Path) -> None:
    path = tmp_path / "data folder" / "books.db"
    path.parent.mkdir()
    path.touch()
    with pytest.raises(Unavailable) as refusal:
        SqliteBooks(path)
    assert refusal.value.code == "books.old_schema"
    assert f"datarange upgrade --data '{path.parent}'" in refusal.value.message
    with closing(database(str(path)).connect()) as connection:
        assert connection.rows("SELECT name FROM sqlite_schema") == []
    migrate(SqliteDatabase(path, 1))
    with closing(SqliteBooks(path)) as books, books.write() as page:
        page.log.append({"kind": "site"})


def test_a_server_without_books_begins_them_once(place: str) -> None:
    for expected in (0, 1):
        with closing(open_books(place)) as books, books.write() as page:
            assert page.log.append({"kind": "site"}) == expected


def test_older_books_are_refused(empty: Database) -> None:
    migrate(empty)
    pool = Pool(empty)
    with closing(pool), pytest.raises(Unavailable) as refusal:
        require_latest(pool, empty, (*steps_of(empty), SECOND))
    assert refusal.value.code == "books.old_schema"
    assert empty.upgrading in refusal.value.message


def test_newer_books_are_refused(empty: Database, place: str) -> None:
    migrate(empty, (*steps_of(empty), SECOND))
    for attempt in (lambda: open_books(place), lambda: migrate(empty)):
        with pytest.raises(Unavailable) as refusal:
            attempt()
        assert refusal.value.code == "books.new_schema"


def test_an_upgrade_applies_what_is_missing_and_keeps_what_stands(
    place: str, source: Account
) -> None:
    with closing(open_books(place)) as books, books.write() as page:
        page.accounts.open(source)
    steps = (*steps_of(database(place)), SECOND)
    migrate(database(place), steps)
    migrate(database(place), steps)
    with closing(database(place).connect()) as connection:
        assert applied(connection)[-1] == (SECOND.number, SECOND.name)
        assert connection.rows("SELECT words FROM remark") == [(source.id,)]


def test_a_trigger_is_one_statement(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    SqliteBooks(path).close()
    migrate(SqliteDatabase(path, 1), (*shipped(), TRIGGER))
    with closing(SqliteDatabase(path, 1).connect()) as connection:
        assert connection.rows("SELECT 1 FROM sqlite_schema WHERE name = 'account_stays'")
        assert connection.rows("SELECT * FROM after_it") == []


def test_a_step_that_fails_is_undone_whole(place: str) -> None:
    open_books(place).close()
    steps = steps_of(database(place))
    with pytest.raises(Unavailable):
        migrate(database(place), (*steps, BROKEN))
    with closing(database(place).connect()) as connection:
        assert len(applied(connection)) == len(steps)
        with pytest.raises(Unavailable):
            connection.rows("SELECT * FROM half")


def test_there_is_nothing_to_upgrade_where_no_file_is(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        migrate(SqliteDatabase(tmp_path / "books.db", 1))
    assert refusal.value.code == "books.unavailable"
    assert not list(tmp_path.iterdir())


def test_tables_of_others_on_the_server_are_left_alone(
    server: PostgresServer, source: Account
) -> None:
    url = server.new_database()
    with closing(PostgresDatabase(url, 1).connect()) as connection:
        connection.run("CREATE TABLE public.account (id TEXT)")
        with closing(PostgresBooks(url)) as books, books.write() as page:
            page.accounts.open(source)
        assert connection.rows("SELECT id FROM public.account") == []
