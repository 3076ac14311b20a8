"""Every text field of every form, where it is sent, and texts that ought to do harm there."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sandbox import wire, wire_identity
from sandbox.model.principal import Role
from tests.support.served import PERIOD

MARKUP = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "--></style></title><svg/onload=alert(1)>",
    "{{ 7*7 }} ${7*7} [bold red]loud[/] %s",
    "=HYPERLINK(1)",
)
"""What a page, a template, a terminal or a spreadsheet might run."""
SIGNS = {
    "NUL": "a\x00b",
    "escape": "a\x1b[2J\x1b]0;title\x07b",
    "C1 escape": "a\x9b2Jb",
    "delete": "a\x7fb",
    "overprint": "granted\rrefused",
    "override": "paid \u202eegral\u202c sums",
    "isolate": "a\u2066b\u2069c",
    "mark": "a\u200fb",
    "invisible": "a\u200bb\u2060c\ufeffd",
    "soft hyphen": "a\u00adb",
    "separator": "a\u2028b\u2029c",
    "tags": "a" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey"),
    "piled": "Z" + "\u0301" * 5 + "algo",
    "megabyte of marks": "Z" + "\u0301" * 400_000,
}
"""What shows something else than it holds; no field of any form takes one of these."""


class Takes(StrEnum):
    """What a field is for."""

    PROSE = "prose"
    """Any words, on any number of lines."""
    LINE = "line"
    """Any words on one line."""
    EXACT = "exact"
    """One of what is known or of a fixed shape: no markup is ever one."""
    SECRET = "secret"  # noqa: S105  (a kind of field)
    """A password; never shown to anybody."""


@dataclass(frozen=True)
class Target:
    """A form's address, with a body that is in order and what each text field takes."""

    role: Role
    path: str
    """`{application}` stands for one that was just submitted."""
    body: Mapping[str, Any]
    takes: Mapping[str, Takes]

    def with_text(self, field: str, text: object) -> dict[str, Any]:
        """Give the body with a text in one field; `applicant.name`, `where.0`."""
        body: Any = json.loads(json.dumps(self.body))
        *way, last = field.split(".")
        at = body
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, [])
        if isinstance(at, list):
            at[int(last) : int(last) + 1] = [text]
        else:
            at[last] = text
        return dict(body)


def exact(*names: str) -> dict[str, Takes]:
    return dict.fromkeys(names, Takes.EXACT)


def prose(*names: str) -> dict[str, Takes]:
    return dict.fromkeys(names, Takes.PROSE)


def line(*names: str) -> dict[str, Takes]:
    return dict.fromkeys(names, Takes.LINE)


SAFES = ("project", "people", "setting", "data", "outputs")
KEY = "A" * 43 + "="
SIGNATURE = "A" * 86 + "=="
APPLICANT = {
    "kind": "organisation",
    "name": "Street watch",
    "number": "渝社证字第1号",
    "responsible": "Li Wanting",
}
APPLICATION = {
    "dataset": "town/ward",
    "purpose": "research",
    "scenario": "A paper",
    "safeguards": "Encrypted laptops",
    "starts": PERIOD[0],
    "ends": PERIOD[1],
    "public_key": KEY,
    "applicant": APPLICANT,
}
QUESTION = {
    "dataset": "town/clinic",
    "people": {"columns": [{"kind": "count", "name": "visits"}], "where": ["age >= 1"]},
    "measures": [{"kind": "count"}],
    "epsilon": "0.01",
}
ALGORITHM = {
    "dataset": "town/clinic",
    "modules": {"m": "def f(rows): ..."},
    "module": "m",
    "function": "f",
    "epsilon": "0.01",
    "outputs": [{"name": "a", "low": 0.0, "high": 1.0}],
}
FINDING = {"met": True, "remark": "In order"}
PASSWORD = "a password that nobody guesses"  # noqa: S105  (of an account of the test)

