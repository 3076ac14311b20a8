"""Strictest: where an application spans several datasets, the strictest clause of all applies."""

from fractions import Fraction
from itertools import chain

from policies.schema import Policy
from sandbox.model.agreement import Agreement
from sandbox.model.names import DatasetName
from sandbox.ports import Page


def policies_beside(page: Page, agreement: Agreement) -> tuple[Policy, ...]:
    """Give the policies of all datasets that were granted together, if there are several."""
    granted = _granted(page, agreement)
    return tuple(page.datasets.get(name).policy for name in granted) if len(granted) > 1 else ()


def share_of(page: Page, agreement: Agreement) -> Fraction:
    """Give the epsilon that an agreement may spend: the least that one of these policies allows."""
    policies = (page.datasets.get(name).policy for name in _granted(page, agreement))
    return min(policy.privacy.per_agreement.epsilon for policy in policies)


def _granted(page: Page, agreement: Agreement) -> tuple[DatasetName, ...]:
    application = page.applications.get(agreement.application)
    others = (name for name in application.agreements if name != agreement.id)
    together = (page.agreements.get(name).clauses.datasets for name in others)
    return (*agreement.clauses.datasets, *chain.from_iterable(together))
