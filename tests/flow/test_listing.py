"""What a policy describes is listed, what is listed is complete, and what is hidden is nowhere."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from policies.classes import Access, Grade, Openness
from policies.load import load_policy
from sandbox.errors import BadInput, DataRangeError, NotFound, NotPermitted
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask
from sandbox.flow.download import download, open_up
from sandbox.flow.list_record import list_unlisted
from sandbox.model.finding import Wanted
from sandbox.model.names import ColumnName, DatasetName, OwnerName, PrincipalName
from sandbox.model.principal import Role
from sandbox.model.record import Record, RecordFaults, RecordState, Version
from sandbox.store.memory import MemoryBooks
from sandbox.wire import ApplicationForm
from tests.support.listed import BUSES, listed
from tests.support.town import POLICY, Town, question

CLINIC = DatasetName("town/clinic")
CLOSED = (
    POLICY.replace("openness: conditional", "openness: closed")
    .replace("use: [group, filter], keys: [north, south]", "use: []")
    .replace("use: [filter], bounds: [0, 99]", "use: []")
    .replace("use: [measure], bounds: [0, 100], resolution: 0.5", "use: []")
    .replace("lanes:\n  query: {release: automatic}\n", "")
)
HIDDEN = CLOSED.replace("contact: town hall", "contact: town hall, listed: false")


def record(town: Town, name: str = "town/clinic") -> Record:
    with town.site.books.read() as page:
        return page.records.get(DatasetName(name))


def put(town: Town, *records: Record) -> None:
    with town.site.books.write() as page:
        for one in records:
            page.records.add(one.name, one)


def test_a_described_dataset_is_listed_with_everything_that_its_policy_says(town: Town) -> None:
    town.describe()
    found = record(town)
    assert (found.owner, found.title, found.title_zh) == ("town", "Visits", "就诊")
    assert (found.contact, found.theme, found.keywords) == ("town hall", "health", ("visits",))
    assert (found.openness, found.access) == (Openness.CONDITIONAL, (Access.ALGORITHM,))
    assert (found.grade, found.update) == (Grade.L3, "none")
    assert found.conditions == "research; teaching"
    assert ("name", Openness.CLOSED) in {(one.name, one.openness) for one in found.columns}
    assert found.state is RecordState.OPENED


def test_each_snapshot_is_a_version_and_the_last_is_current(town: Town) -> None:
    town.describe()
    town.later(days=1)
    town.describe()
    with town.site.books.read() as page:
        dataset = page.datasets.get(CLINIC)
    found = record(town)
    assert len(found.versions) == 2
    assert found.current == Version(dataset.snapshot.id, town.clock.now())
    assert found.versions[0].created < found.versions[1].created


def test_everything_that_is_missing_is_named_at_once_and_nothing_is_kept(town: Town) -> None:
    bare = POLICY.replace(
        ",\n   description: Visits to the clinic, theme: health, keywords: [visits],"
        " contact: town hall",
        "",
    )
    with pytest.raises(RecordFaults) as refusal:
        town.describe(policy=bare)
    assert {one.field for one in refusal.value.faults} == {
        *("description", "theme", "keywords", "contact")
    }
    assert refusal.value.code == "record.incomplete"
    with town.site.books.read() as page:
        assert (list(page.records), list(page.datasets), list(page.owners)) == ([], [], [])
    assert not list((town.folder / "snapshots").iterdir())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact": ""}, "contact"),
        ({"theme": ""}, "theme"),
        ({"keywords": ()}, "keywords"),
        ({"title": "", "title_zh": ""}, "title"),
        ({"description": "", "description_zh": ""}, "description"),
        ({"access": ()}, "access"),
        ({"conditions": ""}, "conditions"),
        ({"update": ""}, "update"),
        ({"columns": ()}, "columns"),
        ({"columns": (BUSES.columns[0], BUSES.columns[0])}, "columns"),
        ({"listed": False}, "listed"),
        ({"openness": Openness.CLOSED}, "columns"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": "a\x1b[31m"}, "title"),
        ({"title": "a\ud800"}, "title"),
        ({"title": "x" * 129}, "title"),
        ({"description": "x" * 4001}, "description"),
        ({"keywords": ("a\u2066b",)}, "keywords"),
        ({"columns": (replace(BUSES.columns[0], name=ColumnName("a\nb")),)}, "column"),
    ],
)
def test_a_record_that_lacks_a_group_or_hides_signs_does_not_exist(
    changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RecordFaults) as refusal:
        listed("a/b", **changes)
    assert field in {one.field for one in refusal.value.faults}


def test_one_language_is_enough() -> None:
    assert listed("a/b", title="", description="").title_zh
    assert listed("a/b", title_zh="", description_zh="").title


def catalogued(**changes: object) -> Record:
    """The clinic's record as an import would have it."""
    town = {
        "owner": OwnerName("town"),
        "grade": Grade.L3,
        "columns": tuple(
            replace(BUSES.columns[0], name=ColumnName(name), openness=openness)
            for name, openness in [
                *((name, Openness.CONDITIONAL) for name in ("site", "age", "cost")),
                *((name, Openness.CLOSED) for name in ("person", "name")),
            ]
        ),
    }
    return listed("town/clinic", **(town | changes))