TARGETS: Mapping[type, Target] = {
    wire.ApplicationForm: Target(
        Role.RESEARCHER,
        "applications",
        APPLICATION,
        exact("dataset", "purpose", "starts", "ends", "public_key", "further.0", "applicant.kind")
        | exact("emergency", "amends", "renews")
        | prose("scenario", "safeguards")
        | line("applicant.name", "applicant.number", "applicant.responsible"),
    ),
    wire.AssessmentForm: Target(
        Role.STEWARD,
        "applications/{application}/assessment",
        dict.fromkeys(SAFES, FINDING),
        prose(*(f"{item}.remark" for item in SAFES)),
    ),
    wire.ConsentForm: Target(
        Role.OWNER,
        "applications/{application}/consent",
        {"dataset": "town/ward", "given": True, "reason": "Yes", "origin_consent": "No. 7"},
        exact("dataset") | prose("reason", "origin_consent"),
    ),
    wire.Decision: Target(
        Role.STEWARD,
        "applications/{application}/decision",
        {"grant": False, "reason": "Out of scope"},
        prose("reason"),
    ),
    wire.Statement: Target(
        Role.STEWARD,
        "applications/{application}/supplement",
        {"statement": "Which paper?"},
        prose("statement"),
    ),
    wire.Signature: Target(
        Role.RESEARCHER, "agreements/x/signature", {"signature": SIGNATURE}, exact("signature")
    ),
    wire.CapForm: Target(
        Role.OWNER,
        "sources/town/clinic/caps",
        {"policy": "x", "owner_key": KEY, "signature": SIGNATURE},
        exact("policy", "owner_key", "signature"),
    ),
    wire.KeyForm: Target(
        Role.OWNER,
        "sources/town/clinic/key",
        {"new_key": KEY, "old_signature": SIGNATURE, "new_signature": SIGNATURE},
        exact("new_key", "old_signature", "new_signature"),
    ),
    wire.CosignatureForm: Target(
        Role.AUDITOR, "/log/cosignature", {"size": 1, "cosignature": "x"}, exact("cosignature")
    ),
    wire.DatasetForm: Target(
        Role.OWNER,
        "datasets",
        {"policy": "x", "upload": "x", "form": "csv", "owner_key": KEY, "signature": SIGNATURE},
        exact("policy", "upload", "form", "owner_key", "signature"),
    ),
    wire.PolicyForm: Target(
        Role.OWNER,
        "policies/terms",
        {"policy": "x", "owner_key": KEY},
        exact("policy", "owner_key"),
    ),
    wire.DemandForm: Target(
        Role.RESEARCHER,
        "demands",
        {"owner": "town", "data": "Trams", "use": "A map"},
        exact("owner") | prose("data", "use"),
    ),
    wire.DemandAnswer: Target(
        Role.OWNER,
        "demands/{demand}/answer",
        {"state": "refused", "reason": "There are none"},
        exact("state", "record") | prose("reason"),
    ),
    wire.EmergencyForm: Target(
        Role.STEWARD,
        "emergencies",
        {"source": "town/ward", "reason": "A flood", "hours": 1},
        exact("source") | prose("reason"),
    ),
    wire.ListForm: Target(Role.OWNER, "catalogue/imports", {"upload": "x"}, exact("upload")),
    wire.MergeForm: Target(Role.OWNER, "catalogue/merges", {"owner": "town"}, exact("owner")),
    wire.ResolveForm: Target(
        Role.OWNER,
        "catalogue/resolutions",
        {"name": "town/clinic", "owner": "town"},
        exact("name", "owner"),
    ),
    wire.OpenForm: Target(
        Role.OWNER,
        "catalogue/openings",
        {"policy": "x", "upload": "x", "form": "csv"},
        exact("policy", "upload", "form"),
    ),
    wire.WithdrawForm: Target(
        Role.OWNER,
        "catalogue/withdrawals",
        {"name": "town/clinic", "reason": "A mistake"},
        exact("name") | prose("reason"),
    ),
    wire.OwnerForm: Target(
        Role.STEWARD,
        "owners",
        {"name": "harbour", "keeper": "owner", "parent": None},
        exact("keeper", "parent") | line("name"),
    ),
    wire.Question: Target(
        Role.RESEARCHER,
        "questions",
        QUESTION,
        exact("dataset", "agreement", "purpose", "sql", "where.0", "group_by.0", "epsilon")
        | exact("rho", "accuracy", "emergency", "measures.0.kind", "measures.0.column")
        | exact("measures.0.others.0")
        | exact("people.columns.0.kind", "people.columns.0.column", "people.columns.0.others.0")
        | exact("people.where.0")
        | line("measures.0.name", "people.columns.0.name"),
    ),
    wire.AlgorithmForm: Target(
        Role.RESEARCHER,
        "algorithms",
        ALGORITHM,
        exact("dataset", "agreement", "purpose", "module", "function", "frame", "columns.0")
        | exact("outputs.0.name", "outputs.0.statistic", "seconds", "epsilon", "rho"),
    ),
    wire.ReviewForm: Target(
        Role.AUDITOR,
        "reviews",
        {"subject": "ledger", "outcome": "in_order", "statement": "All there"},
        exact("subject", "outcome") | prose("statement"),
    ),
    wire_identity.SignInForm: Target(
        Role.RESEARCHER,
        "sign-in",
        {"name": "wanting", "password": PASSWORD},
        exact("name", "password") | line("label"),
    ),
    wire_identity.TokenForm: Target(
        Role.RESEARCHER,
        "tokens",
        {"label": "laptop"},
        line("label") | exact("name", "role", "agreement"),
    ),
    wire_identity.AccountForm: Target(
        Role.ADMINISTRATOR,
        "accounts",
        {"name": "somebody-new", "role": "researcher", "password": PASSWORD},
        exact("name", "role") | {"password": Takes.SECRET},
    ),
    wire_identity.PasswordForm: Target(
        Role.ADMINISTRATOR,
        "accounts/wanting/password",
        {"password": PASSWORD},
        {"password": Takes.SECRET},
    ),
    wire_identity.OwnPasswordForm: Target(
        Role.RESEARCHER,
        "me/password",
        {"present": PASSWORD, "password": PASSWORD},
        exact("present") | {"password": Takes.SECRET},
    ),
}
"""What is sent to a site, each with its first use."""


