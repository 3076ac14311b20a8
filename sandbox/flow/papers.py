"""Papers: what people write for the record, and whose papers a subject's are."""

from sandbox.errors import BadInput, NotFound, Place
from sandbox.model.names import AgreementId, EmergencyId, SourceName
from sandbox.model.prose import fault_of
from sandbox.ports import Page


def require_text(text: str, code: str) -> str:
    """Give what somebody wrote, without the space around it.

    Raises:
        BadInput: the code given; there is nothing, too much, or something that nobody can see.
    """
    fault = fault_of(text)
    if fault is not None:
        raise BadInput(fault, code=code, place=Place(clause=code.rpartition(".")[2]))
    return text.strip()


def require_subject(page: Page, subject: str) -> None:
    """Make sure that the ledger knows a subject: `ledger`, or a kind, a slash and a name.

    Raises:
        NotFound: code `review.subject`.
    """
    kind, _, name = subject.partition("/")
    match kind:
        case "source":
            found = page.sources.find(SourceName(name)) is not None
        case "agreement":
            agreement = page.agreements.find(AgreementId(name))
            found = agreement is not None and agreement.signed is not None
        case "emergency":
            emergency = page.emergencies.find(EmergencyId(name))
            found = emergency is not None and emergency.confirmed is not None
        case _:
            found = subject == "ledger"
    if not found:
        raise NotFound(
            "There is no such subject; write ledger, source/..., agreement/... or emergency/...",
            code="review.subject",
        )
