"""How reviews, erasures and traces look in a terminal."""

from sandbox.cli import budget_texts
from sandbox.cli.language import Language
from sandbox.cli.prose import Prose
from sandbox.cli.tables import facts
from sandbox.cli.terminal import Outcome, printable
from sandbox.ledger.trace import Trace
from sandbox.wire import DisposalCertificate, Entered, Erased


def reviewed(index: int) -> Outcome:
    """Say where a review stands."""
    return Outcome(Entered(index), lambda lang: Prose(budget_texts.REVIEWED(lang, index=index)))


def erased(papers: Erased) -> Outcome:
    """Say what was deleted."""
    return Outcome(
        papers,
        lambda lang: Prose(
            budget_texts.ERASED(lang, subject=printable(papers.subject), count=papers.payloads)
        ),
    )


def certified(certificate: DisposalCertificate) -> Outcome:
    """Show what a disposal certificate says; what it quotes of a ledger is made printable."""

    def view(lang: Language) -> Prose:
        text = certificate.text if lang is Language.ENGLISH else certificate.text_zh
        return Prose("\n".join(map(printable, text.splitlines())))

    return Outcome(certificate, view)


def traced(found: Trace) -> Outcome:
    """Say from which agreement an answer came, and when it left."""
    return Outcome(
        found,
        lambda lang: facts(
            [
                (budget_texts.AGREEMENT_OF_ANSWER(lang), found.agreement),
                (budget_texts.RECIPIENT(lang), found.researcher),
                (budget_texts.DATASET_OF_ANSWER(lang), found.dataset),
                (
                    budget_texts.PAID_FOR(lang),
                    budget_texts.AT_ENTRY(lang, time=found.debited, index=found.debit),
                ),
                (
                    budget_texts.LEFT_AT(lang),
                    budget_texts.AT_ENTRY(lang, time=found.released, index=found.release),
                ),
            ]
        ),
    )
