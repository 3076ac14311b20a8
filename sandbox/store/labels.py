"""Which labels each kind of thing has, and its rank among the things of the same label."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sandbox.model import label
from sandbox.model.agreement import Agreement
from sandbox.model.application import Application
from sandbox.model.application import ApplicationState as State
from sandbox.model.dataset import Dataset
from sandbox.model.demand import Demand, DemandState
from sandbox.model.emergency import Emergency
from sandbox.model.label import Label
from sandbox.model.names import DatasetName, PrincipalName
from sandbox.model.owner import Owner
from sandbox.model.source import Source
from sandbox.model.token import Token

V = TypeVar("V")

Labels = Mapping[Label, int]
"""Labels, each with a rank: a smaller one stands first, and among equal ranks what was added first.

A label may come to be out of date only where it stands for what never changes: so it finds too
little at worst, and whoever asks judges what is found all the same.
"""
OwnerOf = Callable[[DatasetName], PrincipalName | None]

RUNNING = frozenset((State.SUBMITTED, State.RESUBMITTED, State.ASSESSED))
"""States in which the clock of an application runs."""


def none_of(_: object) -> Labels:
    """Label nothing."""
    return {}


def of_dataset(dataset: Dataset) -> Labels:
    """Label a dataset."""
    found = {label.owned_by(dataset.owner): 0, label.of_source(dataset.source): 0}
    return found | ({label.SHOWN: 0} if dataset.policy.metadata.listed else {})


def of_source(source: Source) -> Labels:
    """Label a source."""
    return {label.owned_by(source.owner): 0}


def of_application(application: Application, owner_of: OwnerOf) -> Labels:
    """Label an application; a dataset stays its owner's, so theirs are known when it is written."""
    own = {label.whose(application.applicant): 0}
    if application.private:
        return own
    received = int(application.received.timestamp())
    found = own | {label.SHOWN: 0}
    found |= {label.owned_by(name): 0 for name in _owners(application.datasets, owner_of)}
    if application.state is State.SUPPLEMENT_REQUESTED:
        found[label.PAUSED] = received
    if application.state in RUNNING:
        found[label.UNDECIDED] = received
        if application.emergency is not None:
            found[label.URGENT] = received
        for name in _owners(application.unanswered, owner_of):
            found[label.unanswered_by(name)] = received
    return found


def of_agreement(agreement: Agreement, owner_of: OwnerOf) -> Labels:
    """Label an agreement."""
    owners = _owners(agreement.clauses.datasets, owner_of)
    return {label.whose(agreement.researcher): 0} | {label.owned_by(name): 0 for name in owners}


def of_demand(demand: Demand) -> Labels:
    """Label a demand."""
    found = {label.whose(demand.asker): 0, label.in_state(demand.state): 0}
    if demand.state is DemandState.ASKED:
        found |= {label.asked_of(demand.owner): 0, label.waiting_of(demand.asker): 0}
    return found


def of_emergency(emergency: Emergency) -> Labels:
    """Label an emergency."""
    if emergency.confirmed is None:
        return {label.UNCONFIRMED: 0}
    return {} if emergency.reviewed else {label.UNREVIEWED: 0}


def of_token(token: Token) -> Labels:
    """Label a token."""
    return {label.whose(token.name): 0}


def of_owner(owner: Owner) -> Labels:
    """Label a body that answers for data."""
    return {label.kept_by(owner.keeper): 0}


def _owners(names: tuple[DatasetName, ...], owner_of: OwnerOf) -> set[PrincipalName]:
    return {owner for name in names if (owner := owner_of(name)) is not None}
