"""A source has never spent less than anybody in it can have lost, and debits can be given back.

People are simulated: each is in up to `most` parts of every snapshot, and loses what a question
costs if it is about everybody or about a part that they are in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sandbox.errors import Conflict
from sandbox.model.account import Account
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.names import AccountId
from sandbox.model.path import NOTHING, Parts, Path

CAP = Fraction(1000)
amounts = st.fractions(min_value=0, max_value=3, max_denominator=6)


def account(name: str, spent: Fraction = NOTHING, cap: Fraction = CAP) -> Account:
    parent = None if name == "source" else AccountId("source")
    return Account(AccountId(name), parent, Accounting.ZCDP, cap, spent)


def cost(amount: Fraction) -> PrivacyCost:
    return PrivacyCost(amount)


@dataclass(frozen=True)
class Snapshot:
    """A version of the people, in parts of its own."""

    name: str
    keys: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class Asked:
    """A question; without a snapshot it is about everybody."""

    leaves: tuple[str, ...]
    snapshot: Snapshot | None
    touched: frozenset[str]
    amount: Fraction


class Tree:
    """Accounts by name, moved along paths only."""

    def __init__(self, source_cap: Fraction = CAP) -> None:
        self.accounts = {"source": account("source", cap=source_cap)}

    def path(self, asked: Asked, reserved: Fraction = NOTHING) -> Path:
        parts = None
        if asked.snapshot:
            names = [f"part/{asked.snapshot.name}/{key}" for key in asked.snapshot.keys]
            touched = frozenset(
                AccountId(f"part/{asked.snapshot.name}/{key}") for key in asked.touched
            )
            parts = Parts(tuple(map(self._get, names)), touched, asked.snapshot.most)
        leaves = tuple(map(self._get, asked.leaves))
        return Path(leaves, self.accounts["source"], reserved, parts)

    def debit(self, asked: Asked) -> None:
        self._put(self.path(asked).debited(cost(asked.amount)))

    def credit(self, asked: Asked) -> None:
        self._put(self.path(asked).credited(cost(asked.amount)))

    @property
    def spent(self) -> dict[str, Fraction]:
        return {name: one.spent for name, one in self.accounts.items() if one.spent}

    def _get(self, name: str) -> Account:
        return self.accounts.get(name) or account(name)

    def _put(self, path: Path) -> None:
        self.accounts.update({str(one.id): one for one in path.accounts})


@st.composite
def snapshots(draw: st.DrawFn, name: str) -> Snapshot:
    keys = tuple("abcd"[: draw(st.integers(2, 4))])
    return Snapshot(name, keys, draw(st.integers(1, len(keys) - 1)))


@st.composite
def questions(draw: st.DrawFn) -> tuple[tuple[Snapshot, ...], list[Asked]]:
    """Draw questions about everybody and about parts of one snapshot or the next, in any order."""
    versions = (draw(snapshots("one")), draw(snapshots("two")))
    asked = []
    for _ in range(draw(st.integers(0, 10))):
        snapshot = draw(st.none() | st.sampled_from(versions))
        touched: frozenset[str] = frozenset()
        if snapshot:
            some = st.sets(
                st.sampled_from(snapshot.keys), min_size=1, max_size=len(snapshot.keys) - 1
            )
            touched = frozenset(draw(some))
        leaves = draw(st.lists(st.sampled_from(["agreement", "person", "day"]), unique=True))
        asked.append(Asked(tuple(leaves), snapshot, touched, draw(amounts)))
    return versions, asked


def people(versions: tuple[Snapshot, ...]) -> Iterator[dict[str, frozenset[str]]]:
    """Everybody there could be: in any parts of each snapshot, but in no more than `most`."""
    choices = (
        [
            frozenset(chosen)
            for size in range(version.most + 1)
            for chosen in combinations(version.keys, size)
        ]
        for version in versions
    )
    for parts in product(*choices):
        yield {version.name: one for version, one in zip(versions, parts, strict=True)}


def lost(person: dict[str, frozenset[str]], asked: list[Asked]) -> Fraction:
    """Add up the questions that somebody's rows went into."""
    return sum(
        (
            one.amount
            for one in asked
            if one.snapshot is None or person[one.snapshot.name] & one.touched
        ),
        NOTHING,
    )


def charged(person: dict[str, frozenset[str]], asked: list[Asked]) -> Fraction:
    """Add up what is charged for somebody: a question about two of their parts counts twice."""
    return sum(
        (
            one.amount * (len(person[one.snapshot.name] & one.touched) if one.snapshot else 1)
            for one in asked
        ),
        NOTHING,
    )


@given(questions())
def test_nobody_loses_more_than_the_source_has_spent(
    drawn: tuple[tuple[Snapshot, ...], list[Asked]],
) -> None:
    versions, asked = drawn
    tree = Tree()
    for number, one in enumerate(asked):
        tree.debit(one)
        so_far = asked[: number + 1]
        everybody = list(people(versions))
        spent = tree.accounts["source"].spent
        assert max(lost(person, so_far) for person in everybody) <= spent
        assert max(charged(person, so_far) for person in everybody) == spent


@given(questions())
def test_where_each_is_in_one_part_the_source_spends_exactly_what_the_unluckiest_loses(
    drawn: tuple[tuple[Snapshot, ...], list[Asked]],
) -> None:
    versions, asked = drawn
    versions = tuple(replace(version, most=1) for version in versions)
    by_name = {version.name: version for version in versions}
    asked = [
        replace(one, snapshot=by_name[one.snapshot.name]) if one.snapshot else one for one in asked
    ]
    tree = Tree()
    for one in asked:
        tree.debit(one)
    assert max(lost(person, asked) for person in people(versions)) == (
        tree.accounts["source"].spent
    )


