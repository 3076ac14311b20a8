"""Answer for: which body may speak for a record, and who speaks for the body."""

from typing import NoReturn

from sandbox.errors import BadInput, NotFound, NotPermitted, Place
from sandbox.flow.authorise import demand, may, of_body
from sandbox.flow.site import Site
from sandbox.model.label import kept_by
from sandbox.model.names import OwnerName, PrincipalName, principal_name
from sandbox.model.owner import MAX_LEVELS, Owner, upwards
from sandbox.model.principal import Principal
from sandbox.model.record import MAX_LABEL, text_faults
from sandbox.model.verb import Verb
from sandbox.ports import Page


def register_owner(
    site: Site, steward: Principal, name: str, keeper: str, parent: str | None
) -> Owner:
    """Say who signs in for a body, and which body compiles its list.

    Raises:
        NotPermitted: not a steward.
        BadInput: a name is none, or the body would stand above itself (`owner.ring`).
        NotFound: the parent is not registered.
    """
    demand(steward, Verb.REGISTER_OWNER)
    if not name or text_faults("name", name, MAX_LABEL):
        raise BadInput("A body has a printable name", code="name.owner", place=Place(clause="name"))
    above = OwnerName(parent) if parent else None
    if above == name:
        _refuse_ring()
    owner = Owner(OwnerName(name), PrincipalName(principal_name(keeper)), above)
    with site.books.write() as page:
        if above is not None:
            _require_no_ring(page, owner, above)
        known = page.owners.find(owner.name)
        (page.owners.replace if known else page.owners.add)(owner.name, owner)
    return owner


def may_speak(page: Page, who: Principal, name: OwnerName) -> bool:
    """Tell whether somebody signs in for a body, or for one above it."""
    owner = page.owners.find(name)
    return owner is not None and may(who, Verb.SPEAK_FOR, of_body(page, owner))


def require_speaker(page: Page, who: Principal, name: OwnerName) -> None:
    """Stop whoever does not sign in for the body or for one above it.

    Raises:
        NotFound: code `owner.unknown`.
        NotPermitted: code `owner.not_yours`.
    """
    if page.owners.find(name) is None:
        raise NotFound(
            "No body of this name answers for data here",
            code="owner.unknown",
            place=Place(clause="owner"),
        )
    if not may_speak(page, who, name):
        raise NotPermitted("Another body answers for this", code="owner.not_yours")


def take_charge(page: Page, who: Principal, name: OwnerName, parent: OwnerName | None) -> Owner:
    """Register a body that nobody has spoken for yet, or make sure that one may.

    Raises:
        NotPermitted: code `owner.not_yours`.
    """
    known = page.owners.find(name)
    if known is None:
        known = Owner(name, who.name, None if parent == name else parent)
        page.owners.add(name, known)
    else:
        require_speaker(page, who, name)
    return known


def body_of(page: Page, who: Principal) -> Owner | None:
    """Give the uppermost body that somebody signs in for, the first registered if several."""
    kept = page.owners.labelled(kept_by(who.name))
    return min(kept, key=lambda owner: len(list(upwards(owner, page.owners.find))), default=None)


def _require_no_ring(page: Page, owner: Owner, parent: OwnerName) -> None:
    above = page.owners.find(parent)
    if above is None:
        raise NotFound(
            "No such body is registered", code="owner.unknown", place=Place(clause="parent")
        )
    line = [each.name for each in upwards(above, page.owners.find)]
    if owner.name in line or len(line) >= MAX_LEVELS:
        _refuse_ring()


def _refuse_ring() -> NoReturn:
    raise BadInput(
        f"A body is not above itself, and there are at most {MAX_LEVELS} levels",
        code="owner.ring",
        place=Place(clause="parent"),
    )
