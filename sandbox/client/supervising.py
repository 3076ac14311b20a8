"""What officials do: decide, open an emergency together, review, and erase."""

from typing import TYPE_CHECKING

from sandbox.client.connection import segment
from sandbox.client.seat import Seat
from sandbox.wire import (
    ApplicationCard,
    Decision,
    EmergencyCard,
    EmergencyForm,
    Entered,
    Erased,
    ReviewForm,
)

if TYPE_CHECKING:
    from sandbox.ledger.trace import Trace


class Supervising(Seat):
    """A site as stewards use it, and auditors who review."""

    def decide(
        self,
        id: str,  # noqa: A002  (the message's own names)
        grant: bool,  # noqa: FBT001
        reason: str,
        *,
        revision: int | None = None,
    ) -> ApplicationCard:
        """Answer an application; for stewards.

        `revision` is the card's that one has read, so that no newer one is answered unread.

        Raises:
            Conflict: it is decided already, or was resubmitted since.
        """
        path = f"/applications/{segment(id)}/decision"
        said = Decision(grant=grant, reason=reason, revision=revision)
        return self._connection.post(ApplicationCard, path, said)

    def declare_emergency(self, source: str, reason: str, hours: int) -> EmergencyCard:
        """Declare an emergency over a source; in force once another steward confirms it.

        Raises:
            BadInput: reason or hours are wrong; the place names the field.
            NotFound: there is no such source.
        """
        form = EmergencyForm(source=source, reason=reason, hours=hours)
        return self._connection.post(EmergencyCard, "/emergencies", form)

    def confirm_emergency(self, id: str) -> EmergencyCard:  # noqa: A002
        """Confirm what another steward has declared.

        Raises:
            NotFound: there is no such emergency.
            NotPermitted: one has declared it oneself.
            Conflict: it is confirmed already, or over.
        """
        return self._connection.put(EmergencyCard, f"/emergencies/{segment(id)}/confirmation")

    def review(self, subject: str, outcome: str, statement: str) -> int:
        """Put on record that one has looked into something; for stewards and auditors.

        `subject` is `ledger`, `source/<name>`, `agreement/<id>` or `emergency/<id>`, `outcome`
        is `in_order` or `objection`. Gives the index of the ledger's entry.

        Raises:
            BadInput: a field is wrong; the place names it.
            NotFound: there is no such subject.
        """
        form = ReviewForm(subject=subject, outcome=outcome, statement=statement)
        return self._connection.post(Entered, "/reviews", form).index

    def trace(self, saved: bytes) -> "Trace":
        """Find which agreement a saved answer was released under; only its digest leaves here.

        Raises:
            BadInput: code `trace.no_answer`; these bytes are no answer's JSON.
            NotFound: no such answer was released, or not from one's own data.
        """
        from sandbox.ledger.trace import Trace, digest_of  # noqa: PLC0415  (loads rfc8785)

        return self._connection.get(Trace, f"/releases/{segment(digest_of(saved))}")

    def erase(self, subject: str) -> Erased:
        """Delete the papers behind `application/<id>` or `agreement/<id>`; for stewards.

        The ledger keeps its commitments to them, which nobody can open any more.

        Raises:
            BadInput: it is neither.
            NotFound: there is no such application or agreement.
        """
        return self._connection.delete(Erased, f"/papers/{segment(subject)}")
