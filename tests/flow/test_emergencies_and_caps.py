"""Whatever is declared, confirmed, asked and re-capped in any order: no cap is passed or moved.

Only what the owner has signed changes a cap; an emergency takes from within it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from sandbox.flow.declare import confirm, declare
from sandbox.flow.reserve import reserve
from sandbox.flow.review import review
from sandbox.flow.submit import submit
from sandbox.model.emergency import Emergency
from sandbox.model.principal import Principal, Role
from sandbox.wire import ReviewForm
from tests.flow.test_budget_tree import asking
from tests.flow.test_emergency import FORM, POLICY, SOURCE
from tests.support.town import Town, build_town

TRANCHE = "emergency/town/clinic"
REFUSED = (BadInput, Conflict, NotFound, NotPermitted, Refused)
CAPPED = POLICY.replace("per_agreement: {epsilon: 1}", "per_agreement: {epsilon: BUDGET}").replace(
    "budget: {epsilon: 2,", "budget: {epsilon: BUDGET,"
)

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("declare", "confirm", "ask", "ask in one", "wait", "review", "recap")),
        st.integers(0, 11),
    ),
    max_size=40,
)


@dataclass
class Chaos:
    """Takes steps as they come; whatever the site refuses changes nothing."""

    town: Town
    second: Principal
    declared: list[Emergency] = field(default_factory=list)
    signed: Fraction = Fraction(2)
    """The cap that the owner signed last."""
    asked: int = 0

    def take(self, step: Step) -> None:
        kind, number = step
        steps: dict[str, Callable[[int], None]] = {
            "declare": self.declare,
            "confirm": self.confirm,
            "ask": lambda eighths: self.ask(eighths, None),
            "ask in one": lambda eighths: self.ask(eighths, self.one(eighths)),
            "wait": lambda hours: self.town.later(hours=hours),
            "review": self.review,
            "recap": self.recap,
        }
        with suppress(*REFUSED):
            steps[kind](number)

    def one(self, number: int) -> Emergency | None:
        return self.declared[-1 - number % len(self.declared)] if self.declared else None

    def declare(self, number: int) -> None:
        form = replace(FORM, hours=1 + 3 * number)
        self.declared.append(declare(self.town.site, self.town.people[Role.STEWARD], form))

    def confirm(self, number: int) -> None:
        known = self.one(number)
        if known is not None:
            confirm(self.town.site, self.second, known.id)

    def ask(self, eighths: int, emergency: Emergency | None) -> None:
        self.asked += 1
        question = asking(self.asked, str(Fraction(1 + eighths % 4, 8)))
        if eighths % 5 == 4:
            question = replace(question, where=(f"age <= {self.asked}",))
        named = replace(question, emergency=emergency.id if emergency else None)
        reserve(self.town.site, submit(self.town.site, self.town.people[Role.RESEARCHER], named))

    def review(self, number: int) -> None:
        known = self.one(number)
        if known is not None:
            form = ReviewForm(f"emergency/{known.id}", "in_order", "Looked into")
            review(self.town.site, self.town.people[Role.AUDITOR], form)

    def recap(self, number: int) -> None:
        budget = Fraction(8 + number, 8)
        self.town.recap(CAPPED.replace("BUDGET", str(float(budget))))
        self.signed = budget


def build(folder: Path) -> Chaos:
    town = build_town(folder)
    town.describe(policy=CAPPED.replace("BUDGET", "2"))
    town.agree()
    return Chaos(town, town.newcomer("second-official", Role.STEWARD))


@settings(max_examples=20, deadline=None)
@given(steps=STEPS)
def test_no_emergency_raises_a_source_s_cap(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        chaos = build(Path(folder))
        town = chaos.town
        for step in steps:
            chaos.take(step)
            source, tranche = town.account(SOURCE), town.account(TRANCHE)
            assert source.cap == chaos.signed
            assert source.spent <= source.cap
            assert tranche.spent <= tranche.cap == Fraction(3, 4)
        balances = town.audit()
        assert balances[SOURCE].spent == town.account(SOURCE).spent
        assert_only_in_the_open(town)


def assert_only_in_the_open(town: Town) -> None:
    """Each debit from the tranche fell within its emergency and names what was approved."""
    opened = {entry["emergency"]: entry for entry in town.entries("emergency")}
    for debit in town.entries("debit"):
        assert (debit["template"] == "older") is (debit["emergency"] is not None)
        assert (TRANCHE in debit["balances"]) is (debit["emergency"] is not None)
        if debit["emergency"] is not None:
            window = opened[debit["emergency"]]
            assert window["starts"] <= debit["time"] < window["ends"]


def test_the_steps_reach_what_they_are_about(tmp_path: Path) -> None:
    """Otherwise the law above would hold of sites on which nothing ever happens."""
    chaos = build(tmp_path)
    for step in (
        *(("ask", 3), ("declare", 7), ("confirm", 0), ("ask in one", 3), ("ask in one", 1)),
        *(("declare", 2), ("confirm", 0), ("recap", 3), ("wait", 11), ("review", 0)),
        *(("wait", 11), ("ask in one", 0), ("review", 1), ("declare", 1), ("confirm", 0)),
        ("ask in one", 0),
    ):
        chaos.take(step)
    kinds = [entry["kind"] for entry in chaos.town.entries()]
    assert (kinds.count("emergency"), kinds.count("review"), kinds.count("cap_change")) == (3, 2, 1)
    in_one = [debit for debit in chaos.town.entries("debit") if debit["emergency"]]
    assert [len(in_one), chaos.town.account(TRANCHE).spent] == [2, Fraction(3, 4)]