def fields_to_fill() -> list[tuple[type, str, Takes]]:
    return [(form, name, kind) for form, to in TARGETS.items() for name, kind in to.takes.items()]


def text_fields(kind: Any, path: tuple[str, ...] = ()) -> Iterator[str]:  # noqa: ANN401  (a type)
    """Name every text in a message, those in messages within it too."""
    if kind is str:
        yield ".".join(path)
    elif is_dataclass(kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            yield from text_fields(hints[field.name], (*path, field.name))
    elif get_origin(kind) is tuple:
        yield from text_fields(get_args(kind)[0], (*path, "0"))
    elif get_origin(kind) is UnionType:
        for inner in get_args(kind):
            yield from text_fields(inner, path)


def filled(kind: Any, text: str) -> Any:  # noqa: ANN401  (a value of that type)
    """Build a message with the text in every place for one."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: filled(hints[field.name], text) for field in fields(kind)})  # type: ignore[operator]  # a class
    inner = [filled(one, text) for one in get_args(kind) if one is not Ellipsis]
    shapes: Mapping[Any, Callable[[], object]] = {
        tuple: lambda: tuple(inner),
        list: lambda: inner,
        dict: lambda: {text: inner[1]},
        UnionType: lambda: inner[0],
    }
    plain = {str: text, bool: True, int: 7, float: 7.0}
    return shapes[get_origin(kind)]() if inner else plain.get(kind)
