"""Compile: bodies hand their lists up, and what agrees is published; what does not waits, seen.

Whoever has no parent publishes their own list. A name that two bodies list, or a record whose
openness or grade would change, is a clash: nothing of it is published until somebody who stands
above all of its sides resolves it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sandbox.errors import Conflict, NotFound, Place
from sandbox.flow.answer_for import body_of, may_speak, require_speaker, take_charge
from sandbox.flow.authorise import demand
from sandbox.flow.read_sheet import Sheet
from sandbox.flow.site import Site
from sandbox.model.listing import Clash, Merged, Proposal, Taken, differences, proposal_key
from sandbox.model.names import DatasetName, OwnerName
from sandbox.model.owner import upwards
from sandbox.model.paging import MAX_PAGE, USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal
from sandbox.model.record import Record
from sandbox.model.verb import Verb
from sandbox.ports import Page

BATCH = 1000
"""Records of one transaction: others write between two of them."""

MAX_CLASHES = 1000
"""Clashes that are told of at a time; the rest stands in the books all the same."""
NOTHING = Merged(0, 0, ())


def take_list(site: Site, who: Principal, file: Path) -> Iterator[Taken]:
    """Take a catalogue in from CSV: publish it, or hold it for the parent to compile.

    The whole file is checked before the first word of progress; a file with faults changes
    nothing. A site that stops half way has taken part of it; the same file again completes it.

    Raises:
        BadInput: `sheet.encoding` or `sheet.faults`; every fault has a line of the message.
        NotPermitted: not an owner, or a record is of a body that one does not speak for.
    """
    demand(who, Verb.IMPORT_LIST)
    sheet = Sheet(file, who.name)
    taken = Taken(0, sheet.check(), 0, NOTHING)
    owners = {record.owner for record in sheet.records()}
    with site.books.write() as page:
        held = _take_charge(page, who, owners)
    yield taken
    for batch in _batches(sheet.records()):
        merged = taken.merged
        with site.books.write() as page:
            for record in batch:
                if record.owner in held:
                    _propose(page, record)
                else:
                    merged = _together(merged, _offer(page, record))
        waiting = taken.waiting + sum(record.owner in held for record in batch)
        taken = Taken(taken.done + len(batch), taken.total, waiting, merged)
        yield taken


def merge(site: Site, who: Principal, owner: str) -> Merged:
    """Compile the lists of all bodies below one, and publish what nobody contradicts.

    Raises:
        NotFound: no such body is registered.
        NotPermitted: one does not sign in for the body.
    """
    demand(who, Verb.MERGE_LISTS)
    with site.books.write() as page:
        require_speaker(page, who, OwnerName(owner))
        merged = NOTHING
        for name, sides in _sides_below(page, OwnerName(owner)).items():
            merged = _together(merged, _settle(page, name, sides))
    return merged


def clashes(
    site: Site, who: Principal, after: Mark | None = None, limit: int = USUAL_PAGE
) -> Stretch[Clash]:
    """Give the clashes with a side that somebody signs in for, or for a body above it.

    Each stands where its first side does, so that a page goes on behind it whatever is resolved.
    """
    demand(who, Verb.LIST_CLASHES)
    found: list[Clash] = []
    ended: Mark | None = None
    with site.books.read() as page:
        body = body_of(page, who)
        sides = _sides_below(page, body.name) if body else {}
        for clash, behind in _clashes_behind(page, sides, after):
            if len(found) == limit:
                return Stretch(tuple(found), ended)
            found.append(clash)
            ended = behind
    return Stretch(tuple(found), None)


def _clashes_behind(
    page: Page, sides: Mapping[DatasetName, list[Proposal]], after: Mark | None
) -> Iterator[tuple[Clash, Mark | None]]:
    """Give clashes and where each ends; of what others propose, nothing, not even that it is."""
    unseen = {each[0].key: name for name, each in sides.items()}
    stride = 1
    while unseen:
        stretch = page.proposals.stretch(after, stride)
        # A page can only end where a stretch does: a long one is for what is passed over.
        if stride > 1 and any(one.key in unseen for one in stretch.values):
            stride = 1
            continue
        after, stride = stretch.next, min(2 * stride, MAX_PAGE)
        for one in stretch.values:
            name = unseen.pop(one.key, None)
            clash = _clash(page, name, sides[name]) if name else None
            if clash:
                yield clash, after
                stride = 1
        if after is None:
            return


def resolve(site: Site, who: Principal, name: str, owner: str) -> Record:
    """Publish one side of a clash, and drop the others.

    Raises:
        NotFound: there is no such proposal, or it clashes with none of one's own bodies'.
        NotPermitted: a side of the clash is not below the body that one signs in for.
        Conflict: code `record.follows_policy`; the data are at the site under a policy that says
            otherwise, and only a newer policy changes that.
    """
    demand(who, Verb.RESOLVE_CLASH)
    with site.books.write() as page:
        chosen = page.proposals.find(proposal_key(OwnerName(owner), DatasetName(name)))
        sides = [one for one in page.proposals if one.record.name == name]
        if chosen is None or not any(may_speak(page, who, side.owner) for side in sides):
            raise NotFound(
                "Nobody of this name lists such a record",
                code="proposal.unknown",
                place=Place(clause="owner"),
            )
        published = page.records.find(chosen.record.name)
        for each in {one.owner for one in sides} | ({published.owner} if published else set()):
            require_speaker(page, who, each)
        _require_policy_agrees(chosen.record, published)
        for side in sides:
            page.proposals.remove(side.key)
        return _publish(page, chosen.record, published)


def _take_charge(page: Page, who: Principal, owners: set[OwnerName]) -> set[OwnerName]:
    """Register new bodies below one's own; give those whose lists somebody above compiles."""
    body = body_of(page, who)
    held = set()
    for name in sorted(owners):
        owner = take_charge(page, who, name, body.name if body else None)
        *_, uppermost = upwards(owner, page.owners.find)
        if not may_speak(page, who, uppermost.name):
            held.add(name)
    return held


