"""From the fields of a browser's form to the wire's messages."""

from collections.abc import Mapping

from sandbox.model.agreement import Agreement
from sandbox.model.application import Application
from sandbox.model.assessment import Safe
from sandbox.wire import (
    ApplicantForm,
    ApplicationForm,
    AssessmentForm,
    ConsentForm,
    Decision,
    DemandAnswer,
    FindingMessage,
)

Fields = Mapping[str, str]

TEXTS = ("dataset", "purpose", "scenario", "safeguards", "starts", "ends", "public_key")
NAMED = ("amends", "renews", "emergency")
"""What an application may refer to."""
PROOF = ("kind", "name", "number", "responsible")


def application_of(fields: Fields) -> ApplicationForm:
    """Read an application; line ends are one character, as in every other door."""
    written = {name: _text(fields, name) for name in (*TEXTS, *NAMED)}
    further = tuple(line.strip() for line in fields.get("further", "").splitlines() if line.strip())
    return ApplicationForm(**written, further=further, applicant=_proof(fields))


def fields_of(application: Application) -> Fields:
    """Write an application into the fields of its form; who applies is not shown again."""
    return {
        "dataset": application.dataset,
        "further": "\n".join(application.further),
        "purpose": application.purpose,
        "scenario": application.scenario,
        "safeguards": application.safeguards,
        "starts": application.starts.isoformat() if application.starts else "",
        "ends": application.ends.isoformat() if application.ends else "",
        "public_key": application.public_key,
        "emergency": application.emergency or "",
        "amends": application.amends or "",
        "renews": application.renews or "",
    }


def fields_after(agreement: Agreement, name: str) -> Fields:
    """Begin a form that is to change an agreement (`amends`) or to follow one (`renews`)."""
    clauses = agreement.clauses
    first, *further = clauses.datasets
    return {
        name: agreement.id,
        "dataset": first,
        "further": "\n".join(further),
        "purpose": clauses.purpose,
        "scenario": clauses.scenario,
        "safeguards": clauses.safeguards,
        "public_key": agreement.researcher_key,
    }


def assessment_of(fields: Fields) -> AssessmentForm:
    """Read the answers to the five questions; only a yes is one."""
    answers = {
        safe.value: FindingMessage(
            fields.get(safe.value) == "met", _text(fields, f"{safe.value}_remark")
        )
        for safe in Safe
    }
    return AssessmentForm(**answers, revision=_revision(fields))


def consent_of(fields: Fields) -> ConsentForm:
    """Read an owner's answer for one dataset; only a yes is one."""
    return ConsentForm(
        dataset=fields.get("dataset", ""),
        given=fields.get("answer") == "consent",
        reason=_text(fields, "reason"),
        origin_consent=_text(fields, "origin_consent"),
        revision=_revision(fields),
    )


def decision_of(fields: Fields) -> Decision:
    """Read a steward's answer; only a yes is one."""
    return Decision(
        grant=fields.get("answer") == "grant",
        reason=fields.get("reason", ""),
        revision=_revision(fields),
    )


def demand_answer_of(fields: Fields) -> DemandAnswer:
    """Read the answer to a demand."""
    return DemandAnswer(
        fields.get("state", ""), _text(fields, "reason"), fields.get("record", "").strip() or None
    )


def _proof(fields: Fields) -> ApplicantForm | None:
    """Read who applies; four empty fields leave what was given before."""
    written = {name: fields.get(name, "").strip() for name in PROOF}
    return ApplicantForm(**written) if any(written.values()) else None


def _revision(fields: Fields) -> int:
    """Read which version somebody answers; one that is none is older than any."""
    written = fields.get("revision", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else -1  # noqa: PLR2004


def _text(fields: Fields, name: str) -> str:
    return fields.get(name, "").replace("\r\n", "\n").strip()
