"""The table of the course: total, as written here again, and without a way round a grant."""

from datetime import date
from itertools import product

import pytest

from sandbox.errors import Conflict, NotPermitted
from sandbox.model.applicant import Applicant, ApplicantKind
from sandbox.model.application import ApplicationState as State
from sandbox.model.course import COURSE, Actor, Allowed, Barred, Move, after

# One letter a move: who may make it (a: applicant, o: owner, s: steward, x: the site), or nobody.
MATRIX = """
                      edi sub sup res ass con dec gra ref wit off sig beg sup end dis
draft                  a   a   .   .   .   .   .   .   .   a   .   .   .   .   .   .
submitted              .   .   s   .   s   o   o   .   s   a   .   .   .   .   .   .
supplement_requested   .   .   .   a   .   .   .   .   s   a   .   .   .   .   .   .
resubmitted            .   .   s   .   s   o   o   .   s   a   .   .   .   .   .   .
assessed               .   .   s   .   s   o   o   s   s   a   .   .   .   .   .   .
granted                .   .   .   .   .   .   .   .   .   .   x   .   .   .   .   .
refused                .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
withdrawn              .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
offered                .   .   .   .   .   .   .   .   .   .   .   a   .   .   x   .
signed                 .   .   .   .   .   .   .   .   .   .   .   .   x   x   x   a
in_force               .   .   .   .   .   .   .   .   .   .   .   .   .   x   x   a
superseded             .   .   .   .   .   .   .   .   .   .   .   .   .   .   x   .
ended                  .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   a
"""
ACTORS = {"a": Actor.APPLICANT, "o": Actor.OWNER, "s": Actor.STEWARD, "x": Actor.SITE}
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
PAIRS = list(product(State, Move))


def written(state: State, move: Move) -> str:
    (row,) = [row for row in ROWS if row[0] == state.value]
    return row[1 + list(Move).index(move)]


def test_the_matrix_names_every_state_and_move_in_order() -> None:
    assert [row[0] for row in ROWS] == [state.value for state in State]
    assert [move.value[:3] for move in Move] == HEAD
    assert set(COURSE) == set(PAIRS)


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(("state", "move"), PAIRS)
def test_every_pair_is_allowed_to_whom_the_matrix_says_or_refused_by_name(
    state: State, move: Move
) -> None:
    letter = written(state, move)
    for actor in Actor:
        if letter == ".":
            with pytest.raises(Conflict) as barred:
                after(state, move, actor)
            assert barred.value.code.startswith("application.")
        elif actor is ACTORS[letter]:
            assert isinstance(after(state, move, actor), State)
        else:
            with pytest.raises(NotPermitted) as somebody_elses:
                after(state, move, actor)
            assert somebody_elses.value.code == "application.actor"


def test_nothing_is_signed_that_was_not_granted_and_nothing_granted_that_was_not_assessed() -> None:
    into = {
        target: {
            (state, move)
            for (state, move), entry in COURSE.items()
            if isinstance(entry, Allowed) and entry.to is target
        }
        for target in State
    }
    assert into[State.GRANTED] == {(State.ASSESSED, Move.GRANT)}
    assert into[State.OFFERED] == {(State.GRANTED, Move.OFFER)}
    assert into[State.SIGNED] == {(State.OFFERED, Move.SIGN)}
    assert into[State.IN_FORCE] == {(State.SIGNED, Move.BEGIN)}


def test_every_state_is_reached_and_every_course_can_end() -> None:
    ways = {
        state: {entry.to for move in Move if isinstance(entry := COURSE[state, move], Allowed)}
        for state in State
    }

    def reached(start: State) -> set[State]:
        seen, waiting = set(), [start]
        while waiting:
            state = waiting.pop()
            if state not in seen:
                seen.add(state)
                waiting.extend(ways[state])
        return seen

    ends = {State.REFUSED, State.WITHDRAWN, State.ENDED}
    assert reached(State.DRAFT) == set(State)
    assert all(reached(state) & ends for state in State)


def test_refusals_tell_decided_from_not_yet() -> None:
    decided = COURSE[State.REFUSED, Move.GRANT]
    unassessed = COURSE[State.SUBMITTED, Move.GRANT]
    assert isinstance(decided, Barred)
    assert isinstance(unassessed, Barred)
    assert (decided.code, unassessed.code) == ("application.decided", "application.not_assessed")


def test_every_kind_of_applicant_says_what_is_missing() -> None:
    missing = {
        kind: {field for field, _ in Applicant(kind).faults(TODAY)} for kind in ApplicantKind
    }
    assert missing == {
        ApplicantKind.NATURAL_PERSON: {"applicant.name", "applicant.number"},
        ApplicantKind.LEGAL_PERSON: {
            *("applicant.name", "applicant.number", "applicant.responsible")
        },
        ApplicantKind.ORGANISATION: {
            *("applicant.name", "applicant.number", "applicant.responsible")
        },
    }
