"""Random people do random things: nothing is released without a signed agreement in force."""

import base64
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, NotVerified, Refused
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask
from sandbox.flow.assess import assess
from sandbox.flow.consent import consent
from sandbox.flow.decide import decide
from sandbox.flow.dispose import dispose
from sandbox.flow.draft import draft, edit, submit
from sandbox.flow.feedback import file_feedback
from sandbox.flow.sign import sign
from sandbox.flow.supplement import resubmit, supplement
from sandbox.flow.withdraw import withdraw
from sandbox.ledger.signing import agreement_message
from sandbox.model.agreement import AgreementState
from sandbox.model.application import ApplicationState
from sandbox.model.names import ApplicationId
from sandbox.model.principal import Principal, Role
from sandbox.wire import ApplicationForm, AssessmentForm, ConsentForm, FindingMessage
from tests.support.town import build_town, question

REFUSALS = (BadInput, Conflict, NotFound, NotPermitted, NotVerified, Refused)
"""All that a person may be told; anything else is a fault of ours."""
PEOPLE = st.integers(0, 6)
WHICH = st.integers(0, 3)
FINDING = st.booleans().map(lambda met: FindingMessage(met, "Seen"))
ASSESSMENT = st.builds(AssessmentForm, *[FINDING] * 5, revision=st.none() | st.integers(0, 2))
DECIDED = {ApplicationState.GRANTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}


