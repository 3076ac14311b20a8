"""Describe: an owner's policy and file become a dataset, a snapshot and a capped source."""

from pathlib import Path

from policies.load import PolicyErrors, load_policy
from policies.schema import Policy
from sandbox.errors import BadInput, Conflict, NotPermitted, Place
from sandbox.flow.permit import require
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.canonical import sha256
from sandbox.model.account import Account, source_account
from sandbox.model.cost import Accounting, text
from sandbox.model.dataset import Dataset, IngestReport
from sandbox.model.names import Digest, SourceName, dataset_name
from sandbox.model.principal import Principal, Role
from sandbox.ports import Page
from sandbox.privacy.price import cap_of
from sandbox.query.schema import schema_of


def describe(
    site: Site, owner: Principal, policy_text: str, file: Path, form: str
) -> tuple[Dataset, IngestReport]:
    """Take a dataset in, or a newer snapshot of it; all of it or nothing.

    Raises:
        BadInput: the policy or the file is wrong; the place says where.
        NotPermitted: not an owner, or the dataset or its source is another owner's.
        Conflict: the policy would change the cap or the accounting of an opened source.
    """
    require(owner, Role.OWNER)
    policy = read_policy(policy_text)
    with site.books.read() as page:
        _may_describe(page, owner, policy)
    source = SourceName(policy.source)
    snapshot, report, opened = site.vault.ingest(file, form, schema_of(policy), source)
    dataset = Dataset(
        name=dataset_name(policy.metadata.dataset),
        source=source,
        owner=owner.name,
        policy=policy,
        policy_digest=Digest(sha256(policy_text.encode())),
        policy_text=policy_text,
        snapshot=snapshot,
    )
    try:
        with site.books.write() as page:
            _may_describe(page, owner, policy)
            page.openings.add(snapshot.commitment, opened)
            _record(site, page, dataset)
    except BaseException:
        site.vault.discard(snapshot.id)
        raise
    return dataset, report


def read_policy(policy_text: str) -> Policy:
    """Load a policy, with all of its errors in one.

    Raises:
        BadInput: code `policy.invalid`; the message has a line for each error, the place is the
            first one's.
    """
    try:
        return load_policy(policy_text)
    except PolicyErrors as invalid:
        first = invalid.errors[0]
        lines = [f"line {e.line}:{e.column} {e.clause}: {e.message}" for e in invalid.errors]
        raise BadInput(
            "\n".join(lines),
            code="policy.invalid",
            place=Place(line=first.line, column=first.column, clause=first.clause),
        ) from None


def _may_describe(page: Page, owner: Principal, policy: Policy) -> None:
    """Keep datasets and sources with their owners, and caps as they were first agreed."""
    for other in page.datasets:
        same = other.name == policy.metadata.dataset or other.source == policy.source
        if same and other.owner != owner.name:
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
    account = page.accounts.find(source_account(SourceName(policy.source)))
    if account is not None and (account.accounting, account.cap) != _terms(policy):
        raise Conflict(
            "The source's cap and accounting are fixed once it is opened; "
            "keep privacy.accounting and privacy.budget as they were",
            code="budget.cap_fixed",
            place=Place(clause="privacy.budget"),
        )


def _terms(policy: Policy) -> tuple[Accounting, int | object]:
    accounting = Accounting(policy.privacy.accounting)
    budget = policy.privacy.budget
    return accounting, cap_of(accounting, budget.epsilon, budget.delta)


def _record(site: Site, page: Page, dataset: Dataset) -> None:
    now = site.clock.now()
    known = page.datasets.find(dataset.name)
    privacy = dataset.policy.privacy
    accounting = Accounting(privacy.accounting)
    cap = cap_of(accounting, privacy.budget.epsilon, privacy.budget.delta)
    share = cap_of(accounting, privacy.per_agreement.epsilon, privacy.budget.delta)
    if known is None or known.policy_digest != dataset.policy_digest:
        page.log.append(
            entries.policy(
                now,
                dataset=dataset.name,
                source=dataset.source,
                owner=dataset.owner,
                digest=dataset.policy_digest,
                accounting=accounting.value,
                cap=text(cap),
                per_agreement=text(share),
            )
        )
    page.log.append(
        entries.dataset(
            now,
            name=dataset.name,
            snapshot=dataset.snapshot.id,
            commitment=dataset.snapshot.commitment,
            policy=dataset.policy_digest,
        )
    )
    if page.accounts.find(source_account(dataset.source)) is None:
        page.accounts.open(Account(source_account(dataset.source), None, accounting, cap))
    if known is None:
        page.datasets.add(dataset.name, dataset)
    else:
        page.datasets.replace(dataset.name, dataset)
