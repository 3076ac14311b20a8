"""From what things are to what is said of them: model values become wire messages."""

from dataclasses import asdict
from datetime import date
from fractions import Fraction

from policies.columns import ColumnClause
from policies.open_lanes import open_lanes
from policies.schema import Policy
from sandbox.flow.clauses import chinese, document_of, english
from sandbox.flow.feedback import due_by, feedback_state
from sandbox.flow.sign import account_of
from sandbox.model.account import Account, agreement_account
from sandbox.model.agreement import Agreement
from sandbox.model.cost import text
from sandbox.model.dataset import Dataset, IngestReport
from sandbox.model.day import written_date
from sandbox.ports import Page
from sandbox.wire import (
    AgreementCard,
    ChangeMessage,
    ColumnCard,
    DatasetAdded,
    DatasetCard,
    ProgramCard,
)


def dataset_card(dataset: Dataset) -> DatasetCard:
    """Say what the policy makes public; rows have no part in it."""
    policy = dataset.policy
    metadata, privacy = policy.metadata, policy.privacy
    return DatasetCard(
        name=dataset.name,
        title=metadata.title,
        title_zh=metadata.title_zh,
        description=metadata.description,
        description_zh=metadata.description_zh,
        owner=policy.owner,
        openness=policy.openness.value,
        access=tuple(way.value for way in policy.access),
        grade=policy.grade.value,
        update=metadata.update,
        purposes=policy.purposes,
        accounting=privacy.accounting,
        unit=privacy.unit.column,
        max_rows=privacy.unit.max_rows,
        per_submission=text(privacy.per_submission.epsilon),
        delta=text(privacy.budget.delta),
        snapshot=dataset.snapshot.id,
        columns=tuple(_column_card(policy, name) for name in policy.columns),
        declared_people=metadata.size.people if metadata.size else None,
        declared_rows=metadata.size.rows if metadata.size else None,
        lanes=open_lanes(policy),
        programs=_program_card(policy),
    )


def _program_card(policy: Policy) -> ProgramCard | None:
    lane = policy.lanes.algorithm
    if lane is None:
        return None
    return ProgramCard(lane.blocks.min, lane.blocks.max, text(lane.time), lane.memory)


def agreement_card(page: Page, agreement: Agreement, today: date) -> AgreementCard:
    """Write an agreement out, with its account as it stands now."""
    account = _account(page, agreement)
    feedback = feedback_state(page, agreement, today)
    return AgreementCard(
        id=agreement.id,
        state=agreement.state.value,
        researcher=agreement.researcher,
        datasets=agreement.clauses.datasets,
        purpose=agreement.clauses.purpose,
        starts=agreement.clauses.starts.isoformat(),
        ends=agreement.clauses.ends.isoformat(),
        text=english(agreement),
        text_zh=chinese(agreement),
        document=document_of(agreement).decode(),
        digest=agreement.digest,
        site_key=agreement.site_key,
        site_signature=agreement.site_signature,
        lanes=agreement.grant.lanes,
        accounting=account.accounting.value,
        budget=text(agreement.grant.cap),
        epsilon=text(agreement.grant.epsilon),
        delta=text(agreement.grant.delta),
        cap=text(account.cap),
        spent=text(account.spent),
        remaining=text(account.remaining),
        researcher_signature=agreement.researcher_signature,
        closed=None if agreement.closed is None else agreement.closed.isoformat(),
        version=agreement.version,
        amends=agreement.amends,
        feedback=feedback,
        feedback_by=due_by(agreement).isoformat() if feedback else "",
    )


def dataset_added(dataset: Dataset, report: IngestReport) -> DatasetAdded:
    """Tell the owner what ingest did; exact counts, so for nobody else."""
    return DatasetAdded(
        dataset=dataset.name,
        snapshot=dataset.snapshot.id,
        rows_read=report.rows_read,
        rows_kept=report.rows_kept,
        people=report.people,
        changes=tuple(ChangeMessage(**asdict(change)) for change in report.changes),
    )


def _column_card(policy: Policy, name: str) -> ColumnCard:
    clause = policy.columns[name]
    dated = clause.type == "date"
    numeric = clause.bounds is not None and not dated
    show = _date if dated else text
    return ColumnCard(
        name=name,
        kind=_kind(policy, name, clause),
        openness=clause.openness.value,
        use=clause.use,
        keys=clause.keys,
        bounds=tuple(show(bound) for bound in clause.bounds or ()),
        resolution=text(clause.resolution) if numeric else None,
        description=clause.description,
        description_zh=clause.description_zh,
    )


def _kind(policy: Policy, name: str, clause: ColumnClause) -> str:
    if name == policy.privacy.unit.column:
        return "person"
    if not clause.is_open:
        return "closed"
    number = clause.type or "number"
    return number if clause.bounds is not None else "category"


def _date(day: Fraction) -> str:
    return written_date(int(day))


def _account(page: Page, agreement: Agreement) -> Account:
    """Give the account, or the one that a signature would open."""
    opened = page.accounts.find(agreement_account(agreement.root))
    if opened is not None:
        return opened
    return account_of(page, agreement)
