"""Recap: the accountable owner's key changes the caps of a source, and nobody else does."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from sandbox.errors import Conflict, NotFound
from sandbox.flow.authorise import demand, may, of_source
from sandbox.flow.site import Site
from sandbox.flow.terms import cap_terms, caps_of, read_policy, require_key, require_owner
from sandbox.ledger import entries
from sandbox.ledger.signing import cap_message, check
from sandbox.model.account import (
    Account,
    emergency_account,
    period_account,
    person_account,
    source_account,
)
from sandbox.model.names import Pseudonym, SourceName
from sandbox.model.period import periods_at
from sandbox.model.principal import Principal
from sandbox.model.source import Caps, Source
from sandbox.model.verb import Verb
from sandbox.ports import Page

NOTHING = Fraction(0)


def change_caps(
    site: Site, owner: Principal, policy_text: str, owner_key: str, signature: str
) -> Source:
    """Give a source the caps of a policy, as its owner's key has signed.

    The policy itself is not put in force: that takes the dataset, and a signature of its own.

    Raises:
        BadInput: the policy is wrong; the place says where.
        NotFound: code `source.unknown`; nothing was published over these people yet, or they are
            another owner's.
        NotPermitted: not an owner, or with another key.
        NotVerified: code `signature.invalid`.
        Conflict: `budget.unchanged`, `budget.accounting_fixed`, or `budget.cap_below_spent`.
    """
    demand(owner, Verb.CHANGE_SOURCE)
    policy = read_policy(policy_text)
    with site.books.write() as page:
        source = find_own_source(page, owner, policy.source)
        require_owner(page, owner, policy, owner_key)
        require_key(source, owner_key)
        terms = cap_terms(site, page, policy)
        if terms is None:
            raise Conflict("These are the source's caps already", code="budget.unchanged")
        check(owner_key, signature, cap_message(terms))
        now = site.clock.now()
        caps = caps_of(policy)
        _require_above_spent(page, source, caps, periods_at(now).values())
        _move(page, source, caps)
        page.log.append(entries.cap_change(now, terms, signature))
        changed = replace(source, caps=caps, changes=source.changes + 1)
        page.sources.replace(changed.name, changed)
    return changed


def find_source(page: Page, name: str) -> Source:
    """Look a source up.

    Raises:
        NotFound: code `source.unknown`.
    """
    source = page.sources.find(SourceName(name))
    if source is None:
        raise NotFound("There is no such source", code="source.unknown")
    return source


def find_own_source(page: Page, owner: Principal, name: str) -> Source:
    """Look a source up that somebody may change; another's is as if it were not there.

    Raises:
        NotFound: code `source.unknown`.
    """
    source = find_source(page, name)
    if not may(owner, Verb.CHANGE_SOURCE, of_source(source)):
        raise NotFound("There is no such source", code="source.unknown")
    return source


def _move(page: Page, source: Source, caps: Caps) -> None:
    """Move the caps of the source and its tranche; those below follow at their next debit."""
    root = page.accounts.get(source_account(source.name))
    before, after = [root], [replace(root, cap=caps.source)]
    tranche = page.accounts.find(emergency_account(source.name))
    if tranche is not None:
        before.append(tranche)
        after.append(replace(tranche, cap=caps.emergency or NOTHING))
    elif caps.emergency is not None:
        name = emergency_account(source.name)
        page.accounts.open(Account(name, root.id, source.accounting, caps.emergency))
    page.accounts.move(before, after)


def _require_above_spent(page: Page, source: Source, caps: Caps, periods: Iterable[str]) -> None:
    """Refuse caps below what is spent: they would say that less was lost than was.

    Raises:
        Conflict: code `budget.cap_below_spent`.
    """
    for account, cap in _limited(page, source, caps, periods):
        if account.spent > cap:
            raise Conflict(
                f"The account {account.id} has spent more than this cap would allow",
                code="budget.cap_below_spent",
            )


def _limited(
    page: Page, source: Source, caps: Caps, periods: Iterable[str]
) -> Iterator[tuple[Account, Fraction]]:
    """Give each account that the caps limit, with what it may have spent by now."""
    tranche = page.accounts.find(emergency_account(source.name))
    kept_back = (caps.emergency or NOTHING) - (tranche.spent if tranche else NOTHING)
    yield page.accounts.get(source_account(source.name)), caps.source - max(kept_back, NOTHING)
    if tranche is not None:
        yield tranche, caps.emergency or NOTHING
    people = person_account(source.name, Pseudonym(""))
    limits = dict(zip(periods, (caps.day, caps.month, caps.quarter), strict=True))
    spans = {period_account(source.name, period): cap for period, cap in limits.items()}
    for account in page.accounts.below(source_account(source.name)):
        limit = spans.get(account.id)
        if limit is not None:
            yield account, limit
        elif account.id.startswith(people) and caps.person is not None:
            yield account, caps.person
