"""Describe: an owner's signed policy and file become a dataset, a snapshot and a capped source."""

from pathlib import Path
from typing import Any

from policies.schema import Policy
from sandbox.errors import Conflict, Place
from sandbox.flow.authorise import demand
from sandbox.flow.list_record import check_policy, list_policy
from sandbox.flow.site import Site
from sandbox.flow.terms import cap_terms, caps_of, dataset_terms, read_policy, require_owner
from sandbox.ledger import entries
from sandbox.ledger.signing import check, policy_message
from sandbox.model.account import Account, emergency_account, source_account
from sandbox.model.cost import Accounting
from sandbox.model.dataset import Dataset, IngestReport
from sandbox.model.names import Digest, SourceName, dataset_name
from sandbox.model.principal import Principal
from sandbox.model.record import Version
from sandbox.model.source import Source
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.query.schema import schema_of


def describe(  # noqa: PLR0913, PLR0917  (what an owner hands in, and their signature under it)
    site: Site,
    owner: Principal,
    policy_text: str,
    file: Path,
    form: str,
    owner_key: str,
    signature: str,
) -> tuple[Dataset, IngestReport]:
    """Take a dataset in, or a newer snapshot of it; all of it or nothing.

    The first signed policy of a source settles whose key its caps are in the care of.

    Raises:
        BadInput: the policy or the file is wrong; the place says where.
            Policy and catalogue must agree, and say everything that a record needs.
        NotPermitted: not an owner, or the dataset, its record or its source is another owner's,
            or has another key.
        NotVerified: code `signature.invalid`; the key did not sign these terms.
        Conflict: the policy would change the caps or the accounting of an opened source.
    """
    demand(owner, Verb.PUBLISH)
    policy = read_policy(policy_text)
    signed = {"owner_key": owner_key, "signature": signature}
    with site.books.read() as page:
        _signed_terms(site, page, owner, policy, policy_text, **signed)
        check_policy(page, owner, policy, policy_text)
    source = SourceName(policy.source)
    snapshot, report, opened = site.vault.ingest(file, form, schema_of(policy), source)
    try:
        with site.books.write() as page:
            terms = _signed_terms(site, page, owner, policy, policy_text, **signed)
            dataset = Dataset(
                name=dataset_name(policy.metadata.dataset),
                source=source,
                owner=owner.name,
                policy=policy,
                policy_digest=Digest(terms["digest"]),
                policy_text=policy_text,
                snapshot=snapshot,
                version=terms["version"],
            )
            page.openings.add(snapshot.commitment, opened)
            _open_source(page, dataset, owner_key)
            _record(site, page, dataset, terms, signature)
            version = Version(snapshot.id, snapshot.created)
            list_policy(page, owner, policy, policy_text, version)
    except BaseException:
        site.vault.discard(snapshot.id)
        raise
    return dataset, report


def _signed_terms(  # noqa: PLR0913  (what was signed, and by whom)
    site: Site,
    page: Page,
    owner: Principal,
    policy: Policy,
    policy_text: str,
    *,
    owner_key: str,
    signature: str,
) -> dict[str, Any]:
    """Give the policy's terms if they may be put in force as they are."""
    require_owner(page, owner, policy, owner_key)
    if cap_terms(site, page, policy) is not None:
        raise Conflict(
            "The policy has other caps than its source. Sign the change of caps first "
            "(datarange source cap), or keep the privacy clauses as they were",
            code="budget.cap_fixed",
            place=Place(clause="privacy.budget"),
        )
    terms = dataset_terms(site, page, policy, policy_text, owner_key)
    check(owner_key, signature, policy_message(terms))
    return terms


def _open_source(page: Page, dataset: Dataset, owner_key: str) -> None:
    """Open the accounts of a source that is new."""
    if page.sources.find(dataset.source) is not None:
        return
    accounting, caps = Accounting(dataset.policy.privacy.accounting), caps_of(dataset.policy)
    root = source_account(dataset.source)
    page.accounts.open(Account(root, None, accounting, caps.source))
    if caps.emergency is not None:
        tranche = emergency_account(dataset.source)
        page.accounts.open(Account(tranche, root, accounting, caps.emergency))
    page.sources.add(
        dataset.source, Source(dataset.source, dataset.owner, owner_key, accounting, caps)
    )


def _record(
    site: Site, page: Page, dataset: Dataset, terms: dict[str, Any], signature: str
) -> None:
    now = site.clock.now()
    known = page.datasets.find(dataset.name)
    if known is None or known.policy_digest != dataset.policy_digest:
        page.log.append(entries.policy(now, terms, signature))
    page.log.append(
        entries.dataset(
            now,
            name=dataset.name,
            snapshot=dataset.snapshot.id,
            commitment=dataset.snapshot.commitment,
            policy=dataset.policy_digest,
        )
    )
    if known is None:
        page.datasets.add(dataset.name, dataset)
    else:
        page.datasets.replace(dataset.name, dataset)
