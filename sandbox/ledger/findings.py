"""What a verifier can find, how grave it is, and why it matters.

The table is the vocabulary of the whole verification; `FORMAT.md` prints it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Severity = Literal["error", "warning"]

MAX_LISTED = 100
"""Findings of one code that are listed: a ledger that is wrong everywhere must neither fill the
auditor's memory nor hide one grave thing behind a thousand small ones."""
MAX_SHOWN = 64
"""Characters that a message quotes of a ledger that nobody vouches for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or odd; an error means that the ledger must not be believed."""

    index: int | None
    """The entry, counted from 0; None for the log as a whole."""
    code: str
    severity: Severity
    message: str
    why: str


ERRORS: Mapping[str, str] = {
    "export.torn": "What cannot be read cannot be replayed: a debit may be hidden there.",
    "checkpoint.malformed": "Without a signed head nobody stands behind these entries.",
    "ledger.checkpoint": "Without the log's signature nobody stands behind these entries.",
    "ledger.size": "The signed head speaks of more or fewer entries than there are.",
    "ledger.root": "The signed head is of other entries, or of these in another order.",
    "ledger.consistency": "History was rewritten since the older head was signed.",
    "ledger.cut_back": "The log has signed more entries than it shows now: some were taken back.",
    "ledger.leaf": "The entry is not the one whose hash went into the tree.",
    "ledger.tile": "Proofs made from this tile would not lead to the signed head.",
    "witness.missing": "Nobody but the site vouches that it shows this history to everybody.",
    "witness.signature": "The witness signed another head; this one may be shown to you alone.",
    "entry.malformed": "An entry that cannot be understood may be a debit that is not counted.",
    "entry.not_canonical": "Another reader may see another entry in the same bytes.",
    "entry.index": "The log numbers its entries; a gap is an entry that somebody took out.",
    "site.missing": "The first entry says which keys may write and sign; all else rests on it.",
    "site.repeated": "A second founding entry would swap the keys that everything rests on.",
    "site.origin": "This is the ledger of another site.",
    "site.ledger_key": "The log was founded under another key than the one that you trust.",
    "policy.source": "A dataset that changes its source gets the same people a new budget.",
    "policy.version": "A policy that was replaced may not come into force again unseen.",
    "policy.owner_key": "Somebody else than the source's owner says what may be lost.",
    "policy.origin": "What an owner signed for another site was put in force here.",
    "policy.signature": "Nobody but the site vouches for what this policy means.",
    "policy.terms": "A cap that can be raised, or counted in another unit, is no cap.",
    "policy.partition": "Parts that do not tell people apart share no budget fairly.",
    "cap.before": "A change from other caps than those in force hides one that came before.",
    "cap.owner_key": "Somebody else than the source's owner changed what may be lost.",
    "cap.origin": "What an owner signed for another site was put in force here.",
    "cap.signature": "Nobody but the site vouches that the owner wanted these caps.",
    "cap.change": "What was signed once serves once: this is replayed, or one before it is gone.",
    "cap.below_spent": "A cap below what is spent says that less was lost than was.",
    "key.old": "A key that is not in force cannot name the one that follows it.",
    "key.origin": "A change of key that was signed for another site was put in force here.",
    "key.signature": "Without both signatures the new key may be a thief's, or nobody's.",
    "key.change": "What was signed once serves once: this is replayed, or one before it is gone.",
    "dataset.policy": "Rows were taken in under a policy that was not in force.",
    "dataset.snapshot": "Two versions under one name: nobody knows which one was asked.",
    "application.dataset": "An application for a dataset that is not in the catalogue.",
    "application.repeated": "One name for two applications: a grant of one would cover the other.",
    "decision.application": "A decision about an application that was never received.",
    "decision.repeated": "An application is decided once.",
    "decision.unassessed": "A grant without an assessment is one that nobody has thought about.",
    "step.application": "A step in the course of an application that is not there.",
    "step.order": "Steps out of their order: somebody was passed over, or heard too late.",
    "step.by": "Only its applicant changes, resubmits or withdraws an application.",
    "step.dataset": "Consent to no dataset, or to one that is not there, is consent to nothing.",
    "agreement.consent": "Data are opened that their owner has not consented to opening.",
    "agreement.researcher": "What one person applied for was given to another.",
    "agreement.application": "Nobody granted this; access rests on a steward's recorded decision.",
    "agreement.repeated": "A grant opens one account a source; a second one doubles the budget.",
    "agreement.datasets": "An agreement covers what was applied for, over its own source only.",
    "agreement.researcher_signature": "The researcher did not sign this agreement.",
    "agreement.site_signature": "The site did not sign this agreement for the owner.",
    "agreement.accounting": "Spending in one unit cannot be added up against a cap in another.",
    "agreement.cap": "The agreement may spend more than the owner's policy allows it.",
    "agreement.document": "The parties signed other terms than the ledger says they did.",
    "agreement.lanes": "The agreement grants a lane that an owner's policy does not open, or none.",
    "agreement.amends": "What is over, another's or no longer in force is not changed any more.",
    "agreement.feedback": "Access went on although nobody said what the last one was used for.",
    "agreement.period": "A period that ends before it starts covers no day.",
    "debit.agreement": "Somebody asked without an agreement.",
    "debit.period": "Somebody asked outside the agreement's period.",
    "debit.dataset": "Somebody asked of a dataset that the agreement does not cover.",
    "debit.lane": "Somebody asked through a lane that agreement or policy does not open.",
    "debit.snapshot": "The debit names other rows than the dataset's current ones.",
    "debit.policy": "The debit was not judged by the policy in force.",
    "debit.parts": "A debit charged to parts that are none is charged to too few people.",
    "debit.emergency": "The tranche is spent while no emergency of these people is open.",
    "debit.template": "In an emergency, and only then, a question is one that its owner approved.",
    "debit.cost": "A cost that is negative or contradicts itself breaks the sum.",
    "debit.balances": "The ledger told somebody another balance than its own debits add up to.",
    "debit.over_cap": "More privacy was spent than the owner granted.",
    "debit.reserve": "What the owner keeps back for emergencies was spent on something else.",
    "debit.repeated": "One submission is paid once; a second debit is another answer or an error.",
    "release.debit": "An answer left that nobody paid for.",
    "release.repeated": "Two answers left for one debit: the second one was free.",
    "release.cancelled": "An answer left whose price was given back: it was free.",
    "release.agreement": "An answer left after the agreement that it was paid under had ended.",
    "failure.debit": "A run without a debit read rows that nobody paid for.",
    "cancellation.debit": "What was never paid cannot be given back.",
    "cancellation.late": "Rows may have been read for this debit, or it was given back before.",
    "cancellation.balances": "The ledger says that more or less was given back than was paid.",
    "emergency.source": "An emergency of people that no policy speaks of.",
    "emergency.repeated": "One name for two emergencies: debits of one would pass for the other's.",
    "emergency.by": "One official alone could open what the owner keeps back.",
    "emergency.period": "An emergency that ends before it starts is open at no time.",
    "emergency.unreviewed": "The last emergency was over, and nobody had looked into it.",
    "review.by": "Whoever opened an emergency cannot say that it was in order.",
    "review.subject": "A review of something that is not there reassures nobody.",
    "disposal.agreement": "An agreement that was never signed gave nothing to dispose of.",
    "disposal.repeated": "An agreement ends once.",
    "disposal.by": "Only its researcher can say that an agreement's data are gone.",
    "certificate.agreement": "What was never agreed has no end to certify.",
    "certificate.repeated": "An agreement ends once; a second certificate contradicts the first.",
    "certificate.cause": "The end was certified before it came, or for another reason than it had.",
    "certificate.unsettled": "Work that was still under way may have come out afterwards.",
    "feedback.agreement": "Feedback on an agreement that was never signed is on nothing.",
    "feedback.by": "Only its researcher knows what an agreement's results were used for.",
    "opening.dataset": "Data that a budget protects were handed out whole.",
    "opening.snapshot": "Two different files would pass for one.",
    "withdrawal.snapshot": "What is said to be taken down was not open; what was may still be.",
    "erasure.subject": "Payloads of something that is not there: nobody knows what was deleted.",
    "anchor.size": "Witnesses cannot have seen entries that were not there yet.",
    "anchor.cosignature": "A witness is said to have seen this head, and did not sign it.",
    "anchor.root": "Witnesses saw another history than this one.",
}
"""Why each error matters, by its code."""

