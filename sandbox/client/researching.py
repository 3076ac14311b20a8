"""What researchers do: apply, sign, collect answers, and dispose of what they were given."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sandbox.client.answer import Answer
from sandbox.client.applying import application_form
from sandbox.client.connection import segment
from sandbox.client.declaring import Algorithm
from sandbox.client.mock_run import MockRun
from sandbox.client.seat import Seat
from sandbox.wire import AgreementCard, ApplicantForm, ApplicationCard, Environment, Statement


class Researching(Seat):
    """A site as researchers use it, besides asking (`sandbox.client.query`)."""

    def apply(  # noqa: PLR0913, PLR0917  (an application lists its fields)
        self,
        dataset: str,
        purpose: str,
        scenario: str,
        safeguards: str,
        starts: date | str,
        ends: date | str,
        key: Path | None = None,
        *,
        further: Sequence[str] = (),
        applicant: ApplicantForm | None = None,
        emergency: str = "",
        amends: str = "",
        renews: str = "",
    ) -> ApplicationCard:
        """Apply for a dataset, or several; `applicant` says who applies, and how that is proved.

        `key` is the file of the Ed25519 key that will sign the agreement, made if it is not there
        (mode 0600). Left out: DATARANGE_KEY, or `~/.config/datarange/researcher.key`.
        An open `emergency` over their source has it answered within 24 hours. `amends` names an
        agreement of one's own whose next version this is to be, `renews` one that is to be followed
        by a fresh one.

        Raises:
            BadInput: something is missing or wrong; the message names every field.
        """
        form = application_form(
            dataset,
            purpose,
            scenario,
            safeguards,
            starts,
            ends,
            key,
            further=further,
            applicant=applicant,
            emergency=emergency,
            amends=amends,
            renews=renews,
        )
        return self._connection.post(ApplicationCard, "/applications", form)

    def sign(self, id: str, key: Path | None = None) -> AgreementCard:  # noqa: A002
        """Sign an agreement, after a look at the site's own signature under it.

        Raises:
            NotVerified: code `signature.invalid`; the site did not sign this digest. Nothing was
                signed.
            Conflict: it is in force already.
        """
        from sandbox.client.signing import signature  # noqa: PLC0415  (loads cryptography)

        path = f"/agreements/{segment(id)}"
        signed = signature(self._connection.get(AgreementCard, path), key)
        return self._connection.post(AgreementCard, f"{path}/signature", signed)

    def answer(self, submission_id: str) -> Answer:
        """Collect an answer that was paid for before; costs nothing.

        Raises:
            NotFound: there is none, or it is another's.
        """
        return self._session.released(submission_id)

    def run_on_mock(self, algorithm: Algorithm, dataset: str) -> MockRun:
        """Run an algorithm over invented rows of a dataset; see `Dataset.run_on_mock`."""
        return self._session.run_on_mock(algorithm.form(dataset))

    @property
    def environment(self) -> Environment:
        """The libraries that an algorithm may import, and what holds it."""
        return self._connection.get(Environment, "/environment")

    def dispose(self, agreement: str, statement: str) -> AgreementCard:
        """Declare that one has disposed of what an agreement gave; it ends with that.

        Raises:
            NotFound: there is none, or it is another's.
            Conflict: it was never in force, or has ended already.
        """
        path = f"/agreements/{segment(agreement)}/disposal"
        return self._connection.post(AgreementCard, path, Statement(statement))

    def report(self, agreement: str, statement: str) -> AgreementCard:
        """File feedback on the use of an agreement's results; due within 30 days of its end.

        Raises:
            NotFound: there is none, or it is another's.
            Conflict: it was never signed, or there is a lot of feedback already.
        """
        path = f"/agreements/{segment(agreement)}/feedback"
        return self._connection.post(AgreementCard, path, Statement(statement))
