"""Fill: what an applicant has written becomes an application, complete or not yet."""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import NoReturn

from policies.schema import Openness
from sandbox.errors import BadInput, NotFound, NotPermitted, Place
from sandbox.ledger.canonical import canonical
from sandbox.model.applicant import Applicant, ApplicantKind
from sandbox.model.application import Application
from sandbox.model.dataset import Dataset
from sandbox.model.names import DatasetName
from sandbox.model.principal import Principal
from sandbox.model.prose import MAX_TEXT, fault_of, line_fault_of
from sandbox.ports import Page
from sandbox.wire import ApplicantForm, ApplicationForm

MAX_PERIOD = timedelta(days=5 * 366)
"""Longest period that may be asked for; renewal is a new application."""
MAX_DATASETS = 16
"""Asked for in one application."""
_KEY_BYTES = 32

Fault = tuple[str, str]
"""A field and what is wrong with it."""
_NO_KEY: Fault = ("public_key", "An Ed25519 public key is base64 of 32 bytes")


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


def fields_of(form: ApplicationForm, known: Applicant | None = None) -> dict[str, object]:
    """Read a form into an application's fields, as far as it is filled in.

    Raises:
        BadInput: something that is filled in cannot be kept at all; the message has every fault.
    """
    faults = list(_unreadable(form))
    if faults:
        refuse(faults)
    return {
        "dataset": DatasetName(form.dataset),
        "further": tuple(DatasetName(name) for name in form.further),
        "purpose": form.purpose,
        "scenario": form.scenario.strip(),
        "safeguards": form.safeguards.strip(),
        "starts": _day(form.starts),
        "ends": _day(form.ends),
        "public_key": form.public_key,
        "proof": known if form.applicant is None else _proof(form.applicant),
    }


def require_complete(page: Page, application: Application, today: date) -> None:
    """Make sure that nothing is missing, before a clock starts.

    Raises:
        NotFound: a dataset is not listed.
        NotPermitted: code `openness.closed`; a dataset is not open on application.
        BadInput: the message has every fault; with one alone, the code is that field's.
    """
    datasets = [find_dataset(page, name) for name in application.datasets]
    if any(one.policy.openness is not Openness.CONDITIONAL for one in datasets):
        raise NotPermitted("Only conditional-open data is applied for", code="openness.closed")
    faults = [*_faults(application, datasets), *_period_faults(application, today)]
    if application.proof is None:
        faults.append(("applicant", "Say who applies, and how that is proved"))
    else:
        faults.extend(application.proof.faults(today))
    if faults:
        refuse(faults)


def refuse(faults: list[Fault]) -> NoReturn:
    """Say all that is wrong with a form at once.

    Raises:
        BadInput: with the first field's place; with one fault, its code is that field's.
    """
    (clause, message), *others = faults
    if not others:
        raise BadInput(message, code=f"application.{clause}", place=Place(clause=clause))
    lines = "\n".join(f"{name}: {wrong}" for name, wrong in faults)
    raise BadInput(lines, code="application.incomplete", place=Place(clause=clause))


def payload_of(researcher: Principal, application: Application) -> bytes:
    """Write what the ledger commits to: all that was asked, and nothing of who proves it how."""
    starts, ends = application.starts, application.ends
    return canonical(
        {
            "applicant": researcher.name,
            "datasets": list(application.datasets),
            "purpose": application.purpose,
            "scenario": application.scenario,
            "safeguards": application.safeguards,
            "starts": starts and starts.isoformat(),
            "ends": ends and ends.isoformat(),
            "public_key": application.public_key,
            "emergency": application.emergency,
            "amends": application.amends,
            "renews": application.renews,
        }
    )


def check_key(key: str) -> None:
    """Refuse what is no Ed25519 key.

    Raises:
        BadInput: code `application.public_key`.
    """
    if not is_key(key):
        refuse([_NO_KEY])


def is_key(key: str) -> bool:
    """Tell whether this is an Ed25519 public key."""
    try:
        return len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _unreadable(form: ApplicationForm) -> Iterator[Fault]:
    """Find what not even a draft can hold; nothing that is only missing."""
    for clause in ("scenario", "safeguards"):
        yield from _text_fault(clause, getattr(form, clause), fault_of)
    for clause in ("dataset", "purpose", "public_key", "emergency"):
        yield from _text_fault(clause, getattr(form, clause), line_fault_of)
    for name in form.further:
        yield from _text_fault("further", name, line_fault_of)
    if len(form.further) >= MAX_DATASETS or len({form.dataset, *form.further}) <= len(form.further):
        yield "further", f"Name each dataset once, {MAX_DATASETS} at most"
    for clause in ("starts", "ends"):
        if getattr(form, clause) and _is_no_day(getattr(form, clause)):
            yield clause, "A day is written 2026-11-30"
    if form.applicant is not None:
        yield from _unreadable_proof(form.applicant)


def _unreadable_proof(proof: ApplicantForm) -> Iterator[Fault]:
    if proof.kind not in {kind.value for kind in ApplicantKind}:
        kinds = ", ".join(kind.value for kind in ApplicantKind)
        yield "applicant.kind", f"An applicant is one of: {kinds}"
    for name, written in asdict(proof).items():
        yield from _text_fault(f"applicant.{name}", written, line_fault_of)


def _text_fault(
    clause: str, written: str, fault_in: Callable[[str], str | None]
) -> Iterator[Fault]:
    """Find what is wrong with a text; one of nothing but space is only missing."""
    if len(written) > MAX_TEXT or written.strip():
        fault = fault_in(written)
        if fault is not None:
            yield clause, fault


def _faults(application: Application, datasets: list[Dataset]) -> Iterator[Fault]:
    offered = [
        purpose
        for purpose in datasets[0].policy.purposes
        if all(purpose in one.policy.purposes for one in datasets)
    ]
    if application.purpose not in offered:
        allowed = ", ".join(offered) or "none that all of these datasets have in common"
        yield "purpose", f"The policy allows these purposes: {allowed}"
    for clause in ("scenario", "safeguards"):
        if not getattr(application, clause):
            yield clause, f"Write between 1 and {MAX_TEXT} characters"
    if not is_key(application.public_key):
        yield _NO_KEY


def _period_faults(application: Application, today: date) -> Iterator[Fault]:
    starts, ends = application.starts, application.ends
    if starts is None:
        yield "starts", "Say on which day you begin"
    if ends is None:
        yield "ends", "Say on which day you end"
    if starts and ends and (ends < max(starts, today) or ends - starts > MAX_PERIOD):
        yield "ends", "The period ends after it starts, in the future, within five years"


def _proof(form: ApplicantForm) -> Applicant:
    return Applicant(
        ApplicantKind(form.kind), form.name.strip(), form.number.strip(), form.responsible.strip()
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _is_no_day(written: str) -> bool:
    try:
        _day(written)
    except ValueError:
        return True
    return False
