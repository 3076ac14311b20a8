"""A question's way through the flow, on threads, with an answer that waits for its tick.

`sandbox.flow.ask` is the same way in one piece. Here it is cut at the debit: before it nothing was
read and a reply may go at once; after it every reply waits, a failure's too. Waiting takes no
thread, so that many questions can wait at once.
"""

from math import inf

from anyio import CapacityLimiter, sleep
from anyio.to_thread import run_sync

from sandbox.flow.ask import pay, released, run
from sandbox.flow.over import hold_back_if_over
from sandbox.flow.site import Site
from sandbox.flow.submit import Submitted
from sandbox.flow.wait import next_tick
from sandbox.model.principal import Principal
from sandbox.model.submission import Reservation, Submission
from sandbox.wire import Question

_COMPUTING = CapacityLimiter(inf)
"""Threads that compute or wait to: the engine's queue says how many may, not the framework's 40."""


async def answer(site: Site, researcher: Principal, question: Question) -> bytes:
    """Answer a question: the stored bytes of a `wire.Released`.

    Raises:
        BadInput, NotFound, NotPermitted: the question is malformed; free.
        Refused: the policy says no; recorded and free.
        Conflict: code `agreement.over`; the agreement ended on the way.
        Unavailable: the site failed; if it had begun to read, the debit stands.
    """
    submitted, outcome = await run_sync(pay, site, researcher, question)
    if isinstance(outcome, Submission):
        return await run_sync(released, site, outcome)
    try:
        reply = await run_sync(_compute, site, submitted, outcome, limiter=_COMPUTING)
    finally:
        await _tick(site, submitted)
    await run_sync(hold_back_if_over, site, outcome.agreement)
    return reply


def _compute(site: Site, submitted: Submitted, reservation: Reservation) -> bytes:
    return released(site, run(site, submitted, reservation))


async def _tick(site: Site, submitted: Submitted) -> None:
    """Wait for the next tick, at most one quantum even if the clock was set back."""
    quantum = submitted.quantum
    now = site.clock.now()
    left = (next_tick(submitted.received, now, quantum) - now).total_seconds()
    await sleep(min(max(left, 0.0), float(quantum)))