@given(questions(), st.data())
def test_what_is_given_back_leaves_the_tree_as_if_it_had_never_been_asked(
    drawn: tuple[tuple[Snapshot, ...], list[Asked]], data: st.DataObject
) -> None:
    _, asked = drawn
    tree, kept = Tree(), list(asked)
    open_debits: list[Asked] = []
    for one in asked:
        tree.debit(one)
        open_debits.append(one)
        while open_debits:
            if data.draw(st.booleans()):
                break
            back = open_debits.pop(data.draw(st.integers(0, len(open_debits) - 1)))
            kept.remove(back)
            tree.credit(back)
    other = Tree()
    for one in kept:
        other.debit(one)
    assert tree.spent == other.spent


@given(questions(), st.data())
def test_debits_may_come_in_any_order(
    drawn: tuple[tuple[Snapshot, ...], list[Asked]], data: st.DataObject
) -> None:
    one, other = Tree(), Tree()
    for asked in drawn[1]:
        one.debit(asked)
    for asked in data.draw(st.permutations(drawn[1])):
        other.debit(asked)
    assert one.spent == other.spent


@st.composite
def partitions(draw: st.DrawFn) -> Parts:
    spent = draw(st.lists(amounts, min_size=2, max_size=6))
    accounts = tuple(account(f"part/{key}", amount) for key, amount in enumerate(spent))
    names = [one.id for one in accounts]
    touched = draw(st.sets(st.sampled_from(names), min_size=1, max_size=len(names) - 1))
    return Parts(accounts, frozenset(touched), draw(st.integers(1, len(spent))))


def loss_by_hand(parts: Parts, more: Fraction) -> Fraction:
    """Try every set of parts that one person may be in."""
    spent = [one.spent + (more if one.id in parts.touched else 0) for one in parts.accounts]
    return max(
        sum(chosen, NOTHING)
        for size in range(parts.most + 1)
        for chosen in combinations(spent, size)
    )


@given(partitions(), amounts)
def test_the_loss_is_that_of_the_unluckiest(parts: Parts, amount: Fraction) -> None:
    assert parts.loss == loss_by_hand(parts, NOTHING)
    assert parts.moved(amount).loss == loss_by_hand(parts, amount)


@given(partitions(), amounts, amounts)
def test_a_cost_fits_exactly_if_it_is_within_the_room(
    parts: Parts, free: Fraction, tried: Fraction
) -> None:
    room = parts.room(free)
    limit = parts.loss + free
    assert loss_by_hand(parts, room) == limit
    assert (tried <= room) == (loss_by_hand(parts, tried) <= limit)
    assert loss_by_hand(parts, room + Fraction(1, 10**30)) > limit


@given(partitions(), amounts, amounts, amounts, amounts)
def test_a_debit_fits_everywhere_or_is_refused_by_name(
    parts: Parts, tried: Fraction, leaf_room: Fraction, free: Fraction, reserved: Fraction
) -> None:
    source = account("source", parts.loss, parts.loss + free)
    leaf = account("agreement", NOTHING, leaf_room)
    path = Path((leaf,), source, reserved, parts)
    fits_leaf = tried <= leaf_room
    fits_source = loss_by_hand(parts, tried) + reserved <= source.cap
    if fits_leaf and fits_source:
        after = path.debited(cost(tried))
        assert after.source.spent == loss_by_hand(parts, tried)
        assert after.leaves[0].spent == tried
        assert after.credited(cost(tried)) == path
        assert [one.id for one in path.accounts] == [one.id for one in after.accounts]
        return
    with pytest.raises(Conflict) as refusal:
        path.debited(cost(tried))
    assert refusal.value.code == "budget.exceeded"
    assert ("source" if fits_leaf else "agreement") in refusal.value.message


@given(amounts, amounts, amounts)
def test_what_is_kept_back_is_not_spent(cap: Fraction, reserved: Fraction, tried: Fraction) -> None:
    path = Path((), account("source", cap=cap), reserved)
    assert path.room == cap - reserved
    if tried <= cap - reserved:
        assert path.debited(cost(tried)).source.spent == tried
    else:
        with pytest.raises(Conflict):
            path.debited(cost(tried))


@given(questions(), amounts)
def test_no_order_of_questions_passes_the_cap(
    drawn: tuple[tuple[Snapshot, ...], list[Asked]], cap: Fraction
) -> None:
    versions, asked = drawn
    tree, answered = Tree(cap), []
    for one in asked:
        try:
            tree.debit(one)
        except Conflict:
            continue
        answered.append(one)
    assume(answered)
    assert max(charged(person, answered) for person in people(versions)) <= cap


def test_a_pure_source_adds_up_epsilon() -> None:
    pure = [replace(account(name), accounting=Accounting.PURE) for name in ("source", "agreement")]
    after = Path((pure[1],), pure[0]).debited(PrivacyCost.pure(Fraction(1, 4)))
    assert [one.spent for one in after.accounts] == [Fraction(1, 4)] * 2


@pytest.mark.parametrize("touched", [(), ("part/0", "part/1"), ("part/9",)])
def test_a_debit_of_parts_is_about_some_that_are_there_and_not_about_all(
    touched: tuple[str, ...],
) -> None:
    accounts = (account("part/0"), account("part/1"))
    with pytest.raises(ValueError, match="not all"):
        Parts(accounts, frozenset(map(AccountId, touched)), 1)


def test_a_partition_has_people_in_it() -> None:
    with pytest.raises(ValueError, match="not all"):
        Parts((account("part/0"), account("part/1")), frozenset({AccountId("part/0")}), 0)
