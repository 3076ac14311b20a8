"""Apply: a researcher asks for conditional-open data at once, without a draft (开放申请)."""

from sandbox.flow.authorise import demand
from sandbox.flow.draft import begin, receive
from sandbox.flow.site import Site
from sandbox.model.application import Application
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.wire import ApplicationForm


def apply(site: Site, researcher: Principal, form: ApplicationForm) -> Application:
    """Receive an application and record that it was received; all of it or nothing.

    Raises:
        BadInput: it is incomplete or contradicts the policies; the message has every fault.
        NotFound: there is no such dataset.
        NotPermitted: not a researcher, or the data are not open on application.
    """
    demand(researcher, Verb.APPLY)
    with site.books.write() as page:
        return receive(site, page, researcher, begin(site, page, researcher, form))
