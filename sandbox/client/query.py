"""A question under construction; each step gives a new one and asks nothing."""

from dataclasses import dataclass, replace

from sandbox.client.answer import Answer
from sandbox.client.price import Number, wire_number
from sandbox.client.session import Session
from sandbox.wire import Explanation, MeasureMessage, Question


@dataclass(frozen=True, slots=True)
class Query:
    """Filters, groups and measures over one dataset."""

    session: Session
    question: Question

    def where(self, *conditions: str) -> "Query":
        """Keep rows where these SQL conditions hold too."""
        return self._asking(replace(self.question, where=self.question.where + conditions))

    def group_by(self, *names: str) -> "Query":
        """Answer for each combination of these columns' declared keys."""
        return self._asking(replace(self.question, group_by=self.question.group_by + names))

    def measure(self, *measures: MeasureMessage) -> "Query":
        """Ask these of each group: `count()`, `people()`, `sum(...)`, `mean(...)`."""
        return self._asking(replace(self.question, measures=self.question.measures + measures))

    def explain(
        self,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
        emergency: str | None = None,
    ) -> Explanation:
        """Say what the question costs and how wide its noise is; free, and reads no row.

        Raises:
            DataRangeError: what `release` raises before anything is paid, except for the budget.
        """
        return self.session.explain(self._priced(epsilon, rho, purpose, agreement, emergency))

    def release(
        self,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
        emergency: str | None = None,
    ) -> Answer:
        """Pay and get the answer; the same question at the same price costs nothing again.

        Raises:
            Refused: the policy says no, with every reason; nothing was paid.
            BadInput: the question or its price is malformed; nothing was paid.
            Unavailable: the site failed; ask the same again, it is not paid for twice.
        """
        return self.session.release(self._priced(epsilon, rho, purpose, agreement, emergency))

    def _asking(self, question: Question) -> "Query":
        return Query(self.session, question)

    def _priced(
        self,
        epsilon: Number | None,
        rho: Number | None,
        purpose: str | None,
        agreement: str | None,
        emergency: str | None,
    ) -> Question:
        return replace(
            self.question,
            epsilon=wire_number(epsilon),
            rho=wire_number(rho),
            purpose=purpose,
            agreement=agreement,
            emergency=emergency,
        )
