"""A decision on one request, with every reason against it; it is recorded, so it is a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one clause says no, in both languages of the product."""

    code: str
    """Stable and dotted, for programs: `column.closed`, `budget.exceeded`."""
    clause: str
    """The clause that refuses: `columns.income.use`, `privacy.per_submission.epsilon`."""
    message: str
    message_zh: str
    column: str | None = None
    owner: str | None = None
    """The accountable body, whom the researcher may turn to."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All reasons against a request, none twice; no reason means yes."""

    reasons: tuple[Reason, ...] = ()

    @property
    def permitted(self) -> bool:
        """Whether no clause says no."""
        return not self.reasons
