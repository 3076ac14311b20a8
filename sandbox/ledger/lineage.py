"""Rule R6, for agreements in several versions: what amends what, whose account, what was owed.

Versions go by the name of the first one. A disposal or feedback under any of them is about all.
"""

from datetime import date
from fractions import Fraction

from sandbox.ledger import records
from sandbox.ledger.balance import NOTHING
from sandbox.ledger.findings import shown
from sandbox.ledger.standing import Broken, Standing, agreement_account


def amended(stands: Standing, agreement: records.Agreement) -> Broken:
    """Find a new version of what is not, or no longer, there to be changed."""
    if agreement.amends is None:
        if records.first_version(agreement.agreement) != agreement.agreement:
            yield "agreement.amends", f"{shown(agreement.agreement)} changes nothing"
        return
    root = stands.roots.get(agreement.amends)
    before = None if root is None else stands.latest.get(root)
    if root is None or before is None or before.agreement != agreement.amends:
        yield "agreement.amends", f"{shown(agreement.amends)} is no version in force"
    elif records.first_version(agreement.agreement) != root:
        yield "agreement.amends", f"{shown(agreement.agreement)} is not named by its first version"
    elif (before.researcher, before.source) != (agreement.researcher, agreement.source):
        yield "agreement.amends", f"{shown(agreement.amends)} is another's, or of other people"
    elif is_over(stands, root, agreement.time.date()):
        yield "agreement.amends", f"{shown(agreement.amends)} is over"


def feedback_due(stands: Standing, agreement: records.Agreement) -> Broken:
    """Find what its researcher had to report on before anything new over the same people."""
    for root in stands.lineages.get((agreement.researcher, agreement.source), ()):
        if root not in stands.reported and is_over(stands, root, agreement.time.date()):
            yield "agreement.feedback", f"Nothing was reported on {shown(root)}"


def spent(stands: Standing, agreement: records.Agreement) -> Fraction:
    """Say what the account that a version goes on with has spent."""
    source = stands.sources.get(agreement.source)
    if source is None or agreement.amends is None:
        return NOTHING
    return source.spent(agreement_account(stands.root(agreement.amends)))


def put_in_force(stands: Standing, agreement: records.Agreement) -> None:
    """Let a version take effect; one that breaks a rule opens an account of its own name."""
    if agreement.agreement in stands.agreements:
        return
    stands.agreements[agreement.agreement] = agreement
    root = agreement.agreement if agreement.amends is None else stands.root(agreement.amends)
    stands.roots[agreement.agreement] = root
    if root not in stands.latest:
        whose = agreement.researcher, agreement.source
        stands.lineages.setdefault(whose, []).append(root)
    stands.latest[root] = agreement
    source = stands.sources.get(agreement.source)
    if source is not None:
        source.account(agreement_account(root), agreement.cap)


def is_over(stands: Standing, root: str, day: date) -> bool:
    """Tell whether an agreement has ended, or its last version has no day left."""
    return stands.has_ended(root) or stands.latest[root].ends < day