def test_a_policy_that_agrees_with_the_catalogue_opens_the_record(town: Town) -> None:
    put(town, catalogued(theme="交通"))
    assert record(town).state is RecordState.CATALOGUED
    town.describe(policy=POLICY.replace(" theme: health,", ""))
    assert record(town).state is RecordState.OPENED
    assert record(town).theme == "交通"
    assert record(town).contact == "town hall"


@pytest.mark.parametrize(
    ("changes", "clause"),
    [
        ({"openness": Openness.UNCONDITIONAL}, "openness"),
        ({"grade": Grade.L2}, "grade"),
        ({"access": (Access.DOWNLOAD,)}, "access"),
        ({"owner": OwnerName("city")}, "metadata.owner"),
        ({"columns": catalogued().columns[1:]}, "columns.site"),
        (
            {
                "columns": (
                    replace(catalogued().columns[0], openness=Openness.CLOSED),
                    *catalogued().columns[1:],
                )
            },
            "columns.site.openness",
        ),
    ],
)
def test_a_policy_that_contradicts_the_catalogue_is_refused_with_the_place(
    town: Town, changes: dict[str, object], clause: str
) -> None:
    put(town, catalogued(**changes))
    with pytest.raises(BadInput) as refusal:
        town.describe()
    assert refusal.value.code == "record.conflict"
    assert refusal.value.place is not None
    assert refusal.value.place.clause == clause
    line = POLICY.splitlines()[(refusal.value.place.line or 0) - 1]
    assert clause.split(".")[1 if "." in clause else 0] in line
    assert record(town).state is RecordState.CATALOGUED


def test_what_another_body_answers_for_is_not_described(town: Town) -> None:
    town.describe()
    stranger = replace(town.people[Role.OWNER], name=PrincipalName("stranger"))
    other = replace(town, people=town.people | {Role.OWNER: stranger})
    with pytest.raises(NotPermitted) as refusal:
        other.describe(policy=POLICY.replace("town/clinic", "town/other"))
    assert refusal.value.code == "owner.not_yours"


def form(dataset: str) -> ApplicationForm:
    return ApplicationForm(
        dataset, "research", "a", "b", "2026-11-23", "2026-12-23", "A" * 43 + "="
    )


@pytest.mark.parametrize("policy", [CLOSED, HIDDEN], ids=["listed", "hidden"])
def test_closed_data_are_reached_by_nothing(town: Town, policy: str) -> None:
    town.describe(policy=policy)
    site, researcher = town.site, town.people[Role.RESEARCHER]
    refusals: list[DataRangeError] = []
    for attempt in (
        lambda: apply(site, researcher, form("town/clinic")),
        lambda: ask(site, researcher, question()),
        lambda: download(site, researcher, "town/clinic", "csv"),
    ):
        with pytest.raises(DataRangeError) as refusal:
            attempt()
        refusals.append(refusal.value)
    assert record(town).state is RecordState.COLLECTED
    if policy is HIDDEN:
        assert {type(one) for one in refusals} == {NotFound}
        with site.books.read() as page:
            assert page.records.search(Wanted()).records == ()


def test_a_hidden_dataset_reads_like_one_that_is_not_there(town: Town) -> None:
    town.describe(policy=HIDDEN)
    site, researcher = town.site, town.people[Role.RESEARCHER]
    said = set()
    for name in ("town/clinic", "town/nowhere"):
        for attempt in (
            lambda name=name: apply(site, researcher, form(name)),
            lambda name=name: download(site, researcher, name, "csv"),
            lambda name=name: ask(site, researcher, question(dataset=name)),
        ):
            with pytest.raises(NotFound) as refusal:
                attempt()
            said.add((refusal.value.code, refusal.value.message))
    assert len(said) == 1


def test_what_is_not_in_the_catalogue_cannot_be_named(town: Town) -> None:
    town.describe()
    with town.site.books.read() as page:
        dataset = page.datasets.get(CLINIC)
    books = MemoryBooks()
    with books.write() as page:
        page.datasets.add(CLINIC, dataset)
    bare = replace(town.site, books=books)
    with pytest.raises(NotFound):
        apply(bare, town.people[Role.RESEARCHER], form("town/clinic"))
    with books.write() as page:
        list_unlisted(page)
        list_unlisted(page)
        assert page.records.get(CLINIC).current == Version(
            dataset.snapshot.id, dataset.snapshot.created
        )


