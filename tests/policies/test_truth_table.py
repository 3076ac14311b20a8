"""What each clause decides, written down line by line, against what the judge says.

A case is a policy, an agreement, a request and the balances, given as the set of clauses that
stand against the request. The table says which reasons each of them gives, and beside which others
it has nothing to say. Nothing here asks the judge or reads its words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.ask import Ask, Balance, ColumnUse, Terms
from policies.judge import judge
from policies.load import load_policy
from policies.schema import Policy
from policies.verdict import Verdict
from policies.wording import CODES

TABLE = """
agreement | never made       | agreement.missing      |        | agreement
agreement | disposed of      | agreement.ended        |        | agreement.disposal
agreement | unsigned         | agreement.not_in_force |        | agreement.signatures
agreement | lists other data | agreement.dataset      |        | agreement.datasets
agreement | grants no lane   | agreement.lane         |        | agreement.lanes
agreement | grants the rest  | agreement.lane         |        | agreement.lanes
agreement | begins tomorrow  | agreement.not_started  |        | agreement.starts
agreement | ended yesterday  | agreement.expired      |        | agreement.ends
agreement | of other purpose | purpose.not_agreed     |        | agreement.purpose
policy    | of other purpose | purpose.not_in_policy  |        | purposes
policy    | of other data    | dataset.other          |        | metadata.dataset
policy    | closed           | openness.closed        |        | openness
policy    | closed           | lane.off               |        | lanes.{lane}
policy    | download only    | access.no_algorithm    |        | access
policy    | without the lane | lane.off               |        | lanes.{lane}
policy    | wants blocks     | lane.blocks            |        | lanes.algorithm.blocks
policy    | gives less time  | lane.time              |        | lanes.algorithm.time
policy    | closes age       | column.closed          | age    | columns.age.use
policy    | bars site filter | column.use             | site   | columns.site.use
policy    | strikes cost out | column.unknown         | cost   | columns
policy    | has a low limit  | budget.per_submission  |        | privacy.per_submission.epsilon
policy    | has a low limit  | emergency.epsilon      |        | privacy.emergency.questions.epsilon
policy    | keeps no tranche | emergency.not_open     |        | privacy.emergency
policy    | approves others  | emergency.not_approved |        | privacy.emergency.questions
policy    | approves less    | emergency.epsilon      |        | privacy.emergency.questions.epsilon
request   | of other purpose | purpose.not_agreed     |        | agreement.purpose
request   | of other purpose | purpose.not_in_policy  |        | purposes
request   | groups by ghost  | column.unknown         | ghost  | columns
request   | groups by person | column.closed          | person | columns.person.use
request   | filters by name  | column.closed          | name   | columns.name.use
request   | measures site    | column.use             | site   | columns.site.use
request   | groups by cost   | column.use             | cost   | columns.cost.use
request   | in few blocks    | lane.blocks            |        | lanes.algorithm.blocks
request   | for too long     | lane.time              |        | lanes.algorithm.time
request   | over the limit   | budget.per_submission  |        | privacy.per_submission.epsilon
request   | over the limit   | emergency.epsilon      |        | privacy.emergency.questions.epsilon
request   | in no emergency  | emergency.not_open     |        | privacy.emergency
request   | not approved     | emergency.not_approved |        | privacy.emergency.questions
account   | source spent     | budget.exceeded        |        | privacy.budget
account   | agreement spent  | budget.exceeded        |        | agreement.budget
account   | person spent     | budget.exceeded        |        | privacy.per_person
account   | day spent        | budget.exceeded        |        | privacy.per_period.day
account   | month spent      | budget.exceeded        |        | privacy.per_period.month
account   | quarter spent    | budget.exceeded        |        | privacy.per_period.quarter
account   | tranche spent    | budget.exceeded        |        | privacy.emergency
"""
"""Where a clause stands, what it says, and of each reason that it gives: code, column, clause."""

SILENT = {
    "agreement never made": "agreement.ended agreement.not_in_force agreement.dataset "
    "agreement.lane agreement.not_started agreement.expired purpose.not_agreed",
    "agreement disposed of": "agreement.not_in_force",
    "policy closed": "lane.blocks lane.time",
    "policy without the lane": "lane.blocks lane.time",
    "policy keeps no tranche": "emergency.not_approved emergency.epsilon",
    "policy approves others": "emergency.epsilon",
    "request not approved": "emergency.epsilon",
}
"""Codes that say nothing beside a clause: there is nothing left for them to be about."""
STRUCK = ("policy strikes cost out", "request groups by cost")
"""What is struck out is unknown, for whatever use: the second of these has a reason no more."""
ORDINARY = "emergency.not_open emergency.not_approved emergency.epsilon"
"""Codes that a request which names no emergency never gets."""

OF_ALGORITHMS = "lane.blocks lane.time"
"""Codes that a request by another lane never gets."""

LANES = ("query", "algorithm", "reviewed")
OWNERS = ("health", "市卫生健康委")
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
TINY = Fraction(1, 10**30)
LONGEST = Fraction(20)
EPSILON = Fraction(1, 2)
CHARGE = Fraction(1, 3)

Said = tuple[str, str, str | None, str]
"""Code, clause, column and owner of a reason."""
LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
CLAUSES = tuple(dict.fromkeys(f"{where} {what}" for where, what, *_ in LINES))


@dataclass(frozen=True)
class Case:
    """A request by a lane to an owner's data, urgent or not, and all that stands against it."""

    lane: str
    owner: str
    accounting: str
    urgent: bool
    against: frozenset[str]

    def flipped(self, clause: str) -> "Case":
        return replace(self, against=self.against ^ {clause})

    @property
    def expected(self) -> frozenset[Said]:
        """Read the table."""
        silent = {code for one in self.against for code in SILENT.get(one, "").split()}
        if not self.urgent:
            silent |= set(ORDINARY.split())
        if self.lane != "algorithm":
            silent |= set(OF_ALGORITHMS.split())
        hushed = STRUCK[1:] if STRUCK[0] in self.against else ()
        return frozenset(
            (code, clause.format(lane=self.lane), column or None, self.owner)
            for where, what, code, column, clause in LINES
            if f"{where} {what}" in self.against - set(hushed) and code not in silent
        )

    @property
    def verdict(self) -> Verdict:
        """Put every clause at the very edge of what it permits, or just beyond, and judge."""
        return judge(policy_of(self), self._terms, self._ask, self._balances)

    @property
    def _terms(self) -> Terms | None:
        if "agreement never made" in self.against:
            return None
        other = "agreement lists other data" in self.against
        purpose = "teaching" if "agreement of other purpose" in self.against else "research"
        return Terms(
            agreement="A1",
            datasets=("health/else",) if other else ("health/else", "health/stays"),
            lanes=self._lanes,
            purpose=purpose,
            starts=TODAY + DAY if "agreement begins tomorrow" in self.against else TODAY,
            ends=TODAY - DAY if "agreement ended yesterday" in self.against else TODAY,
            in_force="agreement unsigned" not in self.against,
            ended="agreement disposed of" in self.against,
        )

    @property
    def _lanes(self) -> tuple[str, ...]:
        if "agreement grants no lane" in self.against:
            return ()
        rest = tuple(lane for lane in LANES if lane != self.lane)
        return rest if "agreement grants the rest" in self.against else (*rest, self.lane)

    @property
    def _ask(self) -> Ask:
        unapproved = "request not approved" in self.against
        return Ask(
            dataset="health/stays",
            lane=self.lane,
            purpose="marketing" if "request of other purpose" in self.against else "research",
            today=TODAY,
            columns=(*PERMITTED, *(use for one, use in BARRED.items() if one in self.against)),
            epsilon=EPSILON + (TINY if "request over the limit" in self.against else 0),
            charge=CHARGE,
            blocks=39 if "request in few blocks" in self.against else 40,
            seconds=LONGEST + (TINY if "request for too long" in self.against else 0),
            emergency="request in no emergency" not in self.against if self.urgent else None,
            template=None if unapproved or not self.urgent else "stays-by-site",
        )

    @property
    def _balances(self) -> tuple[Balance, ...]:
        return tuple(
            Balance(what, clause, CHARGE - (TINY if f"account {what}" in self.against else 0))
            for where, what, _, _, clause in LINES
            if where == "account"
        )


