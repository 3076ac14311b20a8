"""Chapters 1 to 3: describe, apply, decide and sign."""

import shutil
from datetime import date, timedelta
from importlib import resources

from rich.console import Group
from rich.text import Text

from sandbox.cli import application_view, catalogue, contracts
from sandbox.cli.demo import narration
from sandbox.cli.demo.cast import DATASET, PURPOSE, Cast
from sandbox.cli.demo.stage import Stage, expect
from sandbox.wire import ApplicantForm, ApplicationCard, DatasetCard

POLICY = "hie.yaml"
COLUMNS = ("site", "year", "female", "xage", "plan", "meddol", "mdvis")
"""Columns that the story shows; the catalogue has all of them."""
MOCK_ROWS = 4
ITEMS = ("project", "people", "setting", "data", "outputs")
"""Of the assessment."""
PERIOD = timedelta(days=180)
"""Asked for by the application; the story ends a year later."""


def describe(stage: Stage, cast: Cast) -> None:
    """Hand the file in with its policy; what became of it is reported to the owner."""
    stage.chapter(1, narration.DESCRIBE, narration.DESCRIBE_TEXT)
    with resources.as_file(resources.files("policies") / "examples" / POLICY) as policy:
        shutil.copyfile(policy, stage.folder.root / POLICY)
    words = ("dataset", "add", stage.folder.data.name, "--policy", POLICY)
    expect(0, stage.command("owner", cast, *words, "--key", stage.folder.owner_key.name))
    stage.say(narration.OWNER_ONLY, style="dim")


def apply(stage: Stage, cast: Cast, today: date) -> ApplicationCard:
    """Find the dataset, look at it, and apply for it."""
    stage.chapter(2, narration.APPLY, narration.APPLY_TEXT)
    researcher = cast.range_of("researcher")
    stage.typed("researcher", f'hie = range_.dataset("{DATASET}")')
    hie = researcher.dataset(DATASET)
    _show_card(stage, hie.card)
    stage.say(narration.MOCK_TEXT)
    stage.typed("researcher", f"hie.mock({MOCK_ROWS})")
    mock = hie.mock(MOCK_ROWS).select(COLUMNS).rows(named=True)
    stage.show(catalogue.mocked(DATASET, mock).view(stage.lang))
    stage.typed("researcher", f'range_.apply("{DATASET}", purpose="{PURPOSE}", ...)')
    received = researcher.apply(
        DATASET,
        PURPOSE,
        narration.SCENARIO(stage.lang),
        narration.SAFEGUARDS(stage.lang),
        starts=today,
        ends=today + PERIOD,
        key=stage.folder.researcher_key,
        applicant=ApplicantForm("natural_person", narration.APPLICANT(stage.lang), "X0000001"),
    )
    stage.show(application_view.application(received).view(stage.lang))
    stage.say(narration.APPLIED, style="dim")
    return received


def decide_and_sign(stage: Stage, cast: Cast, application: ApplicationCard) -> str:
    """Assess and grant it, let owner and researcher agree, and give the agreement's id."""
    stage.chapter(3, narration.DECIDE, narration.DECIDE_TEXT)
    answers = (part for item in ITEMS for part in (f"--{item}", narration.REMARK(stage.lang)))
    expect(0, stage.command("steward", cast, "application", "assess", application.id, *answers))
    reason = narration.REASON(stage.lang)
    consent = ("application", "consent", application.id, DATASET, "--reason", reason)
    expect(0, stage.command("owner", cast, *consent))
    words = ("application", "decide", application.id, "--grant", "--reason", reason)
    expect(0, stage.command("steward", cast, *words))
    researcher = cast.range_of("researcher")
    (offered,) = researcher.agreements()
    stage.typed("researcher", f'range_.sign("{offered.id}")')
    signed = researcher.sign(offered.id, key=stage.folder.researcher_key)
    stage.show(contracts.agreement(signed).view(stage.lang))
    return signed.id


def _show_card(stage: Stage, card: DatasetCard) -> None:
    some = [column for column in card.columns if column.name in COLUMNS]
    opened = sum(bool(column.use) for column in card.columns)
    counted = narration.COLUMNS(
        stage.lang, shown=len(some), opened=opened, closed=len(card.columns) - opened
    )
    stage.show(
        Group(
            Text(catalogue.title(card, stage.lang), style="bold"),
            catalogue.terms(card, stage.lang),
            catalogue.columns(some, stage.lang),
            Text(counted, style="dim"),
        )
    )
