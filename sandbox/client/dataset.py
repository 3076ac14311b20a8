"""One dataset of a site: its card, mock rows to develop on, and questions."""

from dataclasses import dataclass
from typing import Any

from sandbox.client.answer import Answer
from sandbox.client.connection import segment
from sandbox.client.price import Number, wire_number
from sandbox.client.query import Query
from sandbox.client.session import Session
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
        return pl.DataFrame(table.columns, strict=False)

    def where(self, *conditions: str) -> Query:
        """Begin a question with SQL conditions that must all hold."""
        return self._query.where(*conditions)

    def group_by(self, *names: str) -> Query:
        """Begin a question with columns to group by."""
        return self._query.group_by(*names)

    def measure(self, *measures: MeasureMessage) -> Query:
        """Begin a question with what to ask of all rows."""
        return self._query.measure(*measures)

    def sql(
        self,
        text: str,
        *,
        epsilon: Number | None = None,
        rho: Number | None = None,
        purpose: str | None = None,
        agreement: str | None = None,
        emergency: str | None = None,
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
        )
        return self.session.release(question)

    @property
    def _query(self) -> Query:
        return Query(self.session, Question(dataset=self.card.name))
