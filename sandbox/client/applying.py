"""The course of an application: drafts, supplements, assessment, consent, withdrawal, deadlines."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sandbox.client.connection import Progress, segment
from sandbox.client.seat import Seat
from sandbox.wire import (
    AgreementCard,
    ApplicantForm,
    ApplicationCard,
    ApplicationForm,
    AssessmentForm,
    ConsentForm,
    OverdueCard,
    Statement,
)


def application_form(  # noqa: PLR0913, PLR0917  (an application lists its fields)
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
) -> ApplicationForm:
    """Fill a form in; the key that will sign the agreement is made if it is not there."""
    from sandbox.client import signing_key  # noqa: PLC0415  (loads cryptography)

    own = signing_key.make_if_missing(key or signing_key.default_path("researcher"))
    return ApplicationForm(
        dataset=dataset,
        purpose=purpose,
        scenario=scenario,
        safeguards=safeguards,
        starts=str(starts),
        ends=str(ends),
        public_key=signing_key.public_key(own),
        further=tuple(further),
        applicant=applicant,
        emergency=emergency,
        amends=amends,
        renews=renews,
    )


class Applying(Seat):
    """A site as those use it who bring an application to its end.

    Every method raises `Conflict` if the application is not in a state for it; the code says in
    which it is.
    """

    def draft(self, form: ApplicationForm) -> ApplicationCard:
        """Begin an application; texts may be empty, and nobody else sees it."""
        return self._connection.post(ApplicationCard, "/applications/drafts", form)

    def edit(self, id: str, form: ApplicationForm) -> ApplicationCard:  # noqa: A002
        """Put another version in a draft's place."""
        return self._connection.post(ApplicationCard, f"/applications/{segment(id)}/draft", form)

    def fill_in(self, form: ApplicationForm) -> ApplicationForm:
        """Complete a form by the agreement that it is to change or to follow, if it names one.

        What is written stays. A renewal needs a period of its own.

        Raises:
            NotFound: there is no such agreement, or it is another's.
        """
        named = form.amends or form.renews
        if not named:
            return form
        card = self._connection.get(AgreementCard, f"/agreements/{segment(named)}")
        asked = segment(json.loads(card.document)["terms"]["application"])
        known = self._connection.get(ApplicationCard, f"/applications/{asked}")
        first, *others = card.datasets
        return replace(
            form,
            dataset=form.dataset or first,
            further=form.further or (() if form.dataset else tuple(others)),
            purpose=form.purpose or known.purpose,
            scenario=form.scenario or known.scenario,
            safeguards=form.safeguards or known.safeguards,
            starts=form.starts or (known.starts if form.amends else ""),
            ends=form.ends or (known.ends if form.amends else ""),
        )

    def submit(self, id: str) -> ApplicationCard:  # noqa: A002
        """Submit a draft; the clock starts.

        Raises:
            BadInput: it is incomplete; the message names every field.
        """
        return self._connection.put(ApplicationCard, f"/applications/{segment(id)}/submission")

    def ask_for_supplement(self, id: str, reason: str) -> ApplicationCard:  # noqa: A002
        """Ask an applicant for more; the clock stands. For stewards."""
        path = f"/applications/{segment(id)}/supplement"
        return self._connection.post(ApplicationCard, path, Statement(reason))

    def resubmit(self, id: str, form: ApplicationForm) -> ApplicationCard:  # noqa: A002
        """Send the whole application again, with what was asked for; the clock goes on."""
        path = f"/applications/{segment(id)}/resubmission"
        return self._connection.post(ApplicationCard, path, form)

    def assess(self, id: str, form: AssessmentForm) -> ApplicationCard:  # noqa: A002
        """Answer the five questions about an application; for stewards."""
        path = f"/applications/{segment(id)}/assessment"
        return self._connection.post(ApplicationCard, path, form)

    def consent(
        self,
        id: str,  # noqa: A002
        dataset: str,
        reason: str,
        *,
        given: bool = True,
        origin_consent: str = "",
        revision: int | None = None,
    ) -> ApplicationCard:
        """Consent to opening one's dataset, or decline; for owners.

        `origin_consent` names the document in which the region consents that the data are from;
        `revision` is the card's that one has read, so that no newer one is answered unread.
        """
        form = ConsentForm(dataset, given, reason, origin_consent, revision)
        path = f"/applications/{segment(id)}/consent"
        return self._connection.post(ApplicationCard, path, form)

    def withdraw(self, id: str) -> ApplicationCard:  # noqa: A002
        """Take an application back before it is decided."""
        return self._connection.put(ApplicationCard, f"/applications/{segment(id)}/withdrawal")

    def overdue(self, limit: int | None = None, told: Progress | None = None) -> list[OverdueCard]:
        """List what nobody has answered in time; for stewards and auditors."""
        return self._connection.all(OverdueCard, "/applications/overdue", limit, told)
