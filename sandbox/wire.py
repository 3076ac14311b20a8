"""The JSON messages between a notebook and a site, and nothing else.

Plain frozen dataclasses: the client imports no more than this, and the site's OpenAPI document is
made from the same classes. Exact numbers travel as text (`"0.5"`, `"3/8"`), dates as ISO 8601.
"""

from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], value: Any) -> T:  # noqa: ANN401  (parsed JSON has no narrower type)
    """Build a message from parsed JSON; unknown keys are ignored so that sites may grow.

    Raises:
        TypeError: a required field is missing.
    """
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {field.name for field in fields(kind)} & set(value)
        return cast("T", kind(**{name: read(hints[name], value[name]) for name in known}))
    if get_origin(kind) is tuple:
        return cast("T", tuple(read(get_args(kind)[0], item) for item in value))
    if get_origin(kind) is UnionType and value is not None:
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return cast("T", read(inner, value))
    return cast("T", value)


@dataclass(frozen=True, slots=True)
class PlaceMessage:
    """Where something is wrong; see `sandbox.errors.Place`."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    clause: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class ReasonMessage:
    """One reason of a refusal."""

    code: str
    clause: str
    message: str
    message_zh: str
    column: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """RFC 9457 problem details with a stable code."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    exit_code: int
    place: PlaceMessage | None = None
    reasons: tuple[ReasonMessage, ...] = ()
    detail_zh: str = ""
    """What is wrong, in Chinese: one sentence for the code, without the particulars of `detail`."""


@dataclass(frozen=True, slots=True)
class SiteCard:
    """What a site says of itself to anybody."""

    name: str
    """Origin of its ledger."""
    version: str
    ledger_key: str
    """C2SP verifier key of the ledger's checkpoints."""


@dataclass(frozen=True, slots=True)
class Me:
    """Who the token belongs to."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ColumnCard:
    """What anybody may know of a column."""

    name: str
    kind: str
    """`category`, `number`, `date`, `person` or `closed`."""
    openness: str
    use: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    """Two numbers as text; empty for categories."""
    resolution: str | None = None
    description: str = ""
    description_zh: str = ""


@dataclass(frozen=True, slots=True)
class ProgramCard:
    """Within which bounds researchers' programs are run over a dataset."""

    least_blocks: int
    most_blocks: int
    seconds: str
    """What each block takes at most."""
    memory: int
    """Bytes that each block may use."""


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """A catalogue record; everything comes from the policy, nothing from rows."""

    name: str
    title: str
    title_zh: str
    description: str
    description_zh: str
    owner: str
    openness: str
    access: tuple[str, ...]
    grade: str
    update: str
    purposes: tuple[str, ...]
    accounting: str
    unit: str
    max_rows: int
    per_submission: str
    """Largest epsilon of one answer."""
    delta: str
    snapshot: str
    columns: tuple[ColumnCard, ...]
    declared_people: int | None = None
    """The owner's public estimate, never a count."""
    declared_rows: int | None = None
    """Likewise; sizes the error forecasts."""
    lanes: tuple[str, ...] = ()
    """Ways to ask that the policy opens: `query`, `algorithm`, `reviewed`."""
    programs: ProgramCard | None = None
    """Of the algorithm lane; None where it is off."""


@dataclass(frozen=True, slots=True)
class MockTable:
    """Invented rows of the right shape; made from the schema and a seed alone."""

    columns: dict[str, list[str | float | int | None]]


@dataclass(frozen=True, slots=True)
class ApplicantForm:
    """Who applies, and how that is proved; for stewards' eyes only."""

    kind: str
    """`natural_person`, `legal_person` or `organisation`."""
    name: str
    number: str
    """Of an identity document; the unified social credit code; the registration number."""
    responsible: str = ""
    """The legal representative or responsible person; empty for a natural person."""


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """An application as its applicant fills it in; in a draft, texts may be empty."""

    dataset: str
    """The first one; its owner leads where there are several."""
    purpose: str
    scenario: str
    safeguards: str
    starts: str
    ends: str
    public_key: str
    further: tuple[str, ...] = ()
    """Further datasets."""
    applicant: ApplicantForm | None = None
    """May be left out where it was given before."""
    amends: str = ""
    """An agreement of one's own that this is to change."""
    renews: str = ""
    """An agreement of one's own that a fresh one is to follow."""
    emergency: str = ""
    """An open emergency over the data's source, which shortens the clock to 24 hours."""