PERMITTED = (
    ColumnUse("site", "group"),
    ColumnUse("site", "filter"),
    ColumnUse("age", "group"),
    ColumnUse("age", "filter"),
    ColumnUse("age", "measure"),
    ColumnUse("cost", "measure"),
)
BARRED = {
    "request groups by ghost": ColumnUse("ghost", "group"),
    "request groups by person": ColumnUse("person", "group"),
    "request filters by name": ColumnUse("name", "filter"),
    "request measures site": ColumnUse("site", "measure"),
    "request groups by cost": ColumnUse("cost", "group"),
}

POLICY = """\
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: stays-research, dataset: health/stays, owner: OWNER}
openness: conditional
access: [algorithm]
grade: L3
privacy:
  unit: {column: person, max_rows: 5}
  accounting: ACCOUNTING
  budget: {epsilon: 4, delta: 1e-9}
  per_agreement: {epsilon: 2}
  per_submission: {epsilon: 0.5}
  per_person: {epsilon: 3}
  per_period: {day: 1.5, month: 2, quarter: 2.5}
  emergency: {epsilon: 0.5, questions: [{name: stays-by-site, sql: SELECT 1, epsilon: 0.5}]}
columns:
  person: {use: []}
  site: {use: [group, filter], keys: [north, south]}
  age: {use: [group, filter, measure], bounds: [0, 65], resolution: 1}
  cost: {use: [measure], bounds: [0, 20000], resolution: 0.01}
  name: {use: []}
lanes:
  query: {release: automatic}
  algorithm: {release: automatic, blocks: {min: 40, max: 400}, time: 20s, memory: 1GiB}
  reviewed: {release: two-person, min_contributors: 10, dominance: {n: 1, k: 0.7}}
purposes: [research, teaching]
timing: {quantum: 250ms}
"""
ANOTHER: dict[str, tuple[tuple[str, str], ...]] = {
    "of other purpose": (("[research, teaching]", "[teaching]"),),
    "of other data": (("dataset: health/stays", "dataset: health/else"),),
    "closed": (
        ("openness: conditional", "openness: closed"),
        ("lanes:", "lanes: {}"),
        *((f"  {lane}: ", "  # ") for lane in LANES),
    ),
    "download only": (("access: [algorithm]", "access: [download]"),),
    "without the lane": (("  {lane}: ", "  # "),),
    "wants blocks": (("min: 40", "min: 41"),),
    "gives less time": (("time: 20s", "time: 19999ms"),),
    "closes age": (("age: {use: [group, filter, measure]", "age: {use: []"),),
    "bars site filter": (("site: {use: [group, filter]", "site: {use: [group]"),),
    "strikes cost out": (("  cost: ", "  # "),),
    "has a low limit": (
        ("per_submission: {epsilon: 0.5}", "per_submission: {epsilon: 0.4999}"),
        ("SELECT 1, epsilon: 0.5}", "SELECT 1, epsilon: 0.4999}"),
    ),
    "keeps no tranche": (("  emergency: ", "  # "),),
    "approves others": (("name: stays-by-site", "name: deaths-by-site"),),
    "approves less": (("SELECT 1, epsilon: 0.5}", "SELECT 1, epsilon: 0.4999}"),),
}
"""What an owner writes instead; where the loader asks for a second change, that too: closed data
have no lanes, and no approved question costs more than an answer."""


