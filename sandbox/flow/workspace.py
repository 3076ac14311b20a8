"""Workspace: what the site keeps of an agreement's answers lies sealed under that one's key."""

from dataclasses import replace

from sandbox.errors import NotFound
from sandbox.flow.site import Site
from sandbox.model.agreement import Agreement, AgreementState, root_of
from sandbox.model.submission import Submission


def with_workspace(site: Site, agreement: Agreement) -> Agreement:
    """Give an agreement with its key, which is made if there is none.

    A key that is made for a transaction that fails has sealed nothing, and serves the next one.
    """
    if agreement.workspace is not None:
        return agreement
    return replace(agreement, workspace=site.workspaces.begin(agreement.root))


def sealed(site: Site, submission: Submission, answer: bytes) -> Submission:
    """Give a submission with its answer, sealed.

    Raises:
        Unavailable: `workspace.key_missing`, or the key cannot be read.
    """
    kept = site.workspaces.seal(root_of(submission.agreement), submission.id, answer)
    return replace(submission, answer=kept, sealed=True)


def opened(site: Site, submission: Submission) -> bytes:
    """Give a kept answer: the same bytes each time.

    Raises:
        NotFound: code `submission.unanswered`.
        Unavailable: `workspace.key_missing` or `workspace.damaged`, or the key cannot be read.
    """
    if submission.answer is None:
        raise NotFound("This submission has no answer yet", code="submission.unanswered")
    if not submission.sealed:
        return submission.answer
    return site.workspaces.unseal(root_of(submission.agreement), submission.id, submission.answer)


def begin_workspaces(site: Site) -> None:
    """Give agreements of older books their keys, and seal what lies open under them."""
    with site.books.read() as page:
        if not any(_lacks_key(each) for each in page.agreements):
            return
    with site.books.write() as page:
        lacking = [each for each in page.agreements if _lacks_key(each)]
        for agreement in lacking:
            page.agreements.replace(agreement.id, with_workspace(site, agreement))
        ids = {each.id for each in lacking}
        for each in list(page.submissions):
            if each.agreement in ids and each.answer is not None and not each.sealed:
                page.submissions.replace(each.id, sealed(site, each, each.answer))


def _lacks_key(agreement: Agreement) -> bool:
    return agreement.workspace is None and agreement.state is not AgreementState.OFFERED
