"""Whatever is handed in: a code, a place, nothing half-written, no traceback, no value."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Said, Type, typed
from tests.support.served import Served

CANARY = "Ratatouille"
"""In the rows of every bad file."""
HEADER = "person,site,age,cost,name\n"
ROW = f"p1,north,41,1.5,{CANARY}\n"


def truncated_parquet(folder: Path) -> Path:
    file = folder / "rows.parquet"
    pl.DataFrame({"person": [CANARY] * 5000, "site": ["north"] * 5000}).write_parquet(file)
    file.write_bytes(file.read_bytes()[:-100])
    return file


def csv(rows: str, header: str = HEADER, name: str = "rows.csv") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        file = folder / name
        file.write_text(header + rows)
        return file

    return write


def wrong_type_in_row_100000(folder: Path) -> Path:
    rows = [f"p{n},north,41,1.5,{CANARY}\n" for n in range(100_000)]
    rows[99_999] = f"p7,north,41,{CANARY},x\n"
    return csv("".join(rows))(folder)


def not_named_as_data(folder: Path) -> Path:
    file = folder / "rows.xlsx"
    file.write_text(HEADER + ROW)
    return file


FILES = [
    pytest.param(truncated_parquet, "rows.parquet", id="truncated Parquet"),
    pytest.param(wrong_type_in_row_100000, "row 100000", id="wrong type in row 100,000"),
    pytest.param(csv(""), "rows.csv", id="empty table"),
    pytest.param(csv("", header=""), "rows.csv", id="empty file"),
    pytest.param(csv(ROW + f",north,41,1.5,{CANARY}\n"), "row 2", id="null person"),
    pytest.param(
        csv(f"p1,north,41,1.5,{CANARY},9\n", header="person,site,age,cost,name,💰\n"),
        "💰",
        id="undeclared column",
    ),
    pytest.param(csv(ROW, header="person,site,age,cost\n"), "rows.csv", id="torn row"),
    pytest.param(
        csv(ROW.replace("person", "x"), header="x,site,age,cost,name\n"), "x", id="no person"
    ),
    pytest.param(not_named_as_data, "rows.xlsx", id="not CSV or Parquet"),
    pytest.param(csv("", header="\0\0", name="💰.csv"), "💰.csv", id="emoji in the file's name"),
]


@pytest.mark.parametrize(("write", "place"), FILES)
def test_a_bad_file_is_refused_with_its_place_and_leaves_nothing(
    write: Callable[[Path], Path], place: str, owner: Type, policy: Path, clinic: Served
) -> None:
    before = kept(clinic)
    file = write(policy.parent)
    policy.write_text(policy.read_text().replace("town/clinic", "town/bad"))
    said = owner("dataset", "add", str(file), "--policy", str(policy))
    assert_told(said, 3, place)
    assert said.err.splitlines()[1].strip().startswith("where: ")
    assert kept(clinic) == before
    assert owner("dataset", "show", "town/bad").code == 5


def kept(clinic: Served) -> list[Path]:
    """Everything on the site's disk but the books and their journal, which only grow."""
    files = (clinic.folder / "site").rglob("*")
    return sorted(file for file in files if not file.name.startswith("books.sqlite"))


def assert_told(said: Said, code: int, place: str) -> None:
    assert said.code == code, said.all
    # A terminal breaks lines where they fit, and indents what follows.
    assert "".join(place.split()) in "".join(said.all.split())
    assert "Traceback" not in said.all
    assert CANARY not in said.all


POLICIES = [
    pytest.param("grade: L1", "grade: L1\ngoings: on", ":16:1: goings", id="unknown clause"),
    pytest.param("max_rows: 2", "max_rows: 0", ":17:36: privacy.unit.max_rows", id="no rows"),
    pytest.param("epsilon: 10,", "epsilon: .nan,", "privacy.budget.epsilon", id="NaN"),
    pytest.param("epsilon: 10,", "epsilon: 1e300,", "privacy.budget", id="below the floor"),
    pytest.param("bounds: [0, 99]", "bounds: [99, 0]", "columns.age.bounds", id="bounds reversed"),
    pytest.param("keys: [north, south]", "keys: [a, a]", "columns.site.keys", id="repeated key"),
    pytest.param("town/clinic", "💰/💰", "metadata.dataset", id="emoji in the name"),
    pytest.param("openness: conditional", "openness: [", "clinic.yaml", id="no YAML"),
]


