"""The end of chapter 5: a higher cap takes the owner's key, whoever has the owner's token."""

from sandbox.cli.demo import narration
from sandbox.cli.demo.beginning import POLICY
from sandbox.cli.demo.cast import Cast
from sandbox.cli.demo.stage import Stage, broken, expect
from sandbox.errors import NotPermitted

RAISED = "raised.yaml"
BEFORE, AFTER = "budget: {epsilon: 4,", "budget: {epsilon: 5,"


def raise_cap(stage: Stage, cast: Cast) -> None:
    """Try it with another key, which is refused, then with the owner's."""
    stage.gap()
    stage.say(narration.RAISE, style="bold")
    stage.say(narration.RAISE_TEXT)
    _write_raised(stage)
    folder = stage.folder
    words = ("source", "cap", RAISED, "--yes", "--key")
    code = stage.command("owner", cast, *words, folder.researcher_key.name)
    expect(NotPermitted.exit_code, code)
    expect(0, stage.command("owner", cast, *words, folder.owner_key.name))


def _write_raised(stage: Stage) -> None:
    policy = (stage.folder.root / POLICY).read_text(encoding="utf-8")
    if policy.count(BEFORE) != 1:
        broken("the example policy has another budget")
    raised = policy.replace(BEFORE, AFTER)
    (stage.folder.root / RAISED).write_text(raised, encoding="utf-8")
