"""From records, clashes and demands to what is said of them."""

from sandbox.model.demand import Demand
from sandbox.model.finding import Found
from sandbox.model.listing import Clash, Merged
from sandbox.model.record import Record
from sandbox.wire import (
    ClashCard,
    ClashSide,
    DemandCard,
    MergeReport,
    RecordBrief,
    RecordCard,
    RecordColumnMessage,
    RecordPage,
    VersionMessage,
    WithdrawnMessage,
)


def record_card(record: Record) -> RecordCard:
    """Say all that the catalogue knows."""
    return RecordCard(
        name=record.name,
        title=record.title,
        title_zh=record.title_zh,
        description=record.description,
        description_zh=record.description_zh,
        keywords=record.keywords,
        theme=record.theme,
        owner=record.owner,
        contact=record.contact,
        origin=record.origin,
        openness=record.openness.value,
        access=tuple(way.value for way in record.access),
        grade=record.grade.value,
        conditions=record.conditions,
        update=record.update,
        state=record.state.value,
        listed=record.listed,
        columns=tuple(
            RecordColumnMessage(
                column.name, column.openness.value, column.description, column.description_zh
            )
            for column in record.columns
        ),
        versions=tuple(
            VersionMessage(version.snapshot, version.created.isoformat())
            for version in record.versions
        ),
        current=record.current.snapshot if record.current else None,
        withdrawn=WithdrawnMessage(record.withdrawn.at.isoformat(), record.withdrawn.reason)
        if record.withdrawn
        else None,
    )


def record_page(found: Found, following: str) -> RecordPage:
    """Say what was found, in brief."""
    briefs = tuple(
        RecordBrief(
            name=record.name,
            title=record.title,
            title_zh=record.title_zh,
            description=record.description,
            description_zh=record.description_zh,
            owner=record.owner,
            openness=record.openness.value,
            grade=record.grade.value,
            state=record.state.value,
        )
        for record in found.records
    )
    return RecordPage(briefs, following or None)


def merge_report(merged: Merged, waiting: int = 0) -> MergeReport:
    """Say what became of lists."""
    clashes = tuple(map(clash_card, merged.clashes))
    return MergeReport(merged.published, merged.unchanged, waiting, clashes)


def clash_card(clash: Clash) -> ClashCard:
    """Say who lists a record how; a hidden one is nobody else's business."""
    published = clash.published if clash.published and clash.published.listed else None
    return ClashCard(
        name=clash.name,
        fields=clash.fields,
        proposals=tuple(map(_side, clash.proposals)),
        published=_side(published) if published else None,
    )


def demand_card(demand: Demand) -> DemandCard:
    """Say what was asked and answered, and not who asked."""
    return DemandCard(
        id=demand.id,
        owner=demand.owner,
        data=demand.data,
        use=demand.use,
        asked=demand.asked.isoformat(),
        state=demand.state.value,
        reason=demand.reason,
        record=demand.record,
        answered=demand.answered.isoformat() if demand.answered else None,
    )


def _side(record: Record) -> ClashSide:
    return ClashSide(record.owner, record.openness.value, record.grade.value)
