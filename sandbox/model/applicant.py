"""Who applies in the eyes of the law, and how each kind of applicant proves it.

These are personal data: they lie in the books, are shown to stewards, and go when papers are
erased. What somebody has written may still be incomplete; `faults` says what is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandbox.model.prose import line_fault_of

MAX_PROOF = 128
"""Characters of each field."""

_CODE_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: ten digits and the letters without I, O, S, V and Z."""
_CODE_LENGTH = 18


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

    def faults(self) -> Iterator[tuple[str, str]]:
        """Name every field that is missing or wrong, with what it should be."""
        for field, label in PROOFS[self.kind].items():
            fault = line_fault_of(getattr(self, field), MAX_PROOF)
            if fault is not None:
                yield f"applicant.{field}", f"{label}: {fault}"
        number = self.number.strip()
        if self.kind is ApplicantKind.LEGAL_PERSON and number and not is_credit_code(number):
            yield "applicant.number", "This is no unified social credit code (GB 32100-2015)"
        if "responsible" not in PROOFS[self.kind] and self.responsible:
            yield "applicant.responsible", "A natural person answers for themself; leave it out"


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


def is_credit_code(code: str) -> bool:
    """Tell whether a code's last character is the check digit of the others (GB 32100-2015).

    >>> is_credit_code("91350100M000100Y43")
    True
    """
    values = [_CODE_DIGITS.find(character) for character in code]
    if len(code) != _CODE_LENGTH or min(values) < 0:
        return False
    size = len(_CODE_DIGITS)
    total = sum(value * pow(3, place, size) for place, value in enumerate(values[:-1]))
    return values[-1] == -total % size
