"""Entries as a verifier reads them: each kind's fields, typed and strict.

The writing side is `sandbox.ledger.entries`. A field that is missing or misshapen makes the entry
malformed; fields that are not named here are ignored, so that the log may grow.

A long audit is reading: records are slotted and not frozen, for what freezes a dataclass takes ten
times as long to make one; whoever holds a record leaves it as it was read.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Never, NewType, TypeVar, get_type_hints

from sandbox.errors import BadInput, Place

Digest = NewType("Digest", str)
"""SHA-256 or a commitment: 64 lower-case hexadecimal digits, so that no text hides in its place."""
Accounting = Literal["zcdp", "pure"]
Outcome = Literal["in_order", "objection"]
Cause = Literal["expired", "disposed"]

MAX_INDEX = 2**53 - 1
"""Largest integer of canonical JSON."""
MAX_NUMBER = 2000
"""Characters of an exact number; sums of costs may have long denominators, but not this long."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ACCOUNTING = re.compile("zcdp|pure")
_OUTCOME = re.compile("in_order|objection")
_CAUSE = re.compile("expired|disposed")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_NUMBER = re.compile(r"(?P<whole>-?[0-9]+)(?:\.(?P<decimals>[0-9]+)|/(?P<below>0*[1-9][0-9]*))?")

_Reader = Callable[[object], Any]
T = TypeVar("T")


class Stated(NamedTuple):
    """An amount as an entry states it, `above / below`: not reduced, which would take longest."""

    above: int
    below: int

    @property
    def exact(self) -> Fraction:
        """The amount."""
        return Fraction(self.above, self.below)


@dataclass(slots=True)
class Record:
    """What every entry says."""

    index: int
    time: datetime


@dataclass(slots=True)
class Site(Record):
    """Who writes this log, and who signs for the owners."""

    origin: str
    ledger_key: str
    site_key: str


@dataclass(slots=True)
class Caps:
    """A source's caps in its accounting's unit; None where there is no such limit."""

    source: Fraction
    delta: Fraction
    person: Fraction | None
    day: Fraction | None
    month: Fraction | None
    quarter: Fraction | None
    emergency: Fraction | None


@dataclass(slots=True)
class Partition:
    """A declared partition of a dataset's people."""

    column: str
    keys: tuple[str, ...]
    most: int
    """Parts that one person is in at most."""


@dataclass(slots=True)
class Policy(Record):
    """A dataset's policy and the caps that it means, as its owner signed them."""

    origin: str
    dataset: str
    source: str
    owner: str
    version: int
    digest: Digest
    accounting: Accounting
    caps: Caps
    per_agreement: Fraction
    lanes: tuple[str, ...]
    partition: Partition | None
    owner_key: str
    signature: str


@dataclass(slots=True)
class CapChange(Record):
    """A source has other caps from now on, as its owner signed."""

    origin: str
    source: str
    change: int
    accounting: Accounting
    before: Caps
    after: Caps
    owner_key: str
    signature: str


@dataclass(slots=True)
class KeyChange(Record):
    """A key has a successor, as both signed."""

    origin: str
    subject: str
    change: int
    old_key: str
    new_key: str
    old_signature: str
    new_signature: str


@dataclass(slots=True)
class Dataset(Record):
    """A snapshot, from now on the dataset's current one."""

    dataset: str
    snapshot: str
    commitment: Digest
    policy: Digest


@dataclass(slots=True)
class Application(Record):
    """An application was received."""

    application: str
    dataset: str
    commitment: Digest


@dataclass(slots=True)
class Step(Record):
    """A move in an application's course."""

    application: str
    move: str
    by: Digest
    dataset: str | None
    commitment: Digest | None


@dataclass(slots=True)
class Decision(Record):
    """An application was granted or refused."""

    application: str
    granted: bool
    by: Digest
    commitment: Digest


@dataclass(slots=True)
class Agreement(Record):
    """An agreement in force, and the cap of its account."""

    agreement: str
    application: str
    datasets: tuple[str, ...]
    source: str
    researcher_key: str
    site_key: str
    starts: date
    ends: date
    lanes: tuple[str, ...]
    accounting: Accounting
    cap: Fraction
    amends: str | None
    words: Digest
    """Of the texts in both languages, in which the parties are named."""
    digest: Digest
    researcher: Digest
    researcher_signature: str
    site_signature: str