def test_a_dataset_of_before_the_catalogue_is_listed_with_what_it_said(town: Town) -> None:
    town.describe()
    old = POLICY.split("metadata:")[0] + "metadata: {name: clinic, dataset: town/clinic}\n"
    old += POLICY[POLICY.index("openness:") :].replace("ACCOUNTING", "zcdp")
    with town.site.books.read() as page:
        dataset = replace(page.datasets.get(CLINIC), policy=load_policy(old), policy_text=old)
    books = MemoryBooks()
    with books.write() as page:
        page.datasets.add(CLINIC, dataset)
        list_unlisted(page)
        found = page.records.get(CLINIC)
    assert (found.title, found.contact) == ("town/clinic", "未填写 not stated")


OPEN = """
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: stops, dataset: town/stops, owner: town, title: Bus stops, title_zh: 公交站点,
  description: Where buses stop, theme: traffic, keywords: [bus], contact: town hall,
  conditions: none 无}
openness: unconditional
access: [download]
grade: L1
columns:
  stop: {description: Name}
  lanes: {}
  driver: {openness: closed}
"""
STOPS = "stop,lanes,driver\n=cmd()|A1,-2,secret\n@x,3,secret\n-1.5,+4,secret\n公园,5,secret\n"


def open_stops(town: Town, policy: str = OPEN, csv: str = STOPS) -> Record:
    file: Path = town.folder / "stops.csv"
    file.write_text(csv)
    return open_up(town.site, town.people[Role.OWNER], policy, file, "csv")


def test_unconditional_data_are_downloaded_by_whoever_signed_in(town: Town) -> None:
    record = open_stops(town)
    assert (record.state, record.listed) == (RecordState.OPENED, True)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        text = download(town.site, town.people[role], "town/stops", "csv").read_text()
        assert text == "stop,lanes\n'=cmd()|A1,-2\n'@x,3\n-1.5,+4\n公园,5\n"
        assert "secret" not in text
    table = pl.read_parquet(download(town.site, town.people[Role.AUDITOR], "town/stops", "parquet"))
    assert table["stop"].to_list() == ["=cmd()|A1", "@x", "-1.5", "公园"]
    with town.site.books.read() as page:
        given = list(page.downloads)
        assert [one.form for one in given] == ["csv"] * (len(Role) - 1) + ["parquet"]
        assert {one.snapshot for one in given} == {record.versions[-1].snapshot}
        # What was opened is in the ledger; who was given it is not.
        assert page.log.size() == 2


def test_a_newer_file_is_a_newer_version(town: Town) -> None:
    open_stops(town)
    record = open_stops(town, csv="stop,lanes,driver\nnew,1,x\n")
    assert len(record.versions) == 2
    text = download(town.site, town.people[Role.OWNER], "town/stops", "csv").read_text()
    assert text == "stop,lanes\nnew,1\n"


def test_what_is_asked_of_is_never_handed_out_whole(town: Town) -> None:
    town.describe()
    with pytest.raises(DataRangeError) as refusal:
        open_stops(town, OPEN.replace("town/stops", "town/clinic"))
    assert refusal.value.code == "dataset.asked_of"
    with pytest.raises(NotPermitted) as denial:
        download(town.site, town.people[Role.OWNER], "town/clinic", "csv")
    assert denial.value.code == "download.not_unconditional"


@pytest.mark.parametrize(
    ("old", "new", "code", "clause"),
    [
        ("grade: L1", "grade: L3", "policy.invalid", "grade"),
        ("access: [download]", "access: [algorithm]", "policy.invalid", "access"),
        ("owner: town,", "owner: town, source: town/people,", "policy.invalid", "metadata.source"),
        ("owner: town,", "owner: town, listed: false,", "policy.invalid", "metadata.listed"),
        ("lanes: {}", "lanes: {use: [group]}", "policy.invalid", "columns.lanes.use"),
        ("openness: unconditional", "openness: conditional", "policy.invalid", "privacy"),
        ("  conditions: none 无", "  update: daily", "record.incomplete", "conditions"),
        ("  driver: {openness: closed}\n", "", "ingest.undeclared_column", "columns.driver"),
        ("lanes: {}", "lane: {}", "ingest.undeclared_column", "columns.lanes"),
    ],
)
def test_a_policy_of_unconditional_data_is_read_strictly(
    town: Town, old: str, new: str, code: str, clause: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        open_stops(town, OPEN.replace(old, new))
    assert refusal.value.code == code
    assert clause in f"{refusal.value.place} {refusal.value.message}"
    with town.site.books.read() as page:
        assert list(page.records) == []
    assert not list((town.folder / "showcase").iterdir())


def test_unconditional_data_have_no_privacy_to_ration(town: Town) -> None:
    with pytest.raises(BadInput) as refusal:
        town.describe(policy=POLICY.replace("openness: conditional", "openness: unconditional", 1))
    assert refusal.value.code == "policy.unconditional"
