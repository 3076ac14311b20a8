"""Strictest: where an application spans several datasets, the strictest clause of all applies."""

from fractions import Fraction
from itertools import chain

from policies.schema import Policy
from sandbox.flow.versions import latest
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
    """Name what was granted together, as it stands now.

    A later version is still one of those that were granted with the first: nobody sheds a strict
    policy by having one of them changed.
    """
    first = page.agreements.get(agreement.root)
    beside = page.applications.get(first.application).agreements
    others = (latest(page, page.agreements.get(name)) for name in beside if name != first.id)
    return (
        *agreement.clauses.datasets,
        *chain.from_iterable(one.clauses.datasets for one in others),
    )
