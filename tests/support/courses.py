"""Courses of applications at the end of an honest ledger, walked step by step, rightly or not."""

from collections.abc import Callable

from sandbox.ledger import entries
from sandbox.ledger.canonical import sha256
from tests.support.honest_ledger import (
    NEXT_SITE,
    Story,
    both_sign,
    committed,
    honest,
    pseudonym,
    public_text,
)

Walk = Callable[[Story], None]

NAME = "walked"
DATASET = "health/hie"
END = len(honest().entries)
BEFORE_SIGNING = ("draft", "receive", "supplement", "resubmit", "assess", "consent", "grant")


def walk(*steps: str, by: str = "researcher", datasets: tuple[str, ...] = (DATASET,)) -> Walk:
    """Append a course; `by` is whoever makes the applicant's moves from the second on."""

    def append(story: Story) -> None:
        for number, step in enumerate(steps):
            _STEPS.get(step, _step)(story, step, by if number else "researcher", datasets)

    return append


def _step(story: Story, move: str, by: str, _datasets: tuple[str, ...]) -> None:
    move, _, dataset = move.partition(" ")
    about = {"consent": DATASET, "decline": DATASET}.get(move)
    applicants = {"draft", "edit", "resubmit", "withdraw"}
    who = by if move in applicants else "owner" if about else "steward"
    story.add(
        entries.step(
            story.now,
            application=NAME,
            move=move,
            by=pseudonym(who),
            dataset={"": about, "none": None}.get(dataset, dataset),
            commitment=committed(f"{move} of {NAME}"),
        )
    )


def _receive(story: Story, _step: str, _by: str, _datasets: tuple[str, ...]) -> None:
    commitment = committed(f"form of {NAME}")
    story.add(entries.application(story.now, id=NAME, dataset=DATASET, commitment=commitment))


def _decide(story: Story, step: str, _by: str, _datasets: tuple[str, ...]) -> None:
    story.add(
        entries.decision(
            story.now,
            application=NAME,
            granted=step == "grant",
            by=pseudonym("steward"),
            commitment=committed(f"reason of {NAME}"),
        )
    )


def _sign(story: Story, _step: str, by: str, datasets: tuple[str, ...]) -> None:
    (first,) = [one for one in story.entries if one.get("agreement") == "a1"][:1]
    changes = {
        "index": len(story.entries),
        "time": entries.instant(story.now),
        "agreement": NAME,
        "application": NAME,
        "datasets": list(datasets),
        "researcher": pseudonym(by),
        "site_key": public_text(NEXT_SITE),
        "words": sha256(b"words that were walked to"),
    }
    story.entries.append(both_sign({**first, **changes}, NEXT_SITE))


def elsewhere(name: str, walked: Walk) -> Walk:
    """Begin a draft of another name first: from then on a log has steps."""

    def append(story: Story) -> None:
        who = pseudonym("somebody else")
        story.add(entries.step(story.now, application=name, move="draft", by=who))
        walked(story)

    return append


_STEPS = {"receive": _receive, "grant": _decide, "refuse": _decide, "sign": _sign}

BROKEN_COURSES: list[tuple[str, int, Walk]] = [
    ("step.application", END, walk("assess")),
    ("step.order", END + 1, walk("draft", "assess")),
    ("step.order", END + 1, walk("draft", "draft")),
    ("step.order", END + 2, walk("draft", "receive", "edit")),
    ("step.order", END + 1, walk("receive", "resubmit")),
    ("step.order", END + 2, walk("receive", "supplement", "assess")),
    ("step.order", END + 2, walk("receive", "supplement", "consent")),
    ("step.order", END + 2, walk("receive", "withdraw", "withdraw")),
    ("step.order", END + 2, walk("draft", "withdraw", "receive")),
    ("step.order", END + 3, walk("receive", "assess", "refuse", "consent")),
    ("step.order", END + 1, walk("receive", "applaud")),
    ("step.by", END + 1, walk("draft", "edit", by="mallory")),
    ("step.by", END + 3, walk("draft", "receive", "supplement", "resubmit", by="mallory")),
    ("step.dataset", END + 1, walk("receive", "consent none")),
    ("step.dataset", END + 1, walk("receive", "consent no/such")),
    ("step.dataset", END + 1, walk("receive", "assess health/hie")),
    ("decision.application", END + 1, walk("draft", "refuse")),
    ("decision.application", END + 2, walk("receive", "withdraw", "refuse")),
    ("decision.unassessed", END + 2, walk("receive", "consent", "grant")),
    (
        "decision.unassessed",
        END + 4,
        walk("receive", "assess", "supplement", "resubmit", "grant"),
    ),
    ("decision.unassessed", END + 2, elsewhere("a draft", walk("receive", "grant"))),
    ("agreement.consent", END + 3, walk("receive", "assess", "grant", "sign")),
    ("agreement.consent", END + 4, walk("receive", "decline", "assess", "grant", "sign")),
    (
        "agreement.consent",
        END + 7,
        walk("receive", "consent", "supplement", "resubmit", "assess", "grant", "refuse", "sign"),
    ),
    ("agreement.datasets", END + 7, walk(*BEFORE_SIGNING, "sign", datasets=())),
    (
        "agreement.researcher",
        END + 5,
        walk("draft", "receive", "consent", "assess", "grant", "sign", by="mallory"),
    ),
]