@dataclass(slots=True)
class Refusal(Record):
    """A request that was refused and cost nothing."""

    dataset: str
    agreement: str | None
    request: Digest
    codes: tuple[str, ...]


@dataclass(slots=True)
class Cost:
    """A debit's cost in all its columns."""

    rho: Fraction
    delta: Fraction
    epsilon: Fraction | None


@dataclass(slots=True)
class Debit(Record):
    """Privacy spent, before rows were read."""

    submission: str
    agreement: str
    dataset: str
    lane: str
    snapshot: str
    policy: Digest
    request: Digest
    parts: tuple[str, ...] | None
    emergency: str | None
    template: str | None
    """The approved question that was asked in the emergency."""
    cost: Cost
    balances: dict[str, Stated]


@dataclass(slots=True)
class Release(Record):
    """An answer that a debit paid for."""

    submission: str
    debit: int
    answer: Digest


@dataclass(slots=True)
class Failure(Record):
    """A paid run that failed."""

    submission: str
    debit: int
    code: str


@dataclass(slots=True)
class Cancellation(Record):
    """A debit that was given back before any row was read."""

    submission: str
    debit: int
    code: str
    balances: dict[str, Stated]


@dataclass(slots=True)
class Emergency(Record):
    """A source's tranche was opened by two officials, for a time."""

    emergency: str
    source: str
    by: tuple[Digest, ...]
    starts: datetime
    ends: datetime
    commitment: Digest


@dataclass(slots=True)
class Review(Record):
    """Somebody looked into something."""

    subject: str
    by: Digest
    outcome: Outcome
    commitment: Digest


@dataclass(slots=True)
class Disposal(Record):
    """A researcher has disposed of what an agreement gave them; it has ended."""

    agreement: str
    by: Digest
    commitment: Digest


@dataclass(slots=True)
class Certificate(Record):
    """An agreement's end was carried out."""

    agreement: str
    cause: Cause
    tokens: int
    stopped: int
    key: Digest


@dataclass(slots=True)
class Feedback(Record):
    """A researcher has reported on their use of the results."""

    agreement: str
    by: Digest
    commitment: Digest


@dataclass(slots=True)
class Opening(Record):
    """Unconditional data were opened, for whoever signs in."""

    dataset: str
    snapshot: str
    policy: Digest
    by: Digest
    csv: Digest
    parquet: Digest


@dataclass(slots=True)
class Withdrawal(Record):
    """What was opened is handed out no longer."""

    dataset: str
    snapshot: str
    by: Digest
    commitment: Digest


@dataclass(slots=True)
class Erasure(Record):
    """Payloads behind commitments were deleted; the commitments stay."""

    subject: str
    by: Digest
    payloads: int


@dataclass(slots=True)
class Anchor(Record):
    """Witnesses had co-signed the head of the first `size` entries."""

    size: int
    root: Digest
    keys: tuple[str, ...]
    cosignatures: tuple[str, ...]


def first_version(agreement: str) -> str:
    """Name an agreement's first version by the name of any: `X` by `X.2`."""
    return agreement.partition(".")[0]


KINDS: Mapping[str, type[Record]] = {
    "site": Site,
    "policy": Policy,
    "cap_change": CapChange,
    "key_change": KeyChange,
    "dataset": Dataset,
    "application": Application,
    "step": Step,
    "decision": Decision,
    "agreement": Agreement,
    "refusal": Refusal,
    "debit": Debit,
    "cancellation": Cancellation,
    "release": Release,
    "failure": Failure,
    "emergency": Emergency,
    "review": Review,
    "disposal": Disposal,
    "certificate": Certificate,
    "feedback": Feedback,
    "opening": Opening,
    "withdrawal": Withdrawal,
    "erasure": Erasure,
    "anchor": Anchor,
}
"""Every kind that this version replays, by the name in an entry's `kind`."""


def read(entry: Mapping[str, Any]) -> Record | None:
    """Read an entry by its kind; None if the kind is unknown.

    Raises:
        BadInput: code `entry.malformed`; the place names the first field that is wrong.
    """
    kind = entry.get("kind")
    if not isinstance(kind, str):
        _refuse("kind")
    known = KINDS.get(kind)
    return _made(known, entry) if known else None