@dataclass(frozen=True, slots=True)
class DeadlineMessage:
    """An application's clock: five working days, or in an emergency 24 hours."""

    due: str
    """Last day, local."""
    provisional: bool
    """The official calendar of a year on the way is not published yet."""
    used_days: int
    stage: str
    """`not_started`, `running`, `day_three`, `day_four`, `half_time`, `due_today`, `overdue`,
    `paused` or `stopped`."""
    until: str | None = None
    """In an emergency, the last moment."""
    used_hours: int | None = None
    """In an emergency, instead of days."""


@dataclass(frozen=True, slots=True)
class PauseMessage:
    """A supplement that was asked for."""

    asked: str
    reason: str
    answered: str | None = None


@dataclass(frozen=True, slots=True)
class FindingMessage:
    """An answer to one of the five questions."""

    met: bool
    remark: str


@dataclass(frozen=True, slots=True)
class AssessmentForm:
    """A steward's answers to all five (Five Safes)."""

    project: FindingMessage
    people: FindingMessage
    setting: FindingMessage
    data: FindingMessage
    outputs: FindingMessage
    revision: int | None = None
    """The one that was read; refused if there is a newer one."""


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """An owner's answer for one of their datasets."""

    dataset: str
    given: bool
    reason: str
    origin_consent: str = ""
    """Where the data are from another region: the document in which it consents."""
    revision: int | None = None
    """The one that was read; refused if there is a newer one."""


@dataclass(frozen=True, slots=True)
class ConsentMessage:
    """What has been said for one dataset."""

    dataset: str
    owner: str
    given: bool | None
    """None: nothing yet."""
    reason: str = ""
    origin_consent: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What has to be done now, and by whom."""

    who: str
    """`applicant`, `owner`, `steward`, `reviewer` or `nobody`."""
    text: str
    text_zh: str
    command: str = ""
    """What they would type."""


@dataclass(frozen=True, slots=True)
class ApplicationCard:
    """An application as everybody sees it who has to do with it."""

    id: str
    applicant: str
    dataset: str
    purpose: str
    scenario: str
    safeguards: str
    starts: str
    ends: str
    received: str
    state: str
    """Of the course; from a grant on, what its agreements and the calendar make of it."""
    decision: str | None = None
    agreement: str | None = None
    further: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    """All that were offered: one a source."""
    deadline: DeadlineMessage | None = None
    next: tuple[NextStep, ...] = ()
    emergency: str | None = None
    amends: str | None = None
    """The version of an agreement that a grant would change."""
    renews: str | None = None
    """The agreement that a fresh one is to follow."""
    revision: int = 0
    """How often it was resubmitted."""
    pauses: tuple[PauseMessage, ...] = ()
    consents: tuple[ConsentMessage, ...] = ()
    assessment: AssessmentForm | None = None
    """For stewards."""
    proof: ApplicantForm | None = None
    """For stewards."""


@dataclass(frozen=True, slots=True)
class OverdueCard:
    """An application that nobody has answered in time; for stewards and auditors."""

    id: str
    dataset: str
    received: str
    state: str
    deadline: DeadlineMessage


@dataclass(frozen=True, slots=True)
class Decision:
    """A steward's answer."""

    grant: bool
    reason: str
    revision: int | None = None
    """The one that was read; refused if there is a newer one."""


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry of the ledger with its audit path to a signed head."""

    index: int
    entry: str
    """Its canonical JSON."""
    proof: tuple[str, ...]
    """Audit path, base64, leaf side first (RFC 6962, section 2.1.1)."""


@dataclass(frozen=True, slots=True)
class DisposalCertificate:
    """Proof that an agreement's end was carried out (处置证明); verified offline."""

    text: str
    """What the entries say, for people; `text_zh` says the same."""
    text_zh: str
    agreement: Proven
    """As it was signed."""
    disposal: Proven | None
    """The researcher's declaration, if that ended it; else its period did."""
    certificate: Proven
    size: int
    checkpoint: str
    """A C2SP signed note over size and root."""


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """An agreement with its text, digest, signatures and account."""

    id: str
    state: str
    researcher: str
    datasets: tuple[str, ...]
    purpose: str
    starts: str
    ends: str
    text: str
    text_zh: str
    document: str
    """Canonical JSON of `terms` (what is granted) and `words` (parties, clauses, both texts)."""
    digest: str
    """SHA-256 of the terms and of the words' SHA-256; both sides sign it."""
    site_key: str
    site_signature: str
    lanes: tuple[str, ...]
    """Through which its data may be asked: `query`, `algorithm`, `reviewed`."""
    accounting: str
    """`zcdp`: amounts below are rho; `pure`: they are epsilon."""
    budget: str
    """What it grants in all, as both sides sign it."""
    epsilon: str
    """The budget as people read it, at `delta`."""
    delta: str
    cap: str
    """Of its account now, which all its versions have."""
    spent: str
    remaining: str
    researcher_signature: str | None = None
    closed: str | None = None
    """When the site carried out its end; from then on it has a disposal certificate."""
    version: int = 1
    amends: str | None = None
    """The version that this one takes the place of."""
    feedback: str = ""
    """On use: `not_due`, `due`, `overdue` or `filed`; empty unless this is the version in force."""
    feedback_by: str = ""
    """The last day for it, as things stand."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A party's signature under an agreement's digest."""

    signature: str
    """Ed25519, base64 of 64 bytes."""


