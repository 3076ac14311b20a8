"""How an answer shows itself: as a table, in a line, and safely in a notebook."""

import json
from dataclasses import asdict

import polars as pl

from sandbox.client.answer import MAX_SHOWN, Answer, answer_of
from sandbox.wire import Answer as AnswerMessage
from sandbox.wire import AnswerColumn, CostMessage, Receipt, Released

HOSTILE = "<script>alert(1)</script>"


def answered(*columns: AnswerColumn) -> Answer:
    message = AnswerMessage(
        submission="s",
        dataset="town/clinic",
        snapshot="n",
        agreement="a",
        plan_digest="d",
        cost=CostMessage("0.5", "0.000000001", "0.004", "zcdp", "0.004"),
        columns=columns,
        noise=(),
    )
    released = Released(message, Receipt(0, 1, "{}", (), "checkpoint"))
    return answer_of(json.dumps(asdict(released)).encode(), "key")


def test_a_table_keeps_names_order_types_and_gaps() -> None:
    answer = answered(
        AnswerColumn("site", "key", ("north", None)),
        AnswerColumn("n", "estimate", (3, -1)),
        AnswerColumn("mean", "estimate", (1.5, None)),
    )
    expected = pl.DataFrame({"site": ["north", None], "n": [3, -1], "mean": [1.5, None]})
    assert answer.table.equals(expected)


def test_a_mean_that_happens_to_be_whole_stays_in_its_column() -> None:
    answer = answered(AnswerColumn("mean", "estimate", (2, 1.5)))
    assert answer.table["mean"].to_list() == [2.0, 1.5]


def test_an_answer_says_itself_in_a_line() -> None:
    answer = answered(AnswerColumn("n", "estimate", (1, 2)))
    assert repr(answer) == "<Answer from town/clinic: 2 rows of n; epsilon 0.5>"
    assert repr(answered()).startswith("<Answer from town/clinic: 0 rows")


def test_a_notebook_shows_hostile_names_as_text() -> None:
    answer = answered(AnswerColumn(HOSTILE, "key", (HOSTILE, None)))
    shown = answer._repr_html_()
    assert HOSTILE not in shown
    assert shown.count("&lt;script&gt;") == 3


def test_a_notebook_is_not_flooded() -> None:
    shown = answered(AnswerColumn("n", "estimate", tuple(range(10_000))))._repr_html_()
    assert shown.count("<tr>") == MAX_SHOWN + 1