def _made(kind: type[T], entry: Mapping[str, Any]) -> T:
    """Read all fields; they stand in the order in which the kind takes them."""
    fields = _FIELDS[kind]
    try:
        values = [reader(entry[name]) for name, reader in fields]
    except (KeyError, ValueError):
        _refuse(next(name for name, reader in fields if not _is_read(reader, entry, name)))
    return kind(*values)


def _is_read(reader: _Reader, entry: Mapping[str, Any], name: str) -> bool:
    """Tell whether a field is there and can be read."""
    try:
        reader(entry[name])
    except (KeyError, ValueError):
        return False
    return True


def _refuse(field: str) -> Never:
    raise BadInput(
        f"The field `{field}` is missing or malformed",
        code="entry.malformed",
        place=Place(clause=field),
    )


def _text(value: object) -> str:
    if type(value) is not str:
        raise ValueError("no text")
    return value


def _matched(pattern: re.Pattern[str], value: object) -> re.Match[str]:
    match = pattern.fullmatch(_text(value))
    if match is None:
        raise ValueError("text of another form")
    return match


def _digest(value: object) -> str:
    text = _text(value)
    if not _DIGEST.fullmatch(text):
        raise ValueError("no digest")
    return text


def _accounting(value: object) -> str:
    return _matched(_ACCOUNTING, value)[0]


def _outcome(value: object) -> str:
    return _matched(_OUTCOME, value)[0]


def _cause(value: object) -> str:
    return _matched(_CAUSE, value)[0]


def _instant(value: object) -> datetime:
    return _moment(_text(value))


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime:
    """Read an instant; a debit and its release are often of the same one."""
    return datetime.fromisoformat(_matched(_INSTANT, text)[0])


def _day(value: object) -> date:
    return date.fromisoformat(_matched(_DAY, value)[0])


def _exact(value: object) -> Fraction:
    return _number(_short(value))


def _stated(value: object) -> Stated:
    return _ratio(_short(value))


def _short(value: object) -> str:
    text = _text(value)
    if len(text) > MAX_NUMBER:
        raise ValueError("a number of absurd length")
    return text


@lru_cache(maxsize=1024)
def _number(text: str) -> Fraction:
    """Read a number's text; a ledger repeats the same few costs."""
    return _ratio(text).exact


@lru_cache(maxsize=1024)
def _ratio(text: str) -> Stated:
    """Read `12`, `0.375` or `3/8`; no exponents, for `1e999999999` would fill the memory.

    Accounts on one path have often spent the same.
    """
    whole, decimals, below = _matched(_NUMBER, text).groups()
    if below:
        return Stated(int(whole), int(below))
    if decimals:
        return Stated(int(whole + decimals), 10 ** len(decimals))
    return Stated(int(whole), 1)


def _index(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_INDEX:
        raise ValueError("no index")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError("no list")  # noqa: TRY004
    return tuple(_text(item) for item in value)


def _digests(value: object) -> tuple[str, ...]:
    return tuple(_digest(item) for item in _texts(value))


def _balances(value: object) -> dict[str, Stated]:
    return {_text(account): _stated(spent) for account, spent in _map(value).items()}


def _nested(kind: type) -> _Reader:
    return lambda value: _made(kind, _map(value))


def _map(value: object) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("no map")  # noqa: TRY004
    return value


def _or_null(reader: _Reader) -> _Reader:
    return lambda value: None if value is None else reader(value)


_READERS: Mapping[Any, _Reader] = {
    str: _text,
    Digest: _digest,
    Accounting: _accounting,
    Outcome: _outcome,
    Cause: _cause,
    datetime: _instant,
    date: _day,
    Fraction: _exact,
    int: _index,
    bool: _truth,
    tuple[str, ...]: _texts,
    tuple[Digest, ...]: _digests,
    dict[str, Stated]: _balances,
    Cost: _nested(Cost),
    Caps: _nested(Caps),
    Partition | None: _or_null(_nested(Partition)),
    tuple[str, ...] | None: _or_null(_texts),
    str | None: _or_null(_text),
    Digest | None: _or_null(_digest),
    Fraction | None: _or_null(_exact),
}
"""How a field of each type is read."""

_FIELDS: Mapping[type, tuple[tuple[str, _Reader], ...]] = {
    kind: tuple((name, _READERS[hint]) for name, hint in get_type_hints(kind).items())
    for kind in (*KINDS.values(), Cost, Caps, Partition)
}