def policy_of(case: Case) -> Policy:
    """Load the policy that an owner would have written."""
    said = tuple(one for one in CLAUSES if one in case.against and one.startswith("policy "))
    return _loaded(said, case.lane, case.owner, case.accounting)


@cache
def _loaded(said: tuple[str, ...], lane: str, owner: str, accounting: str) -> Policy:
    text = POLICY.replace("OWNER", owner).replace("ACCOUNTING", accounting)
    # Two clauses may ask for the same change, which is made once.
    changes = dict(change for one in said for change in ANOTHER[one.removeprefix("policy ")])
    for old, new in {old.replace("{lane}", lane): new for old, new in changes.items()}.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_policy(text)


def said_by(given: Verdict) -> frozenset[Said]:
    return frozenset((one.code, one.clause, one.column, one.owner or "") for one in given.reasons)


def kinds() -> Iterator[Case]:
    """Give every kind of request, with nothing against it."""
    for lane, owner, accounting, urgent in product(LANES, OWNERS, ("zcdp", "pure"), (False, True)):
        yield Case(lane, owner, accounting, urgent, frozenset())


KINDS = list(kinds())
STEP = 5
SIZES = (0, 1, 2, len(CLAUSES))
CASES = [
    replace(kind, against=frozenset(against))
    for number, against in enumerate(
        against for size in SIZES for against in combinations(CLAUSES, size)
    )
    for kind in KINDS[number % STEP :: STEP]
]
"""Nothing, each clause, each two, and all of them, over every kind of request in turn."""
SIMPLE = [case for case in CASES if len(case.against) <= 1]


def test_every_case_is_judged_as_the_table_says() -> None:
    assert len(CASES) > 2000
    for case in CASES:
        given, expected = case.verdict, case.expected
        assert said_by(given) == expected, case
        assert given.permitted is (not expected), case


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_nothing_stands_against_is_permitted(kind: Case) -> None:
    assert kind.verdict == Verdict()


@pytest.mark.parametrize("clause", CLAUSES)
def test_flipping_one_clause_flips_exactly_the_expected_decisions(clause: str) -> None:
    for case in SIMPLE:
        flipped = case.flipped(clause)
        changed = said_by(case.verdict) ^ said_by(flipped.verdict)
        assert changed == case.expected ^ flipped.expected, (case, clause)


cases = st.builds(replace, st.sampled_from(KINDS), against=st.frozensets(st.sampled_from(CLAUSES)))


@given(cases, st.sampled_from(CLAUSES))
def test_so_it_does_among_any_others(case: Case, clause: str) -> None:
    flipped = case.flipped(clause)
    before, after = said_by(case.verdict), said_by(flipped.verdict)
    assert (before, after) == (case.expected, flipped.expected)
    assert (case.verdict.permitted, flipped.verdict.permitted) == (not before, not after)


def test_every_reason_speaks_both_languages_and_is_given_once() -> None:
    for case in SIMPLE:
        reasons = case.verdict.reasons
        assert len(set(reasons)) == len(reasons), case
        for one in reasons:
            assert "{" not in one.message + one.message_zh, one
            assert not any(
                "\u4e00" <= sign <= "\u9fff" for sign in one.message.replace(OWNERS[1], "")
            ), one
            assert any("\u4e00" <= sign <= "\u9fff" for sign in one.message_zh), one


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_the_table_has_a_line_for_every_code_and_a_policy_for_every_clause() -> None:
    assert {code for _, _, code, *_ in LINES} == CODES
    assert {f"policy {one}" for one in ANOTHER} == {one for one in CLAUSES if one[:7] == "policy "}
    assert set(SILENT) | set(STRUCK) | set(BARRED) <= set(CLAUSES)
