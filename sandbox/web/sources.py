"""Sources: their owners, stewards and auditors read them; their owners' keys change them."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.errors import BadInput, NotFound, Place
from sandbox.flow.authorise import demand, may, of_source
from sandbox.flow.browse import sources
from sandbox.flow.recap import change_caps
from sandbox.flow.rekey import change_key
from sandbox.flow.site import Site
from sandbox.flow.terms import read_policy
from sandbox.model.names import SourceName
from sandbox.model.principal import Principal
from sandbox.model.source import Source
from sandbox.model.verb import Verb
from sandbox.web.body import JsonBody
from sandbox.web.budget_cards import source_card
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire import CapForm, KeyForm, SourceCard

router = APIRouter(prefix="/sources", tags=["sources"])

Caps = Annotated[CapForm, Depends(JsonBody(CapForm))]
Key = Annotated[KeyForm, Depends(JsonBody(KeyForm))]


@router.get("")
def list_sources(caller: Caller, site: TheSite, asked: Paged) -> list[SourceCard]:
    """List an owner's sources with their accounts; all of them for stewards and auditors."""
    demand(caller, Verb.LIST_SOURCES)
    now = site.clock.now()
    with site.books.read() as page:
        found = sources(page, caller, asked.after, asked.limit)
        asked.go_on(found.next)
        return [source_card(page, each, now) for each in found.values]


@router.post("/{name:path}/caps", openapi_extra=takes(CapForm))
def change_caps_of(caller: Caller, name: str, caps: Caps, site: TheSite) -> SourceCard:
    """Give a source the caps of a policy, as its owner's key has signed."""
    demand(caller, Verb.CHANGE_SOURCE)
    _require_about(name, caps.policy)
    return _card(site, change_caps(site, caller, caps.policy, caps.owner_key, caps.signature))


@router.post("/{name:path}/key", openapi_extra=takes(KeyForm))
def change_key_of(caller: Caller, name: str, key: Key, site: TheSite) -> SourceCard:
    """Put a source in the care of the key that follows its owner's."""
    return _card(site, change_key(site, caller, name, key))


@router.get("/{name:path}")
def read_source(caller: Caller, name: str, site: TheSite) -> SourceCard:
    """Read a source's owner, caps and accounts."""
    demand(caller, Verb.READ_SOURCE)
    with site.books.read() as page:
        source = page.sources.find(SourceName(name))
        if source is None or not _may_see(caller, source):
            raise NotFound("You have no such source", code="source.unknown")
        return source_card(page, source, site.clock.now())


def _require_about(name: str, policy_text: str) -> None:
    """Keep an address from changing another source than it names.

    Raises:
        BadInput: code `source.other`.
    """
    if read_policy(policy_text).source != name:
        raise BadInput(
            "The policy is of another source than the address",
            code="source.other",
            place=Place(clause="policy"),
        )


def _card(site: Site, source: Source) -> SourceCard:
    with site.books.read() as page:
        return source_card(page, source, site.clock.now())


def _may_see(caller: Principal, source: Source) -> bool:
    return may(caller, Verb.READ_SOURCE, of_source(source))