@dataclass(frozen=True, slots=True)
class MeasureMessage:
    """One output of a builder question."""

    kind: str
    """`count`, `people`, `sum`, `mean`, `variance`, `stddev`, `covariance`, `correlation`,
    `regression`, `slope`, `intercept` or `ratio`."""
    column: str | None = None
    """What is measured: of a regression what it explains, of a ratio the dividend."""
    name: str | None = None
    others: tuple[str, ...] = ()
    """Further columns, for the kinds from `covariance` on."""


@dataclass(frozen=True, slots=True)
class PeopleForm:
    """Rows made into people first: one row a person, with these columns."""

    columns: tuple[MeasureMessage, ...]
    """Each with a name; kinds are `count`, `sum`, `min`, `max`, `distinct` and `only`."""
    where: tuple[str, ...] = ()
    """SQL conditions on rows, before they become people."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked: either `sql`, or `measures` with filters and groups."""

    dataset: str
    agreement: str | None = None
    """May be left out where the asker has exactly one agreement over the dataset."""
    purpose: str | None = None
    """May be left out: then it is the agreement's."""
    sql: str | None = None
    where: tuple[str, ...] = ()
    """SQL conditions; all must hold."""
    group_by: tuple[str, ...] = ()
    measures: tuple[MeasureMessage, ...] = ()
    people: PeopleForm | None = None
    """A step before all that: `where`, `group_by` and `measures` are then about people."""
    epsilon: str | None = None
    """This answer alone is (epsilon, delta)-private. Give this or `rho`."""
    rho: str | None = None
    """Cost in zCDP directly; only where the source's accounting is `zcdp`."""
    emergency: str | None = None
    """An open emergency, whose tranche pays instead of the agreement."""
    accuracy: str | None = None
    """Instead of a price: the 95 % half-width that every number's forecast must meet."""
    relative: bool = False
    """Whether `accuracy` is a share of the number's usual size in a cell of the assumed rows."""
    force: bool = False
    """Ask even where noise will be wider than all that the answer could be."""


@dataclass(frozen=True, slots=True)
class CostMessage:
    """A privacy cost in all its columns."""

    epsilon: str
    delta: str
    rho: str
    accounting: str
    charged: str
    """What is debited, in the accounting's unit."""


@dataclass(frozen=True, slots=True)
class OutputForecast:
    """What noise will do to one output column, known before paying."""

    name: str
    kind: str
    half_width: float
    """95 % half-width of every cell, in the column's unit."""
    assumes: str | None = None
    """Where the error depends on the cell: what the forecast assumes of it."""
    hopeless: bool = False
    """Whether the noise is wider than all that the number could be."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One cause of a number's error, and what is left of the error without it."""

    name: str
    """The output column."""
    cause: str
    """`measures` that share the price, `groups`, `rows` a person may have, or `bounds`."""
    half_width: float
    """95 % half-width then, at the same price; as public as the forecast."""
    text: str
    """What to do about it."""
    text_zh: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Cost and error of a question before it is paid; reads no row."""

    plan: str
    """The compiled question as a readable tree."""
    sql: str
    """The same question as SQL."""
    digest: str
    cells: int
    cost: CostMessage
    remaining: str | None
    """Of the agreement, or in an emergency of the tranche, before this question."""
    outputs: tuple[OutputForecast, ...]
    permitted: bool
    reasons: tuple[ReasonMessage, ...]
    note: str
    note_zh: str
    levers: tuple[Lever, ...] = ()
    """What drives the error, the strongest first."""


@dataclass(frozen=True, slots=True)
class OutputForm:
    """One declared output of a program; see `sandbox.model.output`."""

    name: str
    low: float
    high: float
    shape: tuple[int, ...] = ()
    """Length of each dimension; a single number has none."""
    default: float | None = None
    """What stands where a block gives nothing usable; left out, the middle of the range."""
    statistic: str = "mean"
    """How the blocks' values become one: `mean` or `median`."""


