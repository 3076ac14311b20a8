"""Assessment by the Five Safes: five questions about an application, each with a verdict.

Desai, Ritchie, Welpton: Five Safes, designing data access for research (2016).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sandbox.model.names import DatasetName, PrincipalName


class Safe(StrEnum):
    """What is looked at."""

    PROJECT = "project"
    PEOPLE = "people"
    SETTING = "setting"
    DATA = "data"
    OUTPUTS = "outputs"


QUESTIONS: Mapping[Safe, tuple[str, str]] = {
    Safe.PROJECT: ("Is this an appropriate use of the data?", "利用目的是否适当？"),
    Safe.PEOPLE: ("Can the applicant be trusted to keep to it?", "申请人是否可信并具备能力？"),
    Safe.SETTING: ("Do the safeguards prevent misuse?", "安全保障措施是否足以防止滥用？"),
    Safe.DATA: ("Are these data needed, and no more?", "所申请的数据是否必要且最少？"),
    Safe.OUTPUTS: ("Will results disclose nobody?", "结果数据是否不会泄露个人？"),
}
"""What each asks, in both languages."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A steward's answer to one of the five questions."""

    met: bool
    remark: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Answers to all five."""

    by: PrincipalName
    made: datetime
    project: Finding
    people: Finding
    setting: Finding
    data: Finding
    outputs: Finding

    @property
    def unmet(self) -> tuple[Safe, ...]:
        """What stands against a grant."""
        return tuple(safe for safe in Safe if not getattr(self, safe.value).met)


@dataclass(frozen=True, slots=True)
class Consent:
    """An owner's answer for one dataset of theirs."""

    dataset: DatasetName
    by: PrincipalName
    made: datetime
    given: bool
    reason: str
    origin_consent: str = ""
    """Where the data are from another region: its written consent, by reference."""
