"""Withdraw: an applicant takes an application back, before it is decided."""

from sandbox.flow.authorise import demand
from sandbox.flow.course import enter, find_application, move
from sandbox.flow.site import Site
from sandbox.model.application import Application
from sandbox.model.course import Actor, Move
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb


def withdraw(site: Site, researcher: Principal, id: str) -> Application:  # noqa: A002  (the field's name)
    """End an application, or a draft, without a decision.

    Raises:
        NotFound: there is none, or it is another's.
        NotPermitted: not a researcher.
        Conflict: it is decided, or withdrawn already.
    """
    demand(researcher, Verb.WITHDRAW_APPLICATION)
    with site.books.write() as page:
        known = find_application(page, researcher, id, Verb.WITHDRAW_APPLICATION)
        ended = move(page, known, Move.WITHDRAW, Actor.APPLICANT)
        enter(site, page, ended, "withdraw", researcher)
    return ended