def _propose(page: Page, record: Record) -> None:
    proposal = Proposal(record.owner, record)
    known = page.proposals.find(proposal.key)
    (page.proposals.replace if known else page.proposals.add)(proposal.key, proposal)


def _offer(page: Page, record: Record) -> Merged:
    """Publish a record of an uppermost body, or hold it if it contradicts what stands."""
    published = page.records.find(record.name)
    if published is not None:
        fields = differences((record, published))
        if fields:
            _propose(page, record)
            clash = Clash(record.name, fields, (record,), published)
            return Merged(0, 0, (clash,))
        if _carried(record, published) == published:
            return Merged(0, 1, ())
    _publish(page, record, published)
    return Merged(1, 0, ())


def _settle(page: Page, name: DatasetName, sides: list[Proposal]) -> Merged:
    """Publish what all sides of a name agree on; else leave everything as it is."""
    clash = _clash(page, name, sides)
    if clash is not None:
        return Merged(0, 0, (clash,))
    for side in sides:
        page.proposals.remove(side.key)
    return _offer(page, sides[-1].record)


def _clash(page: Page, name: DatasetName, sides: list[Proposal]) -> Clash | None:
    published = page.records.find(name)
    proposed = tuple(side.record for side in sides)
    fields = differences(proposed if published is None else (*proposed, published))
    return Clash(name, fields, proposed, published) if fields else None


def _sides_below(page: Page, above: OwnerName) -> dict[DatasetName, list[Proposal]]:
    """Give all sides of each name that a body, or one below it, proposes."""
    sides: dict[DatasetName, list[Proposal]] = defaultdict(list)
    for proposal in page.proposals:
        sides[proposal.record.name].append(proposal)
    below = {
        owner.name
        for owner in page.owners
        if any(each.name == above for each in upwards(owner, page.owners.find))
    }
    return {name: each for name, each in sides.items() if any(side.owner in below for side in each)}


def _require_policy_agrees(record: Record, published: Record | None) -> None:
    """Keep a record to the policy that its data are opened by.

    Raises:
        Conflict: code `record.follows_policy`.
    """
    if published is None or published.policy is None:
        return
    if differences((record, published)):
        raise Conflict(
            "The data are opened by a policy that says otherwise; hand in a newer policy first",
            code="record.follows_policy",
            place=Place(clause=differences((record, published))[0]),
        )


def _publish(page: Page, record: Record, published: Record | None) -> Record:
    if published is None:
        page.records.add(record.name, record)
        return record
    carried = _carried(record, published)
    page.records.replace(record.name, carried)
    return carried


def _carried(record: Record, published: Record) -> Record:
    """Keep what only data and policy say: versions, and once there is a policy, how it opens."""
    record = replace(
        record,
        versions=published.versions,
        policy=published.policy,
        withdrawn=published.withdrawn,
    )
    if published.policy is None:
        return record
    return replace(record, columns=published.columns, access=published.access)


def _together(one: Merged, other: Merged) -> Merged:
    return Merged(
        one.published + other.published,
        one.unchanged + other.unchanged,
        (*one.clashes, *other.clashes)[:MAX_CLASHES],
    )


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(records, BATCH)):
        yield batch
