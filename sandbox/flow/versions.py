"""Versions: which version of an agreement is in force, and whether all of them are over."""

from collections.abc import Iterator
from datetime import date

from sandbox.model.agreement import Agreement, AgreementState, version_id
from sandbox.model.names import AgreementId
from sandbox.ports import Page


def versions(page: Page, root: AgreementId) -> Iterator[Agreement]:
    """Give all versions that were ever offered, the first one first."""
    number = 1
    while (found := page.agreements.find(version_id(root, number))) is not None:
        yield found
        number += 1


def next_id(page: Page, root: AgreementId) -> AgreementId:
    """Name the version that would be offered next."""
    return version_id(root, sum(1 for _ in versions(page, root)) + 1)


def latest(page: Page, agreement: Agreement) -> Agreement:
    """Give the last version that was signed; of an offer that nobody has signed, the offer."""
    if agreement.state is not AgreementState.SUPERSEDED:
        return agreement
    signed = (AgreementState.IN_FORCE, AgreementState.ENDED)
    return next(one for one in versions(page, agreement.root) if one.state in signed)


def end_of(last: Agreement) -> date:
    """Say on which day an agreement ended or will end, by its last version; UTC."""
    return last.disposed.date() if last.disposed is not None else last.clauses.ends


def has_ended(last: Agreement, today: date) -> bool:
    """Tell whether an agreement was signed and is over, by its last version."""
    if last.state is AgreementState.OFFERED:
        return False
    return (
        last.state is AgreementState.ENDED or last.closed is not None or last.clauses.ends < today
    )
