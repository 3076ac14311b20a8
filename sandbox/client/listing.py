"""The catalogue's records and the demand list, as everybody uses them."""

import json
from collections.abc import Iterator
from pathlib import Path

from sandbox.client.connection import Progress, segment
from sandbox.client.replies import message_of
from sandbox.client.seat import Seat
from sandbox.errors import BadInput, Place, Unavailable
from sandbox.wire import (
    ClashCard,
    DemandAnswer,
    DemandCard,
    DemandForm,
    ImportProgress,
    ListForm,
    MergeForm,
    MergeReport,
    OpenForm,
    OwnerCard,
    OwnerForm,
    RecordCard,
    RecordPage,
    ResolveForm,
    Upload,
    WithdrawForm,
)

EXPORTS = ("dcat", "sheet", "croissant")


class Listing(Seat):
    """A site's catalogue and its demand list."""

    def records(self, text: str = "", **narrowed: str | int) -> RecordPage:
        """Find records by words in Chinese or English, a page at a time.

        `openness`, `grade`, `owner` and `state` narrow the search; `limit` is a page's length and
        `after` the `next` of the page before.
        """
        return self._connection.get(RecordPage, "/catalogue", q=text, **narrowed)

    def record(self, name: str) -> RecordCard:
        """Read a record: what the data are, who answers for them, how they are open.

        Raises:
            NotFound: the catalogue lists none of this name.
        """
        return self._connection.get(RecordCard, f"/catalogue/records/{segment(name)}")

    def hidden_records(
        self, limit: int | None = None, told: Progress | None = None
    ) -> list[RecordCard]:
        """List what is hidden of the bodies that one signs in for (owners)."""
        return self._connection.all(RecordCard, "/catalogue/hidden", limit, told)

    def import_list(self, file: Path) -> Iterator[ImportProgress]:
        """Import a catalogue from CSV (owners); the last word of progress has the report.

        Raises:
            BadInput: code `sheet.faults`; every fault has a line of the message.
            Unavailable: code `import.incomplete`; the same file again completes it.
        """
        upload = self._connection.upload(Upload, "/uploads", file)
        body = json.dumps({"upload": ListForm(upload.id).upload}).encode()
        said = None
        for line in self._connection.lines("/catalogue/imports", body):
            said = message_of(ImportProgress, line)
            yield said
        if said is None or said.report is None:
            raise Unavailable(
                "The site stopped half way; import the same file again", code="import.incomplete"
            )

    def merge(self, owner: str) -> MergeReport:
        """Compile the lists of a body and of those below it (owners)."""
        return self._connection.post(MergeReport, "/catalogue/merges", MergeForm(owner))

    def clashes(self, limit: int | None = None, told: Progress | None = None) -> list[ClashCard]:
        """List what is listed in several ways (owners)."""
        return self._connection.all(ClashCard, "/catalogue/clashes", limit, told)

    def resolve(self, name: str, owner: str) -> RecordCard:
        """Say whose version of a record stands (owners of the body above all of its sides)."""
        form = ResolveForm(name, owner)
        return self._connection.post(RecordCard, "/catalogue/resolutions", form)

    def open_data(self, file: Path, policy_file: Path) -> RecordCard:
        """Open unconditional data for download (owners).

        Raises:
            BadInput: policy or file are wrong; the place says where.
        """
        try:
            policy = policy_file.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            raise BadInput(
                "There is no policy to be read",
                code="file.unreadable",
                place=Place(file=str(policy_file)),
            ) from None
        upload = self._connection.upload(Upload, "/uploads", file)
        form = OpenForm(policy, upload.id, file.suffix.lower().removeprefix("."))
        return self._connection.post(RecordCard, "/catalogue/openings", form)

    def withdraw_opening(self, name: str, reason: str) -> RecordCard:
        """Take down what is open for download (owners); everybody reads the reason.

        Raises:
            Conflict: nothing is open.
        """
        form = WithdrawForm(name, reason)
        return self._connection.post(RecordCard, "/catalogue/withdrawals", form)

    def download(self, name: str, file: Path) -> Path:
        """Download unconditional data, as CSV or Parquet by the file's ending.

        Raises:
            NotPermitted: the data are not unconditional.
        """
        query = {"form": file.suffix.lower().removeprefix(".")}
        path = f"/catalogue/files/{segment(name)}"
        return self._connection.save(path, file, query)

    def export_catalogue(self, file: Path, form: str, name: str = "") -> Path:
        """Export the catalogue as `dcat` or `sheet`, or one record as `croissant`."""
        if form not in EXPORTS or (form == "croissant") != bool(name):
            raise BadInput(
                f"An export is {', '.join(EXPORTS)}; croissant is of one record",
                code="export.form",
            )
        path = f"/catalogue/{form}" + (f"/{segment(name)}" if name else "")
        return self._connection.save(path, file, {})

    def owners(self, limit: int | None = None, told: Progress | None = None) -> list[OwnerCard]:
        """List the bodies that answer for data."""
        return self._connection.all(OwnerCard, "/owners", limit, told)

    def add_owner(self, name: str, keeper: str, parent: str | None = None) -> OwnerCard:
        """Say who signs in for a body, and which body compiles its list (stewards)."""
        return self._connection.post(OwnerCard, "/owners", OwnerForm(name, keeper, parent))

    def demands(
        self, state: str | None = None, limit: int | None = None, told: Progress | None = None
    ) -> list[DemandCard]:
        """List what was asked for and what was answered, newest first."""
        query = {"state": state} if state else {}
        return self._connection.all(DemandCard, "/demands", limit, told, **query)

    def demand(self, owner: str, data: str, use: str) -> DemandCard:
        """Ask a body for data that are not listed (researchers)."""
        return self._connection.post(DemandCard, "/demands", DemandForm(owner, data, use))

    def answer_demand(
        self,
        id: str,  # noqa: A002  (the message's name)
        state: str,
        reason: str = "",
        record: str | None = None,
    ) -> DemandCard:
        """Answer a demand: `accepted`, `refused` with a reason, or `open` with the record's name.

        Raises:
            Conflict: it is answered already.
        """
        answer = DemandAnswer(state, reason, record)
        return self._connection.post(DemandCard, f"/demands/{segment(id)}/answer", answer)
