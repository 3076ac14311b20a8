"""Strictest: where an application spans several datasets, the strictest clause of all applies."""

from fractions import Fraction

from policies.schema import Policy
from sandbox.model.agreement import Agreement
from sandbox.model.names import DatasetName
from sandbox.ports import Page


def policies_beside(page: Page, agreement: Agreement) -> tuple[Policy, ...]:
    """Give the policies in force of all datasets that were granted together with an agreement."""
    return tuple(page.datasets.get(name).policy for name in _granted(page, agreement))


def share_of(page: Page, agreement: Agreement) -> Fraction:
    """Give the epsilon that an agreement may spend: the least that one of these policies allows."""
    return min(policy.privacy.per_agreement.epsilon for policy in policies_beside(page, agreement))


def _granted(page: Page, agreement: Agreement) -> tuple[DatasetName, ...]:
    application = page.applications.get(agreement.application)
    together = (page.agreements.get(name) for name in application.agreements)
    names = (name for one in (agreement, *together) for name in one.clauses.datasets)
    return tuple(dict.fromkeys(names))
