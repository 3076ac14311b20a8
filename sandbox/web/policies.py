"""Policies before they are in force: what their owners would sign."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.terms import policy_terms
from sandbox.web.body import JsonBody
from sandbox.web.openapi import takes
from sandbox.web.who import Caller, TheSite
from sandbox.wire import PolicyForm, PolicyTerms

router = APIRouter(prefix="/policies", tags=["policies"])

Form = Annotated[PolicyForm, Depends(JsonBody(PolicyForm))]


@router.post("/terms", openapi_extra=takes(PolicyForm))
def read_terms(caller: Caller, form: Form, site: TheSite) -> PolicyTerms:
    """Say what an owner signs to put a policy in force, and whether caps would change."""
    return policy_terms(site, caller, form.policy, form.owner_key)
