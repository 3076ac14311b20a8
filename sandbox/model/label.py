"""Labels: by what else than its key a thing in the books is found, without reading them all."""

from typing import NewType

from sandbox.model.names import OwnerName, PrincipalName, SourceName

Label = NewType("Label", str)

SHOWN = Label("shown")
"""Applications that were submitted, and datasets whose policy lists them."""
UNDECIDED = Label("undecided")
"""Applications whose clock runs; the first received stands first."""
URGENT = Label("urgent")
"""Of these, the ones that an emergency hurries."""
PAUSED = Label("paused")
"""Applications that wait for their applicants; the first received stands first."""
UNCONFIRMED = Label("unconfirmed")
"""Emergencies that one official has declared and none has confirmed."""
UNREVIEWED = Label("unreviewed")
"""Emergencies that were confirmed and that nobody has looked into."""


def whose(name: PrincipalName) -> Label:
    """Applications, agreements, demands and tokens of one person."""
    return Label(f"whose {name}")


def owned_by(name: PrincipalName) -> Label:
    """Datasets and sources of one owner, and what was asked for and agreed over them."""
    return Label(f"owned by {name}")


def unanswered_by(name: PrincipalName) -> Label:
    """Applications that wait for one owner's consent; the first received stands first."""
    return Label(f"unanswered by {name}")


def of_source(name: SourceName) -> Label:
    """Datasets about the people of one source."""
    return Label(f"of source {name}")


def in_state(state: str) -> Label:
    """Demands in one state."""
    return Label(f"in state {state}")


def asked_of(body: OwnerName) -> Label:
    """Demands that one body has yet to answer."""
    return Label(f"asked of {body}")


def waiting_of(name: PrincipalName) -> Label:
    """Demands of one person that nobody has answered yet."""
    return Label(f"waiting of {name}")


def kept_by(name: PrincipalName) -> Label:
    """Bodies that one person signs in for."""
    return Label(f"kept by {name}")
