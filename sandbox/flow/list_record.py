"""List: a policy's metadata become the catalogue's record, or agree with the one that stands."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from policies.document import read
from policies.open_policy import OpenPolicy
from policies.schema import Openness, Policy
from sandbox.errors import BadInput, NotFound, Place
from sandbox.flow.answer_for import may_speak, require_speaker, take_charge
from sandbox.flow.authorise import demand
from sandbox.flow.site import Site
from sandbox.ledger.canonical import sha256
from sandbox.model.dataset import Dataset
from sandbox.model.finding import Wanted
from sandbox.model.names import ColumnName, DatasetName, Digest, OwnerName, PrincipalName
from sandbox.model.paging import USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal
from sandbox.model.record import (
    Record,
    RecordColumn,
    RecordFaults,
    Version,
    missing_from,
)
from sandbox.model.verb import Verb
from sandbox.ports import Page

UNSTATED = "未填写 not stated"
"""What stands where a policy of before there was a catalogue is silent."""


TIERS = 2
"""Of what a search gives; see `sandbox.model.paging.Mark`."""


def find_record(page: Page, name: str) -> Record:
    """Look a record up as anybody may; a hidden one is as if it were not there.

    Raises:
        NotFound: it is not listed.
    """
    record = page.records.find(DatasetName(name))
    if record is None or not record.listed:
        raise NotFound(
            "The catalogue lists no such dataset",
            code="dataset.unknown",
            place=Place(clause="dataset"),
        )
    return record


def hidden_records(
    site: Site, who: Principal, after: Mark | None = None, limit: int = USUAL_PAGE
) -> Stretch[Record]:
    """Give what is hidden of the bodies that somebody signs in for, body by body.

    Raises:
        NotPermitted: not an owner.
    """
    demand(who, Verb.LIST_HIDDEN)
    body, inner = _opened(after) if after else (0, None)
    found: list[Record] = []
    with site.books.read() as page:
        bodies = [owner.name for owner in page.owners if may_speak(page, who, owner.name)]
        while body < len(bodies) and len(found) < limit:
            left = limit - len(found)
            wanted = Wanted(owner=bodies[body], hidden=True, after=inner, limit=left)
            part = page.records.search(wanted)
            found += part.records
            inner = part.next
            body += inner is None
    return Stretch(tuple(found), _joined(body, inner) if body < len(bodies) else None)


def _joined(body: int, inner: Mark | None) -> Mark:
    """Write which body is next, and where in its records, into one mark."""
    tier, position = (inner.tier, inner.position) if inner else (TIERS, 0)
    return Mark(body * (TIERS + 1) + tier, position)


def _opened(mark: Mark) -> tuple[int, Mark | None]:
    body, tier = divmod(mark.tier, TIERS + 1)
    return body, None if tier == TIERS else Mark(tier, mark.position)


def list_policy(
    page: Page, who: Principal, policy: Policy | OpenPolicy, policy_text: str, version: Version
) -> Record:
    """List what a policy says, with the snapshot that it came with.

    Raises:
        RecordFaults: policy and catalogue together lack something, or hold what no record may.
        BadInput: code `record.conflict`; the catalogue says otherwise than the policy, and the
            place says where in the policy.
        NotPermitted: another body answers for the record.
    """
    record = check_policy(page, who, policy, policy_text)
    take_charge(page, who, record.owner, None)
    known = page.records.find(record.name)
    listed = record.with_version(version)
    (page.records.replace if known else page.records.add)(listed.name, listed)
    return listed


def check_policy(
    page: Page, who: Principal, policy: Policy | OpenPolicy, policy_text: str
) -> Record:
    """Give the record that a policy would make, before anything is read of its file.

    Raises:
        RecordFaults, BadInput, NotPermitted: as `list_policy` says.
    """
    known = page.records.find(DatasetName(policy.metadata.dataset))
    if known is not None and known.policy is None:
        _require_agreement(policy, known, policy_text)
    for owner in {OwnerName(policy.owner), known.owner if known else OwnerName(policy.owner)}:
        if page.owners.find(owner) is not None:
            require_speaker(page, who, owner)
    return record_of(policy, who.name, Digest(sha256(policy_text.encode())), known)


def list_unlisted(page: Page) -> None:
    """List datasets of before there was a catalogue, so that they can still be named."""
    for dataset in page.datasets:
        if page.records.find(dataset.name) is None:
            # Text that no record may hold keeps one dataset unnamed, not the whole site shut.
            with suppress(RecordFaults):
                record = _old_record(dataset)
                page.records.add(record.name, record)


def record_of(
    policy: Policy | OpenPolicy, keeper: PrincipalName, digest: Digest, known: Record | None
) -> Record:
    """Write the record of a policy; on what the policy is silent, the known record speaks.

    Raises:
        RecordFaults: both are silent on something.
    """
    fields = _fields(policy, known)
    missing = missing_from(
        fields
        | {
            "owner": policy.owner,
            "columns": policy.columns,
            "openness": policy.openness,
            "grade": policy.grade,
        }
    )
    if missing:
        raise RecordFaults(tuple(missing))
    return Record(
        name=DatasetName(policy.metadata.dataset),
        owner=OwnerName(policy.owner),
        keeper=keeper,
        openness=policy.openness,
        grade=policy.grade,
        columns=tuple(
            RecordColumn(
                ColumnName(name), clause.openness, clause.description, clause.description_zh
            )
            for name, clause in policy.columns.items()
        ),
        listed=policy.metadata.listed,
        policy=digest,
        versions=known.versions if known else (),
        **fields,
    )


def _fields(policy: Policy | OpenPolicy, known: Record | None) -> dict[str, Any]:
    metadata, said = policy.metadata, policy.metadata.model_fields_set
    purposes = policy.purposes if isinstance(policy, Policy) else ()
    fields: dict[str, Any] = {"access": policy.access}
    for name in _TEXTS:
        fields[name] = getattr(metadata, name)
        if known is not None and (name not in said or not fields[name]):
            fields[name] = getattr(known, name)
    if not fields["conditions"] and purposes:
        fields["conditions"] = "; ".join(purposes)
    return fields


_TEXTS = (
    *("title", "title_zh", "description", "description_zh", "keywords", "theme", "contact"),
    *("origin", "conditions", "update"),
)


def _require_agreement(policy: Policy | OpenPolicy, known: Record, policy_text: str) -> None:
    """Refuse a policy that says otherwise than the catalogue.

    Raises:
        BadInput: code `record.conflict`; all contradictions, the place is the first's.
    """
    found = list(_contradictions(policy, known))
    if not found:
        return
    document = read(policy_text)
    spots = [document.spot(path).value for path, _ in found]
    lines = [
        f"line {spot.line}:{spot.column} {'.'.join(path)}: the catalogue says {said}"
        for spot, (path, said) in zip(spots, found, strict=True)
    ]
    raise BadInput(
        "\n".join(lines),
        code="record.conflict",
        place=Place(line=spots[0].line, column=spots[0].column, clause=".".join(found[0][0])),
    )


def _contradictions(
    policy: Policy | OpenPolicy, known: Record
) -> Iterator[tuple[tuple[str, ...], str]]:
    if policy.owner != known.owner:
        yield ("metadata", "owner"), known.owner
    if policy.openness is not known.openness:
        yield ("openness",), known.openness.value
    if set(policy.access) != set(known.access):
        yield ("access",), ", ".join(way.value for way in known.access)
    if policy.grade is not known.grade:
        yield ("grade",), known.grade.value
    listed = {column.name: column.openness for column in known.columns}
    for name, clause in policy.columns.items():
        there = listed.get(ColumnName(name))
        if there is None:
            yield ("columns", name), "nothing of this column"
        elif there is not clause.openness:
            yield ("columns", name, "openness"), there.value


def _old_record(dataset: Dataset) -> Record:
    """Write the record of a dataset whose policy could not say everything yet."""
    policy = dataset.policy
    is_closed = policy.openness is Openness.CLOSED
    silent = dict.fromkeys(("description", "theme", "contact", "conditions"), UNSTATED)
    fields = _fields(policy, None)
    fields |= {name: fields[name] or text for name, text in silent.items()}
    return Record(
        name=dataset.name,
        owner=OwnerName(policy.owner),
        keeper=dataset.owner,
        openness=policy.openness,
        grade=policy.grade,
        columns=tuple(
            RecordColumn(ColumnName(name), Openness.CLOSED if is_closed else clause.openness)
            for name, clause in policy.columns.items()
        ),
        policy=dataset.policy_digest,
        versions=(Version(dataset.snapshot.id, dataset.snapshot.created),),
        **(fields | {"keywords": fields["keywords"] or (UNSTATED,)}),
    )