WARNINGS: Mapping[str, str] = {
    "entry.kind": "A newer verifier may know what this entry means; this one skipped it.",
    "time.backwards": "The site's clock was set back; periods are judged by what it said.",
}
"""Why each oddity matters, by its code."""


def shown(text: str) -> str:
    """Quote text of the ledger for a terminal: short, in ASCII, no control characters."""
    return ascii(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}...")


def figure(value: Fraction) -> str:
    """Write a number for a reader, to 28 digits; the exact one stands in the entry."""
    return str(Decimal(value.numerator) / Decimal(value.denominator))


class Collector:
    """Gathers findings, up to a limit of each code."""

    def __init__(self) -> None:
        self._listed: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(self, index: int | None, code: str, message: str) -> None:
        """Note a finding under its code, which must stand in one of the tables."""
        self._counts[code] += 1
        if self._counts[code] <= MAX_LISTED:
            self._listed.append(_finding(index, code, message))

    def findings(self) -> tuple[Finding, ...]:
        """Give what was found, in the order of entries; what is of no entry comes last."""
        rest = [
            _finding(None, code, f"{count - MAX_LISTED} further findings of this kind")
            for code, count in self._counts.items()
            if count > MAX_LISTED
        ]
        return in_order([*self._listed, *rest])


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by entry; those of the log as a whole come last."""
    return tuple(sorted(findings, key=lambda one: (one.index is None, one.index or 0)))


def _finding(index: int | None, code: str, message: str) -> Finding:
    if code in WARNINGS:
        return Finding(index, code, "warning", message, WARNINGS[code])
    return Finding(index, code, "error", message, ERRORS[code])
