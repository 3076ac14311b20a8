"""A question under construction; each step gives a new one and asks nothing."""

from dataclasses import dataclass, replace

from sandbox.client.answer import Answer
from sandbox.client.price import Number, wire_number
from sandbox.client.session import Session
from sandbox.wire import Explanation, MeasureMessage, PeopleForm, Question


@dataclass(frozen=True, slots=True)
class Query:
    """Filters, groups and measures over one dataset."""

    session: Session
    question: Question

    def where(self, *conditions: str) -> "Query":
        """Keep rows where these SQL conditions hold too."""
        return self._asking(replace(self.question, where=self.question.where + conditions))

    def per_person(self, **columns: MeasureMessage) -> "Query":
        """Make rows into people first: one row a person, with these columns.

        `count()`, `count(...)`, `sum(...)`, `min(...)`, `max(...)`, `distinct(...)`, `only(...)`.
        Conditions up to here are about rows; whatever follows is about people.
        """
        made = tuple(replace(measure, name=name) for name, measure in columns.items())
        people = PeopleForm(made, self.question.where)
        return self._asking(replace(self.question, people=people, where=()))

    def group_by(self, *names: str) -> "Query":
        """Answer for each combination of these columns' declared keys."""
        return self._asking(replace(self.question, group_by=self.question.group_by + names))

    def measure(self, *measures: MeasureMessage) -> "Query":
        """Ask these of each group: `count()`, `people()`, `sum(...)`, `mean(...)`."""
        return self._asking(replace(self.question, measures=self.question.measures + measures))

    def explain(  # noqa: PLR0913  (the ways to pay)
        self,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
        emergency: str | None = None,
        *,
        accuracy: Number | None = None,
        relative: bool = False,
    ) -> Explanation:
        """Say what the question costs and how wide its noise is; free, and reads no row.

        With `accuracy` instead of a price, it is the price that this accuracy takes; see `release`.

        Raises:
            DataRangeError: what `release` raises before anything is paid, except for the budget.
        """
        priced = self._priced(epsilon, rho, purpose, agreement, emergency)
        return self.session.explain(_aimed(priced, accuracy, relative=relative))

    def release(  # noqa: PLR0913  (the ways to pay)
        self,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
        emergency: str | None = None,
        *,
        accuracy: Number | None = None,
        relative: bool = False,
        force: bool = False,
    ) -> Answer:
        """Pay and get the answer; the same question at the same price costs nothing again.

        With `accuracy` instead of a price, the cheapest price is paid at which every number's 95 %
        half-width is foretold to be at most that; `relative`, at most that share of the number's
        usual size (a cell of the assumed rows, values in the middle of their bounds).

        Raises:
            Refused: the policy says no, with every reason; nothing was paid.
            BadInput: the question or its price is malformed, or its noise would be wider than all
                that the answer could be and it is not forced; nothing was paid.
            Unavailable: the site failed; ask the same again, it is not paid for twice.
        """
        priced = self._priced(epsilon, rho, purpose, agreement, emergency)
        aimed = _aimed(priced, accuracy, relative=relative)
        return self.session.release(replace(aimed, force=force))

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


def _aimed(question: Question, accuracy: Number | None, *, relative: bool) -> Question:
    return replace(question, accuracy=wire_number(accuracy), relative=relative)
