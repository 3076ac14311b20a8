"""Download: unconditional data, opened by their owner and handed to whoever signs in.

The owner takes them down again at any time; copies that people have are out of anybody's reach.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from policies.load import load_any
from policies.open_policy import OpenPolicy
from policies.schema import Openness
from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Place
from sandbox.flow.answer_for import require_speaker
from sandbox.flow.authorise import demand, may, of_record
from sandbox.flow.export_records import stream
from sandbox.flow.list_record import check_policy, find_record, list_policy
from sandbox.flow.papers import require_text
from sandbox.flow.site import Site
from sandbox.flow.terms import policy_errors
from sandbox.ledger import entries
from sandbox.model.download import Download
from sandbox.model.finding import Wanted
from sandbox.model.names import DatasetName, SnapshotId
from sandbox.model.principal import Principal
from sandbox.model.record import Record, RecordState, Withdrawn
from sandbox.model.verb import Verb
from sandbox.ports import Page

FORMS = ("csv", "parquet")


def open_up(site: Site, owner: Principal, policy_text: str, file: Path, form: str) -> Record:
    """Open unconditional data with their file, or a newer version of it; all of it or nothing.

    Raises:
        BadInput: policy or file are wrong, or contradict the catalogue; the place says where.
        NotPermitted: not an owner, or another body answers for the record.
        Conflict: code `dataset.asked_of`; these data are asked of under a budget already.
    """
    demand(owner, Verb.OPEN_DATA)
    policy = _open_policy(policy_text)
    with site.books.read() as page:
        _require_unasked(page, policy)
        check_policy(page, owner, policy, policy_text)
    opened = [name for name, one in policy.columns.items() if one.openness is not Openness.CLOSED]
    version = site.showcase.put(file, form, opened, policy.columns.keys() - set(opened))
    try:
        with site.books.write() as page:
            _require_unasked(page, policy)
            record = list_policy(page, owner, policy, policy_text, version)
            _enter(site, page, owner, record)
    except BaseException:
        site.showcase.discard(version.snapshot)
        raise
    site.showcase.keep(version.snapshot)
    return record


def withdraw_opening(site: Site, owner: Principal, name: str, reason: str) -> Record:
    """Take down what is open for download, at once; another opening opens the data again.

    Raises:
        BadInput: code `withdrawal.reason`; there is none, or it is too long.
        NotFound: the catalogue lists no such record.
        NotPermitted: not an owner, or another body answers for the record.
        Conflict: code `withdrawal.not_open`; nothing is open.
    """
    demand(owner, Verb.OPEN_DATA)
    written = require_text(reason, "withdrawal.reason")
    with site.books.write() as page:
        record = find_record(page, name)
        require_speaker(page, owner, record.owner)
        if record.openness is not Openness.UNCONDITIONAL or record.current is None:
            raise Conflict("Nothing is open for download here", code="withdrawal.not_open")
        now = site.clock.now()
        down = replace(record, withdrawn=Withdrawn(now, written))
        page.records.replace(down.name, down)
        page.log.append(
            entries.withdrawal(
                now,
                dataset=record.name,
                snapshot=record.current.snapshot,
                by=site.pseudonyms.of(owner.name),
                commitment=site.commit_to(page, written.encode()),
            )
        )
    return down


def download(site: Site, who: Principal, name: str, form: str) -> Path:
    """Give the current file of unconditional data, and note who was given it.

    The ledger says what was opened and not who was given it: that would name readers for ever.

    Raises:
        BadInput: it comes in no such form.
        NotFound: the catalogue lists no such record, or it has no data yet.
        NotPermitted: an administrator's wish, or `download.not_unconditional`.
    """
    demand(who, Verb.DOWNLOAD)
    if form not in FORMS:
        raise BadInput(
            "A file comes as csv or parquet", code="download.form", place=Place(clause="form")
        )
    with site.books.write() as page:
        record = find_record(page, name)
        if not may(who, Verb.DOWNLOAD, of_record(record)):
            raise NotPermitted(
                "Only unconditional data are downloaded", code="download.not_unconditional"
            )
        if record.current is None:
            raise NotFound("These data are not at the site yet", code="download.no_data")
        file = site.showcase.file(record.current.snapshot, form)
        given = Download(record.name, record.current.snapshot, form, who.name, site.clock.now())
        page.downloads.add(site.fresh_id(), given)
    return file


def opened_snapshots(site: Site) -> set[SnapshotId]:
    """Give every snapshot that a record of unconditional data has, or had; withdrawn ones too.

    Those stay at the site, handed to nobody, as proof of what had been handed out.
    """
    states = (RecordState.OPENED, RecordState.COLLECTED)
    wanted = [Wanted(openness=Openness.UNCONDITIONAL, state=state) for state in states]
    return {
        version.snapshot
        for each in wanted
        for record in stream(site, each)
        for version in record.versions
    }


def _enter(site: Site, page: Page, owner: Principal, record: Record) -> None:
    """Put on record what is handed out from now on."""
    if record.current is None or record.policy is None:
        raise ValueError("what is opened has a file and a policy")
    csv, parquet = (_digest(site.showcase.file(record.current.snapshot, form)) for form in FORMS)
    page.log.append(
        entries.opening(
            site.clock.now(),
            dataset=record.name,
            snapshot=record.current.snapshot,
            policy=record.policy,
            by=site.pseudonyms.of(owner.name),
            csv=csv,
            parquet=parquet,
        )
    )


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _open_policy(policy_text: str) -> OpenPolicy:
    """Load the policy of unconditional data.

    Raises:
        BadInput: `policy.invalid`, or `policy.not_unconditional`.
    """
    with policy_errors():
        policy = load_any(policy_text)
    if not isinstance(policy, OpenPolicy):
        raise BadInput(
            "Only a policy with openness: unconditional and without privacy opens a download",
            code="policy.not_unconditional",
            place=Place(clause="openness"),
        )
    return policy


def _require_unasked(page: Page, policy: OpenPolicy) -> None:
    """Keep data that are asked of under a budget from being handed out whole.

    Raises:
        Conflict: code `dataset.asked_of`.
    """
    if page.datasets.find(DatasetName(policy.metadata.dataset)) is not None:
        raise Conflict(
            "These data are asked of under a privacy budget; list what is handed out under "
            "another name",
            code="dataset.asked_of",
        )
