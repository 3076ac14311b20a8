"""A question under construction; each step gives a new one and asks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandbox.client.answer import Answer
from sandbox.client.deriving import Edge, written_out
from sandbox.client.deriving import bins as bins_of
from sandbox.client.measures import count
from sandbox.client.price import Number, wire_number
from sandbox.client.session import Session
from sandbox.wire import Explanation, MeasureMessage, PeopleForm, Question


@dataclass(frozen=True, slots=True)
class Query:
    """Filters, groups and measures over one dataset."""

    session: Session
    question: Question
    derived: tuple[tuple[str, str], ...] = ()
    """Names of the asker's own, each with the expression that it stands for."""

    def derive(self, **expressions: str) -> "Query":
        """Name SQL expressions for all that follows: `derive(bmi="weight / (height * height)")`.

        What is named may be used in later names. No site needs to know of them: a question holds
        the expressions themselves.
        """
        derived = dict(self.derived)
        for name, expression in expressions.items():
            derived[name] = written_out(expression, derived)
        return replace(self, derived=tuple(derived.items()))

    def where(self, *conditions: str) -> "Query":
        """Keep rows where these SQL conditions hold too."""
        written = tuple(written_out(one, dict(self.derived)) for one in conditions)
        return self._asking(replace(self.question, where=self.question.where + written))

    def per_person(self, **columns: MeasureMessage) -> "Query":
        """Make rows into people first: one row a person, with these columns.

        `count()`, `count(...)`, `sum(...)`, `min(...)`, `max(...)`, `distinct(...)`, `only(...)`.
        Conditions up to here are about rows; whatever follows is about people.
        Names that `derive` gave are about rows, too.
        """
        made = tuple(replace(self._measure(one), name=name) for name, one in columns.items())
        people = PeopleForm(made, self.question.where)
        question = replace(self.question, people=people, where=())
        return replace(self, question=question, derived=())

    def group_by(self, *values: str) -> "Query":
        """Answer for each combination of these columns' declared keys, or values of expressions.

        `group_by("year(date) AS year")` names the column of the answer.
        """
        named = dict(self.derived)
        written = tuple(f'({named[one]}) AS "{one}"' if one in named else written_out(one, named)
                        for one in values)  # fmt: skip
        return self._asking(replace(self.question, group_by=self.question.group_by + written))

    def measure(self, *measures: MeasureMessage) -> "Query":
        """Ask these of each group: `count()`, `people()`, `sum(...)`, `mean(...)`."""
        written = tuple(self._measure(one) for one in measures)
        return self._asking(replace(self.question, measures=self.question.measures + written))

    def histogram(self, value: str, bins: Sequence[Edge]) -> "Query":
        """Count the rows in each bin of a column or an expression; see `sandbox.client.bins`."""
        named = dict(self.derived)
        grouped = bins_of(written_out(value, named), bins)
        heading = value.replace('"', "")
        return self.group_by(f'{grouped} AS "{heading}"').measure(count())

    def crosstab(self, *values: str) -> "Query":
        """Count the rows in each combination of columns or expressions."""
        return self.group_by(*values).measure(count())

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
        return replace(self, question=question)

    def _measure(self, measure: MeasureMessage) -> MeasureMessage:
        """Write names out in a measure, which is called after the name."""
        if measure.column is None:
            return measure
        named = dict(self.derived)
        name = f"{measure.kind}_{measure.column}" if measure.column in named else None
        column = written_out(measure.column, named)
        others = tuple(written_out(one, named) for one in measure.others)
        return replace(measure, column=column, others=others, name=measure.name or name)

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
