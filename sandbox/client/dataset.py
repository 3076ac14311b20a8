"""One dataset of a site: its card, mock rows to develop on, and questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.client.answer import Answer
from sandbox.client.connection import segment
from sandbox.client.declaring import Algorithm
from sandbox.client.deriving import Edge
from sandbox.client.forecast import Forecast
from sandbox.client.mock_run import MockRun
from sandbox.client.price import Number, wire_number
from sandbox.client.query import Query
from sandbox.client.session import Session
from sandbox.client.submission import Submission
from sandbox.wire import DatasetCard, MeasureMessage, MockTable, Question


@dataclass(frozen=True, slots=True)
class Dataset:
    """A catalogue record that can be asked."""

    session: Session
    card: DatasetCard

    def mock(self, rows: int = 100, seed: int = 0) -> Any:  # noqa: ANN401  (a polars.DataFrame)
        """Give invented rows of the right shape, as a polars DataFrame; nothing real is in them."""
        import polars as pl  # noqa: PLC0415  (slow to load, and not every notebook wants a table)

        path = f"/datasets/{segment(self.card.name)}/mock"
        table = self.session.connection.get(MockTable, path, rows=rows, seed=seed)
        dates = [column.name for column in self.card.columns if column.kind == "date"]
        return pl.DataFrame(table.columns, strict=False).with_columns(pl.col(dates).str.to_date())

    def derive(self, **expressions: str) -> Query:
        """Begin a question by naming SQL expressions; see `Query.derive`."""
        return self._query.derive(**expressions)

    def histogram(self, value: str, bins: Sequence[Edge]) -> Query:
        """Ask how many rows fall into each bin; see `Query.histogram`."""
        return self._query.histogram(value, bins)

    def crosstab(self, *values: str) -> Query:
        """Ask how many rows have each combination of keys; see `Query.crosstab`."""
        return self._query.crosstab(*values)

    def where(self, *conditions: str) -> Query:
        """Begin a question with SQL conditions that must all hold."""
        return self._query.where(*conditions)

    def per_person(self, **columns: MeasureMessage) -> Query:
        """Begin a question about people, one row each; see `Query.per_person`."""
        return self._query.per_person(**columns)

    def group_by(self, *values: str) -> Query:
        """Begin a question with columns or expressions to group by."""
        return self._query.group_by(*values)

    def measure(self, *measures: MeasureMessage) -> Query:
        """Begin a question with what to ask of all rows."""
        return self._query.measure(*measures)

    def sql(  # noqa: PLR0913  (the ways to pay)
        self,
        text: str,
        *,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
        emergency: str | None = None,
        accuracy: Number | None = None,
        relative: bool = False,
        force: bool = False,
    ) -> Answer:
        """Ask in SQL; see `Query.release`."""
        question = Question(
            dataset=self.card.name,
            agreement=agreement,
            purpose=purpose,
            sql=text,
            epsilon=wire_number(epsilon),
            rho=wire_number(rho),
            emergency=emergency,
            accuracy=wire_number(accuracy),
            relative=relative,
            force=force,
        )
        return self.session.release(question)

    def run_on_mock(self, algorithm: Algorithm) -> MockRun:
        """Run an algorithm over invented rows, in boxes as it will run in; costs nothing.

        Everything that it says, its errors above all, comes back.

        Raises:
            BadInput: a code `algorithm.*`, something cannot travel; or it is malformed.
            Unavailable: the site runs no programs, or others' programs ran for ten minutes
                (`engine.rehearsal_waited`); until then this waits, and shows how long.
        """
        return self.session.run_on_mock(algorithm.form(self.card.name))

    def explain(
        self,
        algorithm: Algorithm,
        *,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
    ) -> Forecast:
        """Say what an algorithm costs, how its people are dealt out, how wide its noise is; free.

        Reads no row and runs nothing.

        Raises:
            DataRangeError: what `submit` raises before anything is paid, except for the budget.
        """
        form = algorithm.form(
            self.card.name, epsilon=epsilon, rho=rho, purpose=purpose, agreement=agreement
        )
        return self.session.forecast(form)

    def submit(
        self,
        algorithm: Algorithm,
        *,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
    ) -> Submission:
        """Pay for an algorithm and have it run; the same one again costs nothing.

        Raises:
            Refused: the policy says no, with every reason; nothing was paid.
            BadInput: it is malformed, or cannot travel; nothing was paid.
            Unavailable: the site failed; submit the same again, it is not paid for twice.
        """
        form = algorithm.form(
            self.card.name, epsilon=epsilon, rho=rho, purpose=purpose, agreement=agreement
        )
        return Submission(self.session, form)

    @property
    def _query(self) -> Query:
        return Query(self.session, Question(dataset=self.card.name))
