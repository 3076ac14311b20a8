"""Strictest: where an application spans several datasets, the strictest clause of all applies.

What of a policy can be compared across datasets, and where it binds, stands in `DECISIONS.md`.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain

from policies.open_lanes import common_lanes
from policies.schema import Policy
from sandbox.errors import Conflict, Place
from sandbox.flow.versions import latest
from sandbox.model.account import agreement_account
from sandbox.model.agreement import Agreement, Grant
from sandbox.model.cost import Accounting, text
from sandbox.model.names import AgreementId, DatasetName
from sandbox.ports import Page
from sandbox.privacy.conversion import epsilon_of
from sandbox.privacy.price import cap_of

NOTHING = Fraction(0)


def policies_beside(page: Page, agreement: Agreement) -> tuple[Policy, ...]:
    """Give the policies of all datasets that were granted together, if there are several."""
    granted = (*agreement.clauses.datasets, *granted_beside(page, agreement.root))
    return _policies(page, granted) if len(granted) > 1 else ()


def granted_beside(page: Page, root: AgreementId) -> tuple[DatasetName, ...]:
    """Name what was granted together with an agreement, as it stands now.

    A later version is still one of those that were granted with the first: nobody sheds a strict
    policy by having one of them changed.
    """
    beside = page.applications.get(page.agreements.get(root).application).agreements
    others = (latest(page, page.agreements.get(name)) for name in beside if name != root)
    return tuple(chain.from_iterable(one.clauses.datasets for one in others))


def smaller_delta(policy: Policy, other: Policy) -> Fraction:
    """Give the stricter of the chances at which two policies read an epsilon."""
    return min(policy.privacy.budget.delta, other.privacy.budget.delta)


def grant_over(
    page: Page,
    datasets: Sequence[DatasetName],
    beside: Sequence[DatasetName],
    root: AgreementId | None,
) -> Grant:
    """Say what can be granted over datasets of one source, with others beside it.

    `root` is the agreement whose account goes on; what it has spent cannot be taken back.

    Raises:
        Conflict: code `decision.no_lane`; the policies open no lane in common.
    """
    grant = _strictest(page, datasets, beside, root)
    if not grant.lanes:
        raise Conflict(
            "The policies of these datasets open no lane in common; nothing could be asked",
            code="decision.no_lane",
            place=Place(clause="lanes"),
        )
    return grant


def require_still_granted(page: Page, agreement: Agreement) -> None:
    """Make sure that the policies still allow what was offered.

    Raises:
        Conflict: `agreement.outdated`, they allow less by now; `agreement.overspent`, more than its
            budget was spent since.
    """
    grant, root = agreement.grant, agreement.root if agreement.amends else None
    beside = granted_beside(page, agreement.root)
    now = _strictest(page, agreement.clauses.datasets, beside, root)
    if _spent(page, root) > grant.cap:
        raise Conflict(
            "More was spent since this was offered than it allows; apply for a change once more",
            code="agreement.overspent",
            place=Place(clause="agreement.budget"),
        )
    narrowed = tuple(_narrowed(grant, now))
    if narrowed:
        raise Conflict(
            f"The policies allow less by now than was offered ({'; '.join(narrowed)}); apply anew",
            code="agreement.outdated",
            place=Place(clause="agreement.lanes"),
        )


def _strictest(
    page: Page,
    datasets: Sequence[DatasetName],
    beside: Sequence[DatasetName],
    root: AgreementId | None,
) -> Grant:
    dataset, policies = page.datasets.get(datasets[0]), _policies(page, (*datasets, *beside))
    accounting = Accounting(dataset.policy.privacy.accounting)
    cap, epsilon, delta = _share(dataset.policy, policies)
    spent = _spent(page, root)
    if spent > cap:
        cap = spent
        epsilon = epsilon_of(spent, delta) if accounting is Accounting.ZCDP else spent
    return Grant(dataset.source, common_lanes(policies), accounting, cap, epsilon, delta)


def is_still_granted(page: Page, agreement: Agreement) -> bool:
    """Tell whether the policies still allow what was offered."""
    try:
        require_still_granted(page, agreement)
    except Conflict:
        return False
    return True


def _narrowed(grant: Grant, now: Grant) -> Iterator[str]:
    shut = [lane for lane in grant.lanes if lane not in now.lanes]
    if shut:
        yield f"lanes: {', '.join(shut)}"
    if grant.cap > now.cap:
        yield f"budget: {text(grant.cap)} > {text(now.cap)}"


def _policies(page: Page, names: Sequence[DatasetName]) -> tuple[Policy, ...]:
    return tuple(page.datasets.get(name).policy for name in names)


def _share(own: Policy, policies: Sequence[Policy]) -> tuple[Fraction, Fraction, Fraction]:
    """Give the least that one of these policies lets an agreement spend: cap, epsilon, delta.

    An epsilon counts at its policy's delta or at the source's own, whichever is smaller.
    """
    accounting = Accounting(own.privacy.accounting)
    shares = (
        (policy.privacy.per_agreement.epsilon, smaller_delta(own, policy)) for policy in policies
    )
    return min((cap_of(accounting, epsilon, delta), epsilon, delta) for epsilon, delta in shares)


def _spent(page: Page, root: AgreementId | None) -> Fraction:
    account = None if root is None else page.accounts.find(agreement_account(root))
    return NOTHING if account is None else account.spent
