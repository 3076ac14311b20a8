"""The catalogue's shelf: records that are also found by their words."""

from sandbox.model.finding import Found, Wanted
from sandbox.model.names import DatasetName
from sandbox.model.paging import Mark
from sandbox.model.record import Record
from sandbox.store.documents import JsonCodec
from sandbox.store.shelves import DocumentShelf
from sandbox.store.tables import Reader, Writer
from sandbox.store.words import terms_of, words_of

TIERS = (0, 1)
"""All words in title or name; some of them elsewhere."""

_RECORDS = JsonCodec(Record)


class RecordShelf(DocumentShelf[DatasetName, Record]):
    """Records by name; see `sandbox.ports.Records`."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        """Stand on the table `record`."""
        super().__init__("record", _RECORDS, reader, writer)

    def add(self, key: DatasetName, value: Record) -> None:
        """Put a new record, and let it be found."""
        super().add(key, value)
        self._writer.index(key, words_of(value))

    def replace(self, key: DatasetName, value: Record) -> None:
        """Put a newer record, and let it be found by its newer words alone."""
        super().replace(key, value)
        self._writer.index(key, words_of(value))

    def search(self, wanted: Wanted) -> Found:
        """Give one page of what is listed and fits; of what is hidden only if that is wanted."""
        terms = terms_of(wanted)
        if wanted.text.strip() and not terms.words:
            return Found((), None)
        begun = wanted.after or Mark(0, -1)
        records: list[Record] = []
        last = None
        for tier in TIERS if terms.words else TIERS[1:]:
            if tier < begun.tier or len(records) > wanted.limit:
                continue
            after = begun.position if tier == begun.tier else -1
            room = wanted.limit + 1 - len(records)
            for position, document in self._reader.found(terms, tier, after, room):
                if len(records) == wanted.limit:
                    return Found(tuple(records), last)
                records.append(self._codec.decode(document))
                last = Mark(tier, position)
        return Found(tuple(records), None)
