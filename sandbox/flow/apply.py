"""Apply: a researcher asks for a conditional-open dataset (开放申请)."""

import base64
import binascii
from datetime import date, timedelta
from typing import NoReturn

from policies.schema import Openness
from sandbox.errors import BadInput, NotFound, NotPermitted, Place
from sandbox.flow.permit import require
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.canonical import canonical
from sandbox.model.application import Application
from sandbox.model.dataset import Dataset
from sandbox.model.names import ApplicationId, DatasetName
from sandbox.model.principal import Principal, Role
from sandbox.ports import Page
from sandbox.wire import ApplicationForm

MAX_TEXT = 4000
"""Characters of a free text; an application is read by a person."""
MAX_PERIOD = timedelta(days=5 * 366)
"""Longest period that may be asked for; renewal is a new application."""
_KEY_BYTES = 32


def apply(site: Site, researcher: Principal, form: ApplicationForm) -> Application:
    """Receive an application and record that it was received.

    Raises:
        BadInput: a field is missing, too long or contradicts the policy; the place names it.
        NotFound: there is no such dataset.
        NotPermitted: not a researcher, or the dataset is not open on application.
    """
    require(researcher, Role.RESEARCHER)
    with site.books.write() as page:
        dataset = find_dataset(page, form.dataset)
        _check(dataset, form)
        application = _application(site, researcher, dataset, form)
        page.applications.add(application.id, application)
        page.log.append(
            entries.application(
                application.received,
                id=application.id,
                dataset=dataset.name,
                commitment=site.commit_to(page, _payload(researcher, form)),
            )
        )
    return application


def find_dataset(page: Page, name: str) -> Dataset:
    """Look a dataset up in the catalogue; what is not listed cannot be named.

    Raises:
        NotFound: it is not listed, or hidden.
    """
    dataset = page.datasets.find(DatasetName(name))
    record = page.records.find(DatasetName(name))
    if dataset is None or record is None or not record.listed:
        raise NotFound(
            "The catalogue lists no such dataset",
            code="dataset.unknown",
            place=Place(clause="dataset"),
        )
    return dataset


def _check(dataset: Dataset, form: ApplicationForm) -> None:
    if dataset.policy.openness is not Openness.CONDITIONAL:
        raise NotPermitted("Only conditional-open data is applied for", code="openness.closed")
    if form.purpose not in dataset.policy.purposes:
        offered = ", ".join(dataset.policy.purposes)
        _refuse(f"The policy allows these purposes: {offered}", "purpose")
    for clause in ("scenario", "safeguards"):
        if not 0 < len(getattr(form, clause).strip()) <= MAX_TEXT:
            _refuse(f"Write between 1 and {MAX_TEXT} characters", clause)
    check_key(form.public_key)


def check_key(key: str) -> None:
    """Refuse what is no Ed25519 key.

    Raises:
        BadInput: code `application.public_key`.
    """
    try:
        long_enough = len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        long_enough = False
    if not long_enough:
        _refuse("An Ed25519 public key is base64 of 32 bytes", "public_key")


def _application(
    site: Site, researcher: Principal, dataset: Dataset, form: ApplicationForm
) -> Application:
    starts, ends = _day(form.starts, "starts"), _day(form.ends, "ends")
    now = site.clock.now()
    if ends < max(starts, now.date()) or ends - starts > MAX_PERIOD:
        _refuse("The period ends after it starts, in the future, within five years", "ends")
    return Application(
        id=ApplicationId(site.fresh_id()),
        applicant=researcher.name,
        dataset=dataset.name,
        purpose=form.purpose,
        scenario=form.scenario.strip(),
        safeguards=form.safeguards.strip(),
        starts=starts,
        ends=ends,
        public_key=form.public_key,
        received=now,
    )


def _payload(researcher: Principal, form: ApplicationForm) -> bytes:
    return canonical(
        {
            "applicant": researcher.name,
            "purpose": form.purpose,
            "scenario": form.scenario,
            "safeguards": form.safeguards,
            "starts": form.starts,
            "ends": form.ends,
            "public_key": form.public_key,
        }
    )


def _day(written: str, clause: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        _refuse("A day is written 2026-11-30", clause)


def _refuse(message: str, clause: str) -> NoReturn:
    raise BadInput(message, code=f"application.{clause}", place=Place(clause=clause))