@pytest.mark.parametrize(("sound", "spoilt", "place"), POLICIES)
def test_a_bad_policy_is_refused_at_its_line(
    sound: str, spoilt: str, place: str, policy: Path
) -> None:
    policy.write_text(policy.read_text().replace(sound, spoilt, 1))
    said = typed("policy", "check", str(policy))
    assert_told(said, 3, place)
    assert f"{policy}:" in said.all.replace("\n", "")


def test_every_error_of_a_policy_is_listed(policy: Path) -> None:
    text = (
        policy.read_text().replace("grade: L1", "grade: L9").replace("max_rows: 2", "max_rows: x")
    )
    policy.write_text(text)
    errors = typed("policy", "check", str(policy), "--json").json["errors"]
    assert {error["clause"] for error in errors} == {"grade", "privacy.unit.max_rows"}
    assert all(error["line"] and error["column"] for error in errors)


def test_a_sound_policy_passes(policy: Path) -> None:
    assert typed("policy", "check", str(policy), "--json").json["valid"] is True


def test_a_bad_policy_stops_the_file_before_it_is_sent(owner: Type, policy: Path) -> None:
    policy.write_text(policy.read_text().replace("grade: L1", "grade: L9"))
    said = owner("dataset", "add", str(csv(ROW)(policy.parent)), "--policy", str(policy))
    assert_told(said, 3, "clinic.yaml:15:8: grade")


@pytest.mark.parametrize(
    "epsilon", ["0", "-1", "1e300", "NaN", "inf", "", "ε", "1e999999999", "1/0"]
)
def test_an_absurd_price_is_refused_by_its_clause(epsilon: str, researcher: Type) -> None:
    words = ("--measure", "count", f"--epsilon={epsilon}", "--json")
    said = researcher("submission", "ask", "town/clinic", *words)
    assert_told(said, 3, '"clause": "epsilon"')


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM (SELECT * FROM clinic) x",
        "SELECT COUNT(*) FROM clinic JOIN clinic ON 1 = 1",
        "SELECT * FROM clinic",
        "SELECT AVG(cost) FROM clinic WHERE person = (SELECT MAX(person) FROM clinic)",
        "SELECT COUNT(*) FROM clinic; DROP TABLE clinic",
        'SELECT COUNT(*) AS "💰" FROM "💰"',
        "SELECT COUNT(*) FROM clinic WHERE site = '" + "x" * 2**20 + "'",
        "",
        "💰",
    ],
    ids=["subquery", "join", "star", "subquery in where", "two", "emoji", "1 MB", "empty", "one"],
)
def test_sql_that_is_not_a_question_is_refused_at_its_place(sql: str, researcher: Type) -> None:
    said = researcher("submission", "ask", "town/clinic", "--sql", sql, "--epsilon", "1", "--json")
    assert_told(said, 3, '"code": ')
    assert len(said.all) < 4000


@pytest.mark.parametrize(
    "measure", ["median:cost", "💰", "", "mean", "sum:💰", "count:", "people:x:y"]
)
def test_a_measure_that_is_none_is_refused(measure: str, researcher: Type) -> None:
    said = researcher("submission", "ask", "town/clinic", "--measure", measure, "--epsilon", "1")
    assert said.code in {3, 7}
    assert "Traceback" not in said.all


@pytest.mark.parametrize("name", ["💰/💰", "../../etc/passwd", "a" * 300, "%00"])
def test_a_strange_name_is_nobodys(name: str, researcher: Type) -> None:
    said = researcher("dataset", "show", name)
    assert said.code in {3, 5}
    assert "Traceback" not in said.all


@pytest.mark.parametrize("key", ["", "💰", "origin+00000000+AAAA", "a+b", "no-such-file.vkey"])
def test_a_key_that_is_none_verifies_nothing(key: str, auditor: Type, tmp_path: Path) -> None:
    auditor("audit", "export", str(tmp_path / "ledger"))
    said = typed("audit", "verify", str(tmp_path / "ledger"), "--key", key)
    assert said.code == 3
    assert "Traceback" not in said.all


def test_a_folder_that_is_no_export_is_said_so(auditor: Type, tmp_path: Path) -> None:
    key = auditor("audit", "key").out.strip()
    assert_told(typed("audit", "verify", str(tmp_path), "--key", key), 3, tmp_path.name)
    assert_told(typed("audit", "show", str(tmp_path)), 3, tmp_path.name)


def test_an_export_never_overwrites(auditor: Type, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    assert auditor("audit", "export", str(tmp_path)).code == 6
    assert (tmp_path / "mine").read_text() == "kept"
