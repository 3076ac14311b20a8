"""Supplement: a steward asks for what is missing, which stops the clock; the applicant adds it."""

from dataclasses import replace

from sandbox.flow.amend import require_open_way
from sandbox.flow.authorise import demand
from sandbox.flow.course import enter, find_application, move
from sandbox.flow.deadline import require_its_source
from sandbox.flow.fill import fields_of, payload_of, require_complete
from sandbox.flow.papers import require_text
from sandbox.flow.site import Site
from sandbox.model.application import Application, Pause
from sandbox.model.course import Actor, Move
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.wire import ApplicationForm


def supplement(site: Site, steward: Principal, id: str, reason: str) -> Application:  # noqa: A002  (the field's name)
    """Ask the applicant for more, with the reason; the clock stands until they resubmit.

    Raises:
        BadInput: code `supplement.reason`.
        NotFound: there is no such application.
        NotPermitted: not a steward.
        Conflict: it waits for its applicant already, or is decided.
    """
    demand(steward, Verb.SUPPLEMENT)
    written = require_text(reason, "supplement.reason")
    with site.books.write() as page:
        known = find_application(page, steward, id, Verb.SUPPLEMENT)
        pause = Pause(site.clock.now(), steward.name, written)
        asked = move(
            page,
            known,
            Move.SUPPLEMENT,
            Actor.STEWARD,
            pauses=(*known.pauses, pause),
            assessment=None,
        )
        enter(site, page, asked, "supplement", steward, written.encode())
    return asked


def resubmit(site: Site, researcher: Principal, id: str, form: ApplicationForm) -> Application:  # noqa: A002
    """Send the whole application again; the clock goes on, and owners are asked anew.

    What owners consented to was another text, so it does not count for this one. An emergency that
    it was received in stays with it, and its clock, whether or not it is over by now.

    Raises:
        BadInput: it is incomplete; the message has every fault.
        NotFound: there is none, or it is another's; or a dataset is not listed.
        NotPermitted: not a researcher, or the data are not open on application.
        Conflict: nobody asked for a supplement.
    """
    demand(researcher, Verb.RESUBMIT_APPLICATION)
    with site.books.write() as page:
        known = find_application(page, researcher, id, Verb.RESUBMIT_APPLICATION)
        now = site.clock.now()
        pauses = tuple(replace(one, answered=one.answered or now) for one in known.pauses)
        sent = move(
            page,
            known,
            Move.RESUBMIT,
            Actor.APPLICANT,
            **fields_of(form, known.proof),
            pauses=pauses,
            assessment=None,
            consents=(),
        )
        require_complete(page, sent, now.date())
        require_its_source(page, sent)
        require_open_way(site, page, sent, now)
        enter(site, page, sent, "resubmit", researcher, payload_of(researcher, sent))
    return sent
