"""Who applies in the eyes of the law, and how each kind of applicant proves it.

These are personal data: they lie in the books, are shown to stewards, and go when papers are
erased. What somebody has written may still be incomplete; `faults` says what is missing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sandbox.model.check_digits import is_credit_code, is_resident_number
from sandbox.model.prose import line_fault_of

MAX_PROOF = 128
"""Characters of each field."""

_OTHER_DOCUMENT = re.compile(r"(?=.*[A-Z])[A-Z0-9]{5,20}|[0-9]{7,10}")
"""A passport or permit: letters with digits, or fewer digits than a citizen's number has."""
_CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
_CODED = re.compile(r"[0-9A-Z]{18}")
"""What an organisation writes that has a credit code; older registrations look otherwise."""


class ApplicantKind(StrEnum):
    """自然人, 法人, 非法人组织."""

    NATURAL_PERSON = "natural_person"
    LEGAL_PERSON = "legal_person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What an applicant has written of themself; `PROOFS` says what each field means for whom."""

    kind: ApplicantKind
    name: str = ""
    number: str = ""
    responsible: str = ""

    def faults(self, today: date) -> Iterator[tuple[str, str]]:
        """Name every field that is missing or wrong, with what it should be."""
        wrong = {}
        for field, label in PROOFS[self.kind].items():
            fault = line_fault_of(getattr(self, field), MAX_PROOF)
            if fault is not None:
                wrong[field] = f"{label}: {fault}"
        if "number" not in wrong and not self._is_known(self.number.strip().upper(), today):
            wrong["number"] = _NO_NUMBER[self.kind]
        yield from ((f"applicant.{field}", fault) for field, fault in wrong.items())
        if "responsible" not in PROOFS[self.kind] and self.responsible:
            yield "applicant.responsible", "A natural person answers for themself; leave it out"

    def _is_known(self, number: str, today: date) -> bool:
        """Tell whether a number is of the kind that this applicant has; never which it is not."""
        match self.kind:
            case ApplicantKind.NATURAL_PERSON:
                other = _OTHER_DOCUMENT.fullmatch(number) and not _CITIZEN.fullmatch(number)
                return bool(other) or is_resident_number(number, today)
            case ApplicantKind.LEGAL_PERSON:
                return is_credit_code(number)
            case ApplicantKind.ORGANISATION:
                return not _CODED.fullmatch(number) or is_credit_code(number)


PROOFS: Mapping[ApplicantKind, Mapping[str, str]] = {
    ApplicantKind.NATURAL_PERSON: {
        "name": "Name 姓名",
        "number": "Identity document number 证件号码",
    },
    ApplicantKind.LEGAL_PERSON: {
        "name": "Registered name 登记名称",
        "number": "Unified social credit code 统一社会信用代码",
        "responsible": "Legal representative 法定代表人",
    },
    ApplicantKind.ORGANISATION: {
        "name": "Name of the organisation 组织名称",
        "number": "Registration number 登记号",
        "responsible": "Responsible person 负责人",
    },
}
"""Fields that each kind of applicant fills in, with their names for people."""
_NO_NUMBER: Mapping[ApplicantKind, str] = {
    ApplicantKind.NATURAL_PERSON: (
        "This is no number of an identity document 证件号码; a citizen's has 18 digits with a "
        "check digit (GB 11643-1999)"
    ),
    ApplicantKind.LEGAL_PERSON: "This is no unified social credit code (GB 32100-2015)",
    ApplicantKind.ORGANISATION: (
        "This has the shape of a unified social credit code, and its check digit does not hold "
        "(GB 32100-2015)"
    ),
}
