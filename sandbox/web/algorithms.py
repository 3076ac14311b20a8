"""Algorithms: explained and rehearsed for free, run once for a price, collected for nothing."""

import sys
from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, cast

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from sandbox.flow.ask import pay_for, released
from sandbox.flow.explain_algorithm import explain_algorithm
from sandbox.flow.over import hold_back_if_over
from sandbox.flow.rehearse import rehearse
from sandbox.flow.site import Site
from sandbox.flow.submit_algorithm import submit_algorithm
from sandbox.model.principal import Principal
from sandbox.model.submission import Submission
from sandbox.web.body import JsonBody
from sandbox.web.catalogue import public_reply
from sandbox.web.openapi import gives, takes
from sandbox.web.running import Running
from sandbox.web.who import Caller, TheSite
from sandbox.wire import Accepted, AlgorithmExplanation, AlgorithmForm, Environment, MockRun

router = APIRouter(tags=["algorithms"])
public = APIRouter(tags=["algorithms"], dependencies=[Depends(public_reply)])

MAX_PROGRAM = 2**22
"""Bytes of a request: a program's text has 2**20, which JSON may write at some length."""


def _running(request: Request) -> Running:
    return cast("Running", request.app.state.running)


TheRunning = Annotated[Running, Depends(_running)]
Form = Annotated[AlgorithmForm, Depends(JsonBody(AlgorithmForm, MAX_PROGRAM))]


@public.get("/environment")
def read_environment(site: TheSite) -> Environment:
    """Say what programs may import here, and what holds them."""
    lane = site.blocks
    return Environment(
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        packages=dict(lane.packages) if lane else {},
        lane=lane.back_end if lane else None,
        workers=lane.workers if lane else 0,
    )


@router.post("/algorithms/explanation", openapi_extra=takes(AlgorithmForm))
def explain_an_algorithm(caller: Caller, form: Form, site: TheSite) -> AlgorithmExplanation:
    """Say what an algorithm costs and how wide its noise is; reads no row, runs nothing."""
    return explain_algorithm(site, caller, form)


@router.post("/algorithms/mock", openapi_extra=takes(AlgorithmForm))
def rehearse_an_algorithm(caller: Caller, form: Form, site: TheSite) -> MockRun:
    """Run a program over invented rows, and tell all that it said."""
    return rehearse(site, caller, form)


@router.post(
    "/algorithms",
    openapi_extra=takes(AlgorithmForm) | gives(Accepted),
    status_code=HTTPStatus.ACCEPTED,
)
async def submit_an_algorithm(
    caller: Caller, form: Form, site: TheSite, running: TheRunning
) -> Response:
    """Pay for an algorithm and run it; once it is answered, an equal one gets its stored bytes."""
    return await run_sync(_submit, site, running, caller, form)


def _submit(site: Site, running: Running, caller: Principal, form: AlgorithmForm) -> Response:
    submitted, outcome = pay_for(site, submit_algorithm(site, caller, form))
    if isinstance(outcome, Submission):
        hold_back_if_over(site, outcome.agreement)
        return Response(released(site, outcome), media_type="application/json")
    left = running.join(submitted, outcome)
    due = site.clock.now() + timedelta(seconds=left)
    accepted = Accepted(outcome.submission, due.isoformat(), left)
    return JSONResponse(asdict(accepted), HTTPStatus.ACCEPTED)