@dataclass(frozen=True, slots=True)
class AlgorithmForm:
    """A program to be run once a block of people; only noised statistics of its outputs leave."""

    dataset: str
    modules: dict[str, str]
    """Source text by dotted module name."""
    module: str
    """The one among them that has the function."""
    function: str
    outputs: tuple[OutputForm, ...]
    frame: str = "polars"
    """What the function is given: `polars`, `pandas` or `bytes` (an Arrow IPC stream)."""
    columns: tuple[str, ...] = ()
    """Columns that a block has; left out, all that are open."""
    blocks: int | None = None
    """Left out, the site chooses by the dataset's published size."""
    seconds: str | None = None
    """What each block takes, whatever it does; left out, the site's usual time."""
    agreement: str | None = None
    """May be left out where the asker has exactly one agreement over the dataset."""
    purpose: str | None = None
    """May be left out: then it is the agreement's."""
    epsilon: str | None = None
    """This answer alone is (epsilon, delta)-private. Give this or `rho`."""
    rho: str | None = None
    """Cost in zCDP directly; only where the source's accounting is `zcdp`."""


@dataclass(frozen=True, slots=True)
class ProgramForecast:
    """What noise will do to one output of a program, known before paying."""

    name: str
    statistic: str
    half_width: float | None
    """95 % half-width of every value, in the output's unit; None for a median, whose error depends
    on how far apart the blocks' values lie."""
    rank_error: float | None
    """For a median: the share of blocks by which the chosen place may lie off, at 95 %."""
    relative: float | None
    """The half-width as a share of the output's range."""


@dataclass(frozen=True, slots=True)
class Caution:
    """What makes a setting a bad one; it is the researcher's to decide."""

    code: str
    message: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class AlgorithmExplanation:
    """Cost and error of an algorithm before it is paid; reads no row and runs nothing."""

    digest: str
    """Of the program with all its parameters; the same one gets the same answer, once paid."""
    blocks: int
    people_a_block: int | None
    """About; None where the owner has published no size."""
    rows_a_block: int | None
    seconds: str
    """What each block takes."""
    duration: float
    """Seconds from the start of the run to the answer, whatever the blocks do."""
    cost: CostMessage
    remaining: str | None
    """Of the agreement, before this submission."""
    outputs: tuple[ProgramForecast, ...]
    cautions: tuple[Caution, ...]
    permitted: bool
    reasons: tuple[ReasonMessage, ...]
    note: str
    note_zh: str


@dataclass(frozen=True, slots=True)
class MockBlock:
    """What one block of invented rows gave."""

    values: dict[str, tuple[float, ...]]
    """By output: as it would be counted, defaults and clamping included."""
    usable: bool
    """Whether the program gave an answer of the declared form."""
    seconds: float
    said: str
    """What it wrote on standard output and error, up to a bound."""


