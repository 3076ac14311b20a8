"""What the books should hold, in plain dicts, and steps that do the same to both.

The tree is small and fixed in shape: a source, three plain accounts below it, and the parts of two
snapshots. What the model says of the source is not kept up step by step, as the product does, but
added up anew from all debits that stand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest
from hypothesis import strategies as st

from sandbox.errors import Conflict, NotFound
from sandbox.model.account import Account
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.names import AccountId, Digest, PrincipalName, SourceName
from sandbox.model.path import Parts
from sandbox.model.path import Path as Way
from sandbox.model.source import Caps, Source
from sandbox.ports import Page

SOURCE = "source"
LEAVES = ("agreement/a", "agreement/b", "person/p")
SNAPSHOTS = {"one": ("part/1/x", "part/1/y", "part/1/z"), "two": ("part/2/x", "part/2/y")}
MOST = {"one": 2, "two": 1}
"""Parts that one person is in at most, by the snapshot."""
BELOW = (*LEAVES, *SNAPSHOTS["one"], *SNAPSHOTS["two"])
WIDE = Fraction(10**6)
"""The cap of a part, which the source's cap always reaches first."""

leaves = st.lists(st.sampled_from(LEAVES), unique=True)
touched = st.sampled_from(
    [(None, ())]
    + [("one", parts) for parts in (SNAPSHOTS["one"][:1], SNAPSHOTS["one"][1:])]
    + [("two", SNAPSHOTS["two"][1:])]
)
amounts = st.fractions(min_value=0, max_value=2, max_denominator=12)
keys = st.sampled_from("abcd")


@dataclass(frozen=True)
class Debit:
    """One debit that stands."""

    leaves: tuple[str, ...]
    snapshot: str | None
    touched: tuple[str, ...]
    amount: Fraction

    @property
    def named(self) -> frozenset[str]:
        """The accounts that it moves."""
        return frozenset((SOURCE, *self.leaves, *self.touched))


@dataclass
class Model:
    """What the books should hold."""

    caps: dict[str, Fraction] = field(default_factory=dict)
    debits: list[Debit] = field(default_factory=list)
    openings: dict[str, bytes] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def spent(self, name: str) -> Fraction:
        """Add up what one account has spent."""
        if name != SOURCE:
            return sum((one.amount for one in self.debits if name in one.named), Fraction(0))
        whole = sum((one.amount for one in self.debits if not one.snapshot), Fraction(0))
        dearest = (
            sum(sorted(map(self.spent, parts), reverse=True)[: MOST[snapshot]], Fraction(0))
            for snapshot, parts in SNAPSHOTS.items()
        )
        return whole + sum(dearest, Fraction(0))

    def fits(self) -> bool:
        """Tell whether no account is over its cap."""
        return all(self.spent(name) <= cap for name, cap in self.caps.items())


Step = Callable[[Page, Model], None]
"""Does the same to the books and to the model."""


def opens(name: str, cap: Fraction) -> Step:
    def step(page: Page, model: Model) -> None:
        parent = None if name == SOURCE else AccountId(SOURCE)
        limit = WIDE if name.startswith("part/") else cap
        account = Account(AccountId(name), parent, Accounting.ZCDP, limit)
        if name in model.caps:
            with pytest.raises(Conflict):
                page.accounts.open(account)
        elif parent and parent not in model.caps:
            with pytest.raises(NotFound):
                page.accounts.open(account)
        else:
            page.accounts.open(account)
            model.caps[name] = limit

    return step


def opens_all(caps: Sequence[Fraction]) -> Step:
    def step(page: Page, model: Model) -> None:
        for name, cap in zip((SOURCE, *BELOW), caps, strict=True):
            if name not in model.caps:
                opens(name, cap)(page, model)

    return step


def way(page: Page, debit: Debit) -> Way:
    parts = None
    if debit.snapshot:
        accounts = tuple(page.accounts.get(AccountId(p)) for p in SNAPSHOTS[debit.snapshot])
        ids = frozenset(map(AccountId, debit.touched))
        parts = Parts(accounts, ids, MOST[debit.snapshot])
    return Way(
        leaves=tuple(page.accounts.get(AccountId(leaf)) for leaf in debit.leaves),
        source=page.accounts.get(AccountId(SOURCE)),
        parts=parts,
    )


def debits(debit: Debit) -> Step:
    def step(page: Page, model: Model) -> None:
        wanted = debit.named | frozenset(SNAPSHOTS.get(debit.snapshot or "", ()))
        if not wanted <= model.caps.keys():
            with pytest.raises(NotFound):
                way(page, debit)
            return
        before = way(page, debit)
        after_all = replace(model, debits=[*model.debits, debit])
        if not after_all.fits():
            with pytest.raises(Conflict) as refusal:
                before.debited(PrivacyCost(debit.amount))
            assert refusal.value.code == "budget.exceeded"
            return
        page.accounts.move(before.accounts, before.debited(PrivacyCost(debit.amount)).accounts)
        model.debits.append(debit)

    return step


def cancels(number: int) -> Step:
    def step(page: Page, model: Model) -> None:
        if model.debits:
            debit = model.debits.pop(number % len(model.debits))
            before = way(page, debit)
            after = before.credited(PrivacyCost(debit.amount))
            page.accounts.move(before.accounts, after.accounts)

    return step


def caps(name: str, cap: Fraction) -> Step:
    def step(page: Page, model: Model) -> None:
        if name in model.caps and model.spent(name) <= cap:
            before = page.accounts.get(AccountId(name))
            page.accounts.move([before], [replace(before, cap=cap)])
            model.caps[name] = cap

    return step


def appends(note: str) -> Step:
    def step(page: Page, model: Model) -> None:
        assert page.log.append({"note": note}) == len(model.notes)
        model.notes.append(note)

    return step


def puts(key: str, payload: bytes) -> Step:
    def step(page: Page, model: Model) -> None:
        put = page.openings.replace if key in model.openings else page.openings.add
        put(Digest(key), payload)
        model.openings[key] = payload

    return step


def removes(key: str) -> Step:
    def step(page: Page, model: Model) -> None:
        if key in model.openings:
            page.openings.remove(Digest(key))
            del model.openings[key]
        else:
            with pytest.raises(NotFound):
                page.openings.remove(Digest(key))

    return step


def names_a_source(key: str, changes: int) -> Step:
    def step(page: Page, model: Model) -> None:
        put = page.sources.replace if key in model.sources else page.sources.add
        put(SourceName(key), source(key, changes))
        model.sources[key] = changes

    return step


def source(name: str, changes: int) -> Source:
    limits = Caps(Fraction(1, changes + 1), Fraction("1e-9"))
    return Source(
        SourceName(name), PrincipalName("o"), "", Accounting.ZCDP, limits, changes=changes
    )


debit_steps = st.tuples(leaves, touched, amounts).map(
    lambda drawn: debits(Debit(tuple(drawn[0]), drawn[1][0], drawn[1][1], drawn[2]))
)
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.builds(opens, st.sampled_from((SOURCE, *BELOW)), amounts),
        st.builds(opens_all, st.lists(amounts, min_size=len(BELOW) + 1, max_size=len(BELOW) + 1)),
        debit_steps,
        debit_steps,
        st.builds(cancels, st.integers(0, 99)),
        st.builds(caps, st.sampled_from((SOURCE, *LEAVES)), amounts),
        st.builds(appends, st.text(max_size=8)),
        st.builds(puts, keys, st.binary(max_size=8)),
        st.builds(removes, keys),
        st.builds(names_a_source, keys, st.integers(0, 9)),
    ),
    max_size=8,
)
