"""Terms: what a policy means in its accounting's unit, in the very words that its owner signs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from policies.load import PolicyErrors, load_policy
from policies.open_lanes import open_lanes
from policies.schema import Openness, Policy
from sandbox.errors import BadInput, Conflict, NotPermitted, Place
from sandbox.flow.approve import check_questions
from sandbox.flow.authorise import demand, may, of_dataset
from sandbox.flow.fill import check_key
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.canonical import canonical, sha256
from sandbox.model.cost import Accounting, text
from sandbox.model.label import of_source
from sandbox.model.names import DatasetName, SourceName
from sandbox.model.principal import Principal
from sandbox.model.source import Caps, Source
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.privacy.price import cap_of
from sandbox.wire import PolicyTerms

LIMITS = ("person", "day", "month", "quarter", "emergency")
"""Caps that a source need not have."""


def policy_terms(site: Site, owner: Principal, policy_text: str, owner_key: str) -> PolicyTerms:
    """Say what the owner would sign to put this policy in force; nothing is recorded.

    Raises:
        BadInput: the policy is wrong, or the key none; the place says where.
        NotPermitted: not an owner, or not of this dataset and source, or with another key.
    """
    demand(owner, Verb.READ_TERMS)
    check_key(owner_key)
    policy = read_policy(policy_text)
    with site.books.read() as page:
        require_owner(page, owner, policy, owner_key)
        change = cap_terms(site, page, policy)
        document = dataset_terms(site, page, policy, policy_text, owner_key)
    return PolicyTerms(
        dataset=policy.metadata.dataset,
        source=policy.source,
        document=canonical(document).decode(),
        cap_change=None if change is None else canonical(change).decode(),
    )


def read_policy(policy_text: str) -> Policy:
    """Load a policy and compile what it approves, with all of its errors in one.

    Raises:
        BadInput: code `policy.invalid`, with a line for each error; or `policy.unconditional`.
    """
    with policy_errors():
        policy = load_policy(policy_text)
        check_questions(policy, policy_text)
    if policy.openness is Openness.UNCONDITIONAL:
        raise BadInput(
            "Unconditional data are not asked of: leave out privacy, lanes, purposes and timing, "
            "and open them for download (datarange catalogue open)",
            code="policy.unconditional",
            place=Place(clause="openness"),
        )
    return policy


@contextmanager
def policy_errors() -> Iterator[None]:
    """Turn a loader's errors into one of ours, with a line for each.

    Raises:
        BadInput: code `policy.invalid`; the place is the first error's.
    """
    try:
        yield
    except PolicyErrors as invalid:
        first = invalid.errors[0]
        lines = [f"line {e.line}:{e.column} {e.clause}: {e.message}" for e in invalid.errors]
        raise BadInput(
            "\n".join(lines),
            code="policy.invalid",
            place=Place(line=first.line, column=first.column, clause=first.clause),
        ) from None


def require_owner(page: Page, owner: Principal, policy: Policy, owner_key: str) -> None:
    """Keep datasets and sources with their owners, and with their owners' keys.

    Raises:
        NotPermitted: `dataset.not_yours`, or `owner.key`: the source has another key.
        Conflict: `source.fixed`; the dataset would leave its source.
    """
    own = page.datasets.find(DatasetName(policy.metadata.dataset))
    beside = page.datasets.labelled(of_source(SourceName(policy.source)))
    for other in (*beside, *([own] if own else ())):
        if not may(owner, Verb.PUBLISH, of_dataset(other)):
            raise NotPermitted(
                "This dataset, or the source behind it, belongs to another owner",
                code="dataset.not_yours",
            )
        if other.name == policy.metadata.dataset and other.source != policy.source:
            raise Conflict(
                "A dataset stays with its source: budgets follow the people",
                code="source.fixed",
                place=Place(clause="metadata.source"),
            )
    source = page.sources.find(SourceName(policy.source))
    if source is not None:
        require_key(source, owner_key)


def require_key(source: Source, owner_key: str) -> None:
    """Accept no key but the source's.

    Raises:
        NotPermitted: code `owner.key`.
    """
    if source.owner_key != owner_key:
        raise NotPermitted(
            "The source is in the care of another key; sign with that one, or let it name this "
            "one as its successor",
            code="owner.key",
        )


def dataset_terms(
    site: Site, page: Page, policy: Policy, policy_text: str, owner_key: str
) -> entries.Entry:
    """Give the terms that an owner signs under a policy."""
    known = page.datasets.find(DatasetName(policy.metadata.dataset))
    digest = sha256(policy_text.encode())
    version = 0 if known is None else known.version + (known.policy_digest != digest)
    accounting, privacy = Accounting(policy.privacy.accounting), policy.privacy
    share = cap_of(accounting, privacy.per_agreement.epsilon, privacy.budget.delta)
    return entries.policy_terms(
        origin=site.origin,
        dataset=policy.metadata.dataset,
        source=policy.source,
        owner=policy.owner,
        version=version,
        digest=digest,
        accounting=accounting.value,
        caps=written(caps_of(policy)),
        per_agreement=text(share),
        lanes=open_lanes(policy),
        partition=_partition(policy),
        owner_key=owner_key,
    )


def cap_terms(site: Site, page: Page, policy: Policy) -> entries.Entry | None:
    """Give the terms of the change of caps that this policy would be, if it is one.

    Raises:
        Conflict: code `budget.accounting_fixed`; sums in one unit cannot go on in another.
    """
    source = page.sources.find(SourceName(policy.source))
    if source is None:
        return None
    if source.accounting is not Accounting(policy.privacy.accounting):
        raise Conflict(
            f"The source's budget is counted under {source.accounting.value} for good",
            code="budget.accounting_fixed",
            place=Place(clause="privacy.accounting"),
        )
    caps = caps_of(policy)
    if caps == source.caps:
        return None
    return entries.cap_terms(
        origin=site.origin,
        source=source.name,
        change=source.changes + 1,
        accounting=source.accounting.value,
        before=written(source.caps),
        after=written(caps),
        owner_key=source.owner_key,
    )


def caps_of(policy: Policy) -> Caps:
    """Turn a policy's epsilons into caps in its accounting's unit."""
    privacy, accounting = policy.privacy, Accounting(policy.privacy.accounting)
    periods = privacy.per_period
    epsilons = {
        "person": privacy.per_person.epsilon if privacy.per_person else None,
        "day": periods.day if periods else None,
        "month": periods.month if periods else None,
        "quarter": periods.quarter if periods else None,
        "emergency": privacy.emergency.epsilon if privacy.emergency else None,
    }
    delta = privacy.budget.delta
    limits = {
        name: None if epsilon is None else cap_of(accounting, epsilon, delta)
        for name, epsilon in epsilons.items()
    }
    return Caps(cap_of(accounting, privacy.budget.epsilon, delta), delta, **limits)


def written(caps: Caps) -> dict[str, str | None]:
    """Write caps the way entries do."""
    limits = {name: getattr(caps, name) for name in LIMITS}
    return {
        "source": text(caps.source),
        "delta": text(caps.delta),
        **{name: None if cap is None else text(cap) for name, cap in limits.items()},
    }


def _partition(policy: Policy) -> dict[str, Any] | None:
    partition = policy.privacy.partition
    if partition is None:
        return None
    keys = list(policy.columns[partition.column].keys)
    return {"column": partition.column, "keys": keys, "most": partition.max_parts}