@dataclass(frozen=True, slots=True)
class MockRun:
    """A program run over invented rows, with everything that it said."""

    blocks: tuple[MockBlock, ...]
    people_a_block: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that is paid for and runs; its answer comes at a moment known beforehand."""

    submission: str
    due: str
    """ISO 8601, UTC; ask for the answer then."""
    seconds: float
    """From now until then."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What programs find in a site's boxes."""

    python: str
    """Major and minor version: `3.11`."""
    packages: dict[str, str]
    """Version of each library that a program may import, by the name that it is installed by."""
    lane: str | None
    """What holds the boxes: `gvisor` or `bubblewrap`; None where the site runs no programs."""
    workers: int
    """Boxes at work at once."""


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One column of an answer: a key, an estimate, or how far that may lie off."""

    name: str
    role: str
    """`key`, `estimate`, `half_width` (at 95 %) or, of regressions, `standard_error`."""
    values: tuple[str | int | float | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A released answer. Its canonical JSON is what the ledger's digest is of."""

    submission: str
    dataset: str
    snapshot: str
    agreement: str
    plan_digest: str
    cost: CostMessage
    columns: tuple[AnswerColumn, ...]
    noise: tuple[str, ...]
    """Each part's noise in words: `rows: discrete_gaussian, scale 12.5`."""
    recipient: str = ""
    """Whom it was released to, and who may not hand it on; unnamed in answers of early versions."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an entry stands in the ledger; verified offline."""

    index: int
    size: int
    entry: str
    """The entry's canonical JSON."""
    proof: tuple[str, ...]
    """Audit path, base64, leaf side first (RFC 6962, section 2.1.1)."""
    checkpoint: str
    """A C2SP signed note over size and root."""


@dataclass(frozen=True, slots=True)
class CosignatureForm:
    """A witness's co-signature under a head of the ledger."""

    size: int
    """Entries of the head."""
    cosignature: str
    """The note's signature line (C2SP tlog-cosignature), without its newline."""


@dataclass(frozen=True, slots=True)
class Released:
    """An answer with its receipt."""

    answer: Answer
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in, not yet a dataset."""

    id: str


@dataclass(frozen=True, slots=True)
class PolicyForm:
    """A policy, to be read and not yet to be put in force."""

    policy: str
    """The YAML document."""
    owner_key: str
    """Ed25519, base64 of 32 bytes: the key that will sign."""


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What an owner would sign: exact words, made for the policy as it was sent."""

    dataset: str
    source: str
    document: str
    """Canonical JSON of the policy's terms; `sandbox.ledger.signing.policy_message` of it."""
    cap_change: str | None = None
    """Canonical JSON of a change of the source's caps, which has to be signed and made first."""


@dataclass(frozen=True, slots=True)
class DatasetForm:
    """An owner's dataset: a signed policy and an uploaded file."""

    policy: str
    """The YAML document."""
    upload: str
    form: str
    """`csv` or `parquet`."""
    owner_key: str
    signature: str
    """Ed25519 under the policy's terms, base64 of 64 bytes."""


@dataclass(frozen=True, slots=True)
class CapForm:
    """A signed change of a source's caps to those of a policy."""

    policy: str
    """The YAML document that has the new caps."""
    owner_key: str
    signature: str
    """Ed25519 under the change's terms, base64 of 64 bytes."""


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A new key of a source's owner, signed by the old one and by itself."""

    new_key: str
    old_signature: str
    new_signature: str


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account of a source's budget tree."""

    id: str
    cap: str
    spent: str
    remaining: str


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source as its owner, stewards and auditors see it."""

    name: str
    owner: str
    owner_key: str
    accounting: str
    """`zcdp`: amounts are rho; `pure`: they are epsilon."""
    delta: str
    changes: int
    """Of caps and key, so far."""
    datasets: tuple[str, ...]
    accounts: tuple[AccountCard, ...]
    """The source's first, then those below it, by name."""
    limits: dict[str, str | None]
    """Caps of `person`, `day`, `month`, `quarter` and `emergency`; null where there is none."""


