"""Record: the release is in the ledger before anybody sees the answer."""

from dataclasses import replace

from sandbox.errors import Conflict
from sandbox.flow.over import CODE, SAID, is_over, stop
from sandbox.flow.site import Site
from sandbox.flow.workspace import sealed
from sandbox.ledger import entries
from sandbox.ledger.canonical import sha256
from sandbox.ledger.note import Checkpoint, sign_checkpoint
from sandbox.ledger.receipt import make
from sandbox.model.step import Step
from sandbox.model.submission import Reservation, Submission, SubmissionState
from sandbox.wire import Receipt, read


def record(site: Site, reservation: Reservation, answer: bytes) -> Submission:
    """Store the first answer of a submission; a second one is thrown away unseen.

    Two equal requests may run at once. Both drew noise, but only what is committed here is ever
    shown, so one debit pays for one answer.

    Raises:
        Conflict: code `agreement.over`; the agreement ended meanwhile. The answer is thrown away.
        Unavailable: the agreement's key is missing. The answer is thrown away, the debit stands.
    """
    released = _stored(site, reservation, answer)
    if released is None:
        raise Conflict(SAID, code=CODE)
    site.onlooker.passed(Step.RECORDED)
    return released


def _stored(site: Site, reservation: Reservation, answer: bytes) -> Submission | None:
    """Release within one transaction; None if the end was recorded instead."""
    with site.books.write() as page:
        submission = page.submissions.get(reservation.submission)
        if submission.state is SubmissionState.RELEASED:
            return submission
        now = site.clock.now()
        stopped = submission.state is not SubmissionState.BEGUN
        if stopped or is_over(page, page.agreements.get(reservation.agreement), now):
            stop(site, page, submission)
            return None
        index = page.log.append(
            entries.release(
                now,
                submission=submission.id,
                debit=submission.debit,
                answer=sha256(answer),
            )
        )
        site.onlooker.passed(Step.LOGGED)
        kept = sealed(site, submission, answer)
        released = replace(kept, state=SubmissionState.RELEASED, release=index)
        page.submissions.replace(released.id, released)
        site.onlooker.passed(Step.STORED)
    return released


def receipt_of(site: Site, index: int) -> Receipt:
    """Prove that an entry stands in the ledger.

    The proof is to the tree as it was when the entry was its last: so a receipt is a function of
    the log and the key, and the same request gets the same bytes for ever.
    """
    size = index + 1
    with site.books.read() as page:
        entry = page.log.entry(index)
        proof = page.log.inclusion(index, size)
        root = page.log.root(size)
    return read(Receipt, make(entry, index, size, proof, head(site, size, root)))


def head(site: Site, size: int, root: bytes) -> str:
    """Sign a head of the log."""
    checkpoint = Checkpoint(site.origin, size, root)
    return sign_checkpoint(checkpoint, site.ledger_signer.public, site.ledger_signer.sign)
