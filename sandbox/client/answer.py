"""A released answer: its table, its cost, its bytes, and its proof."""

from dataclasses import dataclass, field
from html import escape
from typing import Any

from sandbox.client.outputs import nested
from sandbox.client.receipt import Receipt
from sandbox.client.replies import message_of
from sandbox.wire import AnswerColumn, CostMessage, Released

MAX_SHOWN = 200
"""Rows that a notebook shows; `table` has them all."""


def answer_of(raw: bytes, ledger_key: str) -> "Answer":
    """Read the bytes that a site released.

    Raises:
        Unavailable: code `site.foreign_answer`; they are no released answer.
    """
    released = message_of(Released, raw)
    return Answer(raw=raw, released=released, receipt=Receipt(released.receipt, raw, ledger_key))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out of the one door, with its receipt."""

    raw: bytes = field(repr=False)
    """The site's reply, byte for byte; equal questions get equal bytes."""
    released: Released
    receipt: Receipt

    @property
    def id(self) -> str:
        """Name of the submission, to collect the answer by again."""
        return self.released.answer.submission

    @property
    def cost(self) -> CostMessage:
        """What the answer cost, in all columns."""
        return self.released.answer.cost

    @property
    def columns(self) -> tuple[AnswerColumn, ...]:
        """Keys, estimates and their 95 % half-widths."""
        return self.released.answer.columns

    @property
    def table(self) -> Any:  # noqa: ANN401  (a polars.DataFrame)
        """The columns as a polars DataFrame."""
        import polars as pl  # noqa: PLC0415  (slow to load, and not every notebook wants a table)

        values = {column.name: list(column.values) for column in self.columns}
        return pl.DataFrame(values, strict=False)

    @property
    def outputs(self) -> dict[str, Any]:
        """An algorithm's outputs by name: numbers, and lists of lists for arrays and tables.

        Empty for a question's answer; see `table` and `columns`.
        """
        return nested(self.columns, "estimate")

    @property
    def half_widths(self) -> dict[str, Any]:
        """The 95 % half-width of each of an algorithm's outputs, laid out alike; None for medians.

        It is that of the noise around what the blocks gave, and says nothing of the blocks' own
        error.
        """
        return nested(self.columns, "half_width")

    def __repr__(self) -> str:
        """Say what was asked of what, and how large the table is."""
        names = ", ".join(column.name for column in self.columns)
        rows = len(self.columns[0].values) if self.columns else 0
        dataset = self.released.answer.dataset
        return f"<Answer from {dataset}: {rows} rows of {names}; epsilon {self.cost.epsilon}>"

    def _repr_html_(self) -> str:
        """Show the table in a notebook; every text in it is escaped."""
        head = "".join(f"<th scope=col>{escape(column.name)}</th>" for column in self.columns)
        rows = zip(*(column.values[:MAX_SHOWN] for column in self.columns), strict=True)
        body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
        return (
            f"<table><caption>{escape(repr(self))}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _cell(value: str | float | None) -> str:
    shown = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"<td>{escape(shown)}</td>"