class Crowd(RuleBasedStateMachine):  # noqa: PLR0904  (one method a deed)
    """Anybody tries anything, on anybody's applications."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.town = build_town(self.folder)
        self.town.describe()
        roles = (Role.RESEARCHER, Role.STEWARD, Role.OWNER)
        first = [self.town.people[role] for role in (*roles, Role.AUDITOR)]
        second = [self.town.newcomer("second", role) for role in roles]
        self.people: list[Principal] = [*first, *second]
        apply(self.town.site, first[0], self.form(also=False))
        self.final: dict[ApplicationId, ApplicationState] = {}
        self.asked = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @rule(who=PEOPLE, whole=st.booleans(), also=st.booleans())
    def apply_or_draft(self, who: int, whole: bool, also: bool) -> None:  # noqa: FBT001  (Hypothesis names them)
        make = apply if whole else draft
        self.attempt(lambda: make(self.town.site, self.people[who], self.form(also)))

    @rule(who=PEOPLE, which=WHICH, amend=st.booleans())
    def go_on_from(self, who: int, which: int, amend: bool) -> None:  # noqa: FBT001
        """Ask for the next version of an agreement, or for what follows it; anybody's."""
        form, name = self.form(also=False), self.agreement(which)
        form = replace(form, amends=name) if amend else replace(form, renews=name)
        self.attempt(lambda: apply(self.town.site, self.people[who], form))

    @rule(who=PEOPLE, which=WHICH)
    def report(self, who: int, which: int) -> None:
        name = self.agreement(which)
        self.attempt(lambda: file_feedback(self.town.site, self.people[who], name, "A paper"))

    @rule(who=PEOPLE, which=WHICH, whole=st.booleans())
    def change(self, who: int, which: int, whole: bool) -> None:  # noqa: FBT001
        make = edit if whole else resubmit
        form = self.form(also=False)
        self.attempt(lambda: make(self.town.site, self.people[who], self.name(which), form))

    @rule(who=PEOPLE, which=WHICH, back=st.booleans())
    def submit_or_withdraw(self, who: int, which: int, back: bool) -> None:  # noqa: FBT001
        make = withdraw if back else submit
        self.attempt(lambda: make(self.town.site, self.people[who], self.name(which)))

    @rule(who=PEOPLE, which=WHICH)
    def ask_for_more(self, who: int, which: int) -> None:
        name = self.name(which)
        self.attempt(lambda: supplement(self.town.site, self.people[who], name, "More, please"))

    @rule(who=PEOPLE, which=WHICH, form=ASSESSMENT)
    def look_into(self, who: int, which: int, form: AssessmentForm) -> None:
        self.attempt(lambda: assess(self.town.site, self.people[who], self.name(which), form))

    @rule(which=WHICH)
    def lead_into_force(self, which: int) -> None:
        """Let everybody do their part, which chance alone rarely makes them do in order."""
        name, steward = self.name(which), self.town.people[Role.STEWARD]
        self.attempt(lambda: self.town.assess(name))
        self.attempt(lambda: self.town.consent(name))
        self.attempt(lambda: decide(self.town.site, steward, name, grant=True, reason="Yes"))
        with self.town.site.books.read() as page:
            offered = [(one.id, one.researcher, one.digest) for one in page.agreements]
        for agreement, researcher, digest in offered:
            who = next(one for one in self.people if one.name == researcher)
            signature = base64.b64encode(self.town.key.sign(agreement_message(digest))).decode()
            self.attempt(partial(sign, self.town.site, who, agreement, signature))
            self.ask_a_question(self.people.index(who))

    @rule(who=PEOPLE, which=WHICH, given=st.booleans())
    def answer_as_owner(self, who: int, which: int, given: bool) -> None:  # noqa: FBT001
        form = ConsentForm("town/clinic", given, "Our answer")
        self.attempt(lambda: consent(self.town.site, self.people[who], self.name(which), form))

    @rule(who=PEOPLE, which=WHICH, grant=st.booleans())
    def answer_as_steward(self, who: int, which: int, grant: bool) -> None:  # noqa: FBT001
        self.attempt(
            lambda: decide(
                self.town.site, self.people[who], self.name(which), grant=grant, reason="So be it"
            )
        )

    @rule(who=PEOPLE, which=WHICH, forged=st.booleans())
    def put_a_signature(self, who: int, which: int, forged: bool) -> None:  # noqa: FBT001
        with self.town.site.books.read() as page:
            offered = list(page.agreements)
        if not offered:
            return
        agreement = offered[which % len(offered)]
        key = self.town.owner_key if forged else self.town.key
        signature = base64.b64encode(key.sign(agreement_message(agreement.digest))).decode()
        self.attempt(lambda: sign(self.town.site, self.people[who], agreement.id, signature))

    @rule(who=PEOPLE, which=WHICH)
    def be_done(self, who: int, which: int) -> None:
        name = self.agreement(which)
        self.attempt(lambda: dispose(self.town.site, self.people[who], name, "All gone"))

    @rule(hours=st.integers(1, 400))
    def wait(self, hours: int) -> None:
        self.town.later(hours=hours)

    @rule(who=PEOPLE)
    def ask_a_question(self, who: int) -> None:
        """The one thing that lets numbers out: it works exactly for whoever may ask."""
        person = self.people[who]
        self.asked += 1
        live = self.agreements_in_force(person)
        asked = question(epsilon="0.001", where=(f"age >= {self.asked % 90}",), force=True)
        answered = self.attempt(lambda: ask(self.town.site, person, asked))
        if len(live) < 2:  # Who has several has to name one.
            assert (answered is not None) == bool(live)

    @invariant()
    def nothing_is_decided_twice(self) -> None:
        if not hasattr(self, "town"):
            return
        with self.town.site.books.read() as page:
            states = {one.id: one.state for one in page.applications}
        for name, state in self.final.items():
            assert states[name] is state
        self.final |= {name: state for name, state in states.items() if state in DECIDED}

    @invariant()
    def of_each_agreement_one_version_at_most_is_in_force(self) -> None:
        if not hasattr(self, "town"):
            return
        with self.town.site.books.read() as page:
            roots = [one.root for one in page.agreements if one.state is AgreementState.IN_FORCE]
        assert len(roots) == len(set(roots))

    @invariant()
    def the_ledger_keeps_every_rule(self) -> None:
        if hasattr(self, "town"):
            self.town.audit()

    def attempt(self, deed: Callable[[], object]) -> object:
        """Do something that may be refused, and then leaves no trace but a refusal."""
        with self.town.site.books.read() as page:
            before = page.log.size()
        try:
            return deed()
        except REFUSALS as refused:
            traces = int(isinstance(refused, Refused))
        with self.town.site.books.read() as page:
            assert page.log.size() == before + traces
        return None

    def agreements_in_force(self, person: Principal) -> list[str]:
        today = self.town.clock.time.date()
        with self.town.site.books.read() as page:
            return [
                one.id
                for one in page.agreements
                if one.researcher == person.name
                and person.role is Role.RESEARCHER
                and one.state is AgreementState.IN_FORCE
                and one.researcher_signature is not None
                and one.clauses.starts <= today <= one.clauses.ends
            ]

    def name(self, which: int) -> str:
        with self.town.site.books.read() as page:
            known = [one.id for one in page.applications]
        return known[which % len(known)] if known else "none"

    def agreement(self, which: int) -> str:
        with self.town.site.books.read() as page:
            known = [one.id for one in page.agreements]
        return known[which % len(known)] if known else "none"

    def form(self, also: bool) -> ApplicationForm:  # noqa: FBT001
        today = self.town.clock.time.date()
        form = self.town.form(starts=today.isoformat(), ends=f"{today.year + 1}-01-31")
        return replace(form, further=("no/where",)) if also else form


Crowd.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_no_way_leads_to_a_release_without_a_signed_agreement_in_force = Crowd.TestCase
