"""The budget is reckoned twice, by the site (`sandbox.model`) and by the verifier: they agree.

Random debits and cancellations go through the site's arithmetic, which refuses what does not fit;
the entries that it would write are then replayed.
"""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import Conflict
from sandbox.ledger import entries
from sandbox.ledger.replay import replay
from sandbox.model.account import (
    Account,
    agreement_account,
    emergency_account,
    part_account,
    period_account,
    person_account,
    source_account,
)
from sandbox.model.cost import Accounting, PrivacyCost, text
from sandbox.model.names import AccountId, AgreementId, Pseudonym, SnapshotId, SourceName
from sandbox.model.path import NOTHING, Parts, Path
from sandbox.model.period import periods_at
from sandbox.model.source import Caps
from tests.support.honest_ledger import START, Entry, Story, caps, pseudonym

DATASET, SOURCE = "city/trips", SourceName("city/people")
PEOPLE = {"a0": Pseudonym(pseudonym("anna")), "a1": Pseudonym(pseudonym("ben"))}
PEOPLE |= {"a2": PEOPLE["a1"]}
KEYS = ("north", "south", "east", "west")
LIMITS = {
    "source": "3",
    "person": "1.3",
    "day": "0.7",
    "month": "1.6",
    "quarter": "2.1",
    "emergency": "0.5",
}
LIFTED = dict.fromkeys(("person", "day", "month", "quarter"))


def caps_of(written: Mapping[str, str | None]) -> Caps:
    limits = {name: Fraction(cap) for name, cap in written.items() if cap is not None}
    return Caps(limits.pop("source"), limits.pop("delta"), **limits)


class City:
    """Books of one source, kept by the site's own arithmetic, and the ledger that it writes."""

    def __init__(self, accounting: Accounting, limits: Mapping[str, str | None], most: int) -> None:
        self.accounting, self.most = accounting, most
        self.written = {**caps(), **limits}
        self.caps = caps_of(self.written)
        self.story, self.day = Story(), 0
        self.story.found()
        partition = {"column": "district", "keys": list(KEYS), "most": most}
        self.story.describe(
            DATASET, SOURCE, accounting.value, limits=self.written, partition=partition
        )
        for name, person in PEOPLE.items():
            self.story.agree(name, [DATASET], SOURCE, accounting.value, researcher=person)
        self.story.declare("flood", SOURCE, hours=24 * 365)
        self.accounts: dict[AccountId, Account] = {}
        self.paid: list[tuple[str, int, Path, PrivacyCost]] = []
        """Submission, index of the debit, the path's shape, and the cost."""
        self.refused: list[Entry] | None = None
        """The ledger, had the first debit that did not fit been made all the same."""

    def account(self, name: AccountId, cap: Fraction) -> Account:
        known = self.accounts.get(name)
        spent = known.spent if known else NOTHING
        return Account(name, None, self.accounting, cap, spent)

    def path(self, agreement: str, parts: list[str] | None, *, emergency: bool) -> Path:
        limits, person = self.caps, PEOPLE[agreement]
        tranche = self.account(emergency_account(SOURCE), limits.emergency or NOTHING)
        leaves = [tranche]
        if not emergency:
            leaves = [
                self.account(agreement_account(AgreementId(agreement)), Fraction("0.5")),
                self.account(person_account(SOURCE, person), limits.of_person),
            ]
            periods = periods_at(START + timedelta(days=self.day)).values()
            for period, cap in zip(
                periods, (limits.day, limits.month, limits.quarter), strict=True
            ):
                if cap is not None:
                    leaves.append(self.account(period_account(SOURCE, period), cap))
        return Path(
            leaves=tuple(leaves),
            source=self.account(source_account(SOURCE), limits.source),
            reserved=NOTHING if emergency else tranche.remaining,
            parts=None if parts is None else self.parts(parts),
        )

    def parts(self, touched: list[str]) -> Parts:
        names = {key: part_account(SnapshotId(f"snapshot of {DATASET}"), key) for key in KEYS}
        return Parts(
            tuple(self.account(name, self.caps.source) for name in names.values()),
            frozenset(names[key] for key in touched),
            self.most,
        )

    def ask(
        self, agreement: str, amount: Fraction, parts: list[str] | None, *, emergency: bool
    ) -> None:
        pure = self.accounting is Accounting.PURE
        cost = PrivacyCost.pure(amount) if pure else PrivacyCost(amount)
        path = self.path(agreement, parts, emergency=emergency)
        submission = f"s{len(self.story.entries)}"
        try:
            after = path.debited(cost)
        except Conflict:
            after = None
        index = self.story.debit(
            submission,
            agreement,
            DATASET,
            {
                "rho": text(cost.rho),
                "delta": "0",
                "epsilon": None if cost.epsilon is None else text(cost.epsilon),
            },
            {} if after is None else self.settle(after),
            parts=parts,
            emergency="flood" if emergency else None,
        )
        self.stamp()
        if after is None:
            self.refused = self.refused or list(self.story.entries)
            self.story.entries.pop()
        else:
            self.paid.append((submission, index, after, cost))

    def give_back(self, place: int) -> None:
        if not self.paid:
            return
        submission, index, path, cost = self.paid.pop(place % len(self.paid))
        touched = path.parts.touched if path.parts else frozenset()
        keys = [key for key in KEYS if any(name.endswith(f"/{key}") for name in touched)]
        current = Path(
            tuple(self.account(leaf.id, leaf.cap) for leaf in path.leaves),
            self.account(path.source.id, path.source.cap),
            parts=self.parts(keys) if keys else None,
        )
        self.story.cancel(submission, index, self.settle(current.credited(cost)))
        self.stamp()

    def settle(self, path: Path) -> dict[str, str]:
        self.accounts |= {account.id: account for account in path.accounts}
        return {account.id: text(account.spent) for account in path.accounts}

    def stamp(self) -> None:
        """Put the last entry on the day that it is."""
        moment = self.story.now + timedelta(days=self.day)
        self.story.entries[-1]["time"] = entries.instant(moment)


STEPS = st.one_of(
    st.tuples(
        st.just("ask"),
        st.sampled_from(sorted(PEOPLE)),
        st.fractions(min_value=0, max_value=Fraction(2, 5), max_denominator=60),
        st.none() | st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True),
        st.integers(0, 5).map(lambda drawn: drawn == 0),
    ),
    st.tuples(st.just("give back"), st.integers(0, 20)),
    st.tuples(st.just("sleep"), st.sampled_from([1, 1, 7])),
)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(Accounting),
    st.sampled_from([LIMITS, {**LIMITS, **LIFTED}, {**LIMITS, "source": "1.2"}]),
    st.integers(1, 3),
    st.lists(STEPS, max_size=30),
)
def test_the_verifier_lets_pass_what_the_site_lets_pass_and_nothing_else(
    accounting: Accounting,
    limits: Mapping[str, str | None],
    most: int,
    steps: list[tuple[Any, ...]],
) -> None:
    city = City(accounting, limits, most)
    for step, *values in steps:
        if step == "ask":
            agreement, amount, parts, emergency = values
            city.ask(agreement, amount, parts, emergency=emergency)
        elif step == "give back":
            city.give_back(*values)
        else:
            city.day = min(city.day + values[0], 39)
    replayed = replay(enumerate(city.story.entries))
    assert replayed.found == ()
    spent = {name: one.spent for name, one in replayed.balances.items() if one.spent}
    assert spent == {name: one.spent for name, one in city.accounts.items() if one.spent}
    if city.refused:
        codes = {finding.code for finding in replay(enumerate(city.refused)).found}
        assert codes & {"debit.over_cap", "debit.reserve"}
