"""A declared partition of a source's people: how it is counted, and what its parts have spent."""

from collections.abc import Iterator
from fractions import Fraction

from sandbox.cli.report.sheets import MAX_ROWS, Cell, Sheet, columns, further, numbers
from sandbox.cli.report.wording import Wording, shown, spent
from sandbox.ledger.figures import PartsFigures, SourceFigures

MAX_SAID = 8
"""Names in a sentence, and sentences of one kind."""


def parts(source: SourceFigures, say: Wording, id: str) -> Iterator[Sheet]:  # noqa: A002
    """Say how declared partitions are counted; sum up each snapshot, then list its parts."""
    said = tuple(_partitions(source, say))
    if not said and not source.parts:
        return
    asked = list(source.parts.items())
    headings = columns(
        (say("dataset"), "name"),
        (say("snapshot"), "code"),
        *numbers([say("parts_asked"), say("parts_together"), say("source_counts")]),
        *numbers([say("share")]),
    )
    rows = tuple(_snapshot(name, one, source, say) for name, one in asked[:MAX_ROWS])
    lead = say("gap").join([*said, say("partition_text")])
    yield Sheet(id, say("by_part"), lead, headings, rows, further(asked), say("no_parts"))
    if asked:
        headings = columns(
            (say("dataset"), "name"),
            (say("snapshot"), "code"),
            (say("part"), "words"),
            *numbers([say("used"), say("share"), say("source_counts")]),
        )
        all_rows = [row for name, one in asked for row in _parts(name, one, source, say)]
        shown_rows, left_out = tuple(all_rows[:MAX_ROWS]), further(all_rows)
        title, id_ = say("each_part"), f"{id}-each"
        yield Sheet(id_, title, "", headings, shown_rows, left_out, folded=True)


def _partitions(source: SourceFigures, say: Wording) -> Iterator[str]:
    """Say each partition once, with the datasets that declare it."""
    named: dict[tuple[str, int, int], list[str]] = {}
    for name, one in source.datasets.items():
        if one:
            named.setdefault((one.column, len(one.keys), one.most), []).append(shown(name))
    for (column, keys, most), datasets in list(named.items())[:MAX_SAID]:
        yield say(
            "partition",
            datasets=say("comma").join(datasets[:MAX_SAID]),
            column=shown(column),
            keys=say.count(keys),
            most=say.count(most),
        )


def _snapshot(
    name: str, one: PartsFigures, source: SourceFigures, say: Wording
) -> tuple[Cell, ...]:
    together = sum((part.spent for part in one.by_key.values()), Fraction(0))
    return (
        shown(one.dataset),
        shown(name, 12),
        say("of", count=say.count(len(one.by_key)), all=say.count(len(one.partition.keys))),
        spent(together),
        spent(one.loss),
        say.percent(one.loss, source.caps.source),
    )


def _parts(
    snapshot: str, one: PartsFigures, source: SourceFigures, say: Wording
) -> Iterator[tuple[Cell, ...]]:
    ordered = sorted(one.by_key.items(), key=lambda part: part[1].spent, reverse=True)
    for number, (key, part) in enumerate(ordered[:MAX_ROWS]):
        yield (
            shown(one.dataset),
            shown(snapshot, 12),
            shown(key, 28),
            spent(part.spent),
            say.percent(part.spent, source.caps.source),
            spent(part.spent) if number < one.partition.most else say("nothing"),
        )