@dataclass(frozen=True, slots=True)
class EmergencyForm:
    """An official's declaration of an emergency."""

    source: str
    reason: str
    hours: int


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """An emergency opening and where it stands."""

    id: str
    source: str
    reason: str
    state: str
    """`declared`, `open` or `over`."""
    declared: str
    declared_by: str
    ends: str
    confirmed: str | None = None
    confirmed_by: str | None = None
    entry: int | None = None
    """Index of the ledger's entry, from the confirmation on."""
    review_due: str | None = None
    """Last day, local, of the review after its end; null where it never opened."""
    review_late: bool = False
    review_provisional: bool = False
    """The official calendar of a year on the way is not published yet."""
    reviewed: str | None = None
    next: tuple[NextStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovedCard:
    """A question that the owner approved for emergencies."""

    dataset: str
    name: str
    sql: str
    parameters: tuple[str, ...]
    """Columns that may be compared with other declared values than in `sql`."""
    epsilon: str
    """At most."""
    command: str
    """What a researcher would type to ask it as it stands."""


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """What somebody found who looked into something."""

    subject: str
    """`ledger`, `source/<name>`, `agreement/<id>` or `emergency/<id>`."""
    outcome: str
    """`in_order` or `objection`."""
    statement: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A party's word for the record."""

    statement: str


@dataclass(frozen=True, slots=True)
class FeedbackCard:
    """What a researcher has reported on their use of an agreement's results."""

    agreement: str
    """The version that was in force."""
    filed: str
    statement: str | None
    """None once it was deleted."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted of somebody's papers."""

    subject: str
    payloads: int


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry of the ledger that somebody's deed became."""

    index: int


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """One thing that ingest did; for the owner only."""

    code: str
    count: int
    message: str
    message_zh: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetAdded:
    """What became of the owner's file; for the owner only."""

    dataset: str
    snapshot: str
    rows_read: int
    rows_kept: int
    people: int
    changes: tuple[ChangeMessage, ...]


@dataclass(frozen=True, slots=True)
class VersionMessage:
    """One snapshot of a record's data."""

    snapshot: str
    created: str


@dataclass(frozen=True, slots=True)
class RecordColumnMessage:
    """One column of a record."""

    name: str
    openness: str
    description: str
    description_zh: str


@dataclass(frozen=True, slots=True)
class WithdrawnMessage:
    """That and why an owner took down what was open for download."""

    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordCard:
    """A record of the catalogue."""

    name: str
    title: str
    title_zh: str
    description: str
    description_zh: str
    keywords: tuple[str, ...]
    theme: str
    owner: str
    contact: str
    origin: str
    openness: str
    access: tuple[str, ...]
    grade: str
    conditions: str
    update: str
    state: str
    """`catalogued`, `collected` or `opened`."""
    listed: bool
    columns: tuple[RecordColumnMessage, ...]
    versions: tuple[VersionMessage, ...]
    """Oldest first."""
    current: str | None = None
    """The snapshot that is asked of, or downloaded."""
    withdrawn: WithdrawnMessage | None = None
    """None unless the owner has taken the data down."""


@dataclass(frozen=True, slots=True)
class RecordBrief:
    """A record as a list shows it."""

    name: str
    title: str
    title_zh: str
    description: str
    description_zh: str
    owner: str
    openness: str
    grade: str
    state: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of what was looked for, best first."""

    records: tuple[RecordBrief, ...]
    next: str | None = None
    """What the next page begins `after`; none if this is the last."""


@dataclass(frozen=True, slots=True)
class ClashSide:
    """One way in which a record is listed."""

    owner: str
    openness: str
    grade: str


@dataclass(frozen=True, slots=True)
class ClashCard:
    """A name that is listed in several ways."""

    name: str
    fields: tuple[str, ...]
    proposals: tuple[ClashSide, ...]
    published: ClashSide | None = None


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What became of lists."""

    published: int
    unchanged: int
    waiting: int
    """Records that a body above has to compile."""
    clashes: tuple[ClashCard, ...]


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import has come; the last one has the report."""

    done: int
    total: int
    report: MergeReport | None = None


@dataclass(frozen=True, slots=True)
class ListForm:
    """A catalogue in CSV, uploaded before."""

    upload: str


@dataclass(frozen=True, slots=True)
class MergeForm:
    """The body whose lists, and those below it, are to be compiled."""

    owner: str


@dataclass(frozen=True, slots=True)
class ResolveForm:
    """Whose version of a record stands."""

    name: str
    owner: str


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A policy of unconditional data, and the file that it opens."""

    policy: str
    upload: str
    form: str


@dataclass(frozen=True, slots=True)
class WithdrawForm:
    """What is to be open no longer, and why; everybody reads the reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class OwnerForm:
    """A body that answers for data."""

    name: str
    keeper: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class OwnerCard:
    """A body, and the one that compiles its list."""

    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class DemandForm:
    """What somebody misses in the catalogue."""

    owner: str
    data: str
    use: str


@dataclass(frozen=True, slots=True)
class DemandAnswer:
    """What the owner answers."""

    state: str
    """`accepted`, `refused` or `open`."""
    reason: str = ""
    record: str | None = None


@dataclass(frozen=True, slots=True)
class DemandCard:
    """A demand as everybody sees it: without who asked."""

    id: str
    owner: str
    data: str
    use: str
    asked: str
    state: str
    reason: str
    record: str | None = None
    answered: str | None = None
