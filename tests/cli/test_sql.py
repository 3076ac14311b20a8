"""What `datarange sql` teaches is true: its examples compile, and its words are the compiler's."""

from fractions import Fraction

import pytest
from typer.testing import CliRunner

from sandbox.cli import sql_texts as texts
from sandbox.cli.main import app
from sandbox.model.day import day_of
from sandbox.model.names import ColumnName
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.query.compile import compile_question
from sandbox.query.refused import refused_token
from sandbox.query.tokens import read_source
from sandbox.query.wording import CALLS
from sandbox.wire import Question

USES = frozenset({"group", "filter", "measure"})


def _number(name: str, low: int, high: int, *, days: bool = False) -> Column:
    return Column(ColumnName(name), USES, lattice=Lattice(low, high, Fraction(1), days))


SCHEMA = Schema(
    ColumnName("person"),
    5,
    (
        Column(ColumnName("site"), USES, keys=("north", "south")),
        Column(ColumnName("kind"), USES, keys=("三级甲等", "三级乙等", "二级")),
        _number("age", 0, 99),
        _number("cost", 0, 20_000),
        _number("月份", 1, 12),
        _number("visited", day_of("2015-01-01"), day_of("2020-12-31"), days=True),
        _number("paid", day_of("2015-01-01"), day_of("2021-12-31"), days=True),
    ),
)


@pytest.mark.parametrize("example", [one for _, one in texts.EXAMPLES])
def test_every_example_compiles(example: str) -> None:
    assert compile_question(Question("town/clinic", sql=example), SCHEMA).measures


@pytest.mark.parametrize("call", sorted(CALLS))
def test_every_function_that_is_let_through_is_known(call: str) -> None:
    tokens = read_source(f"{call}(age)").tokens
    assert refused_token(tokens[0], tokens[1]) is None


@pytest.mark.parametrize(
    ("locale", "word"), [("C.UTF-8", "Age groups"), ("zh_CN.UTF-8", "年龄分组")]
)
def test_the_lesson_is_printed_in_the_language_of_the_reader(locale: str, word: str) -> None:
    printed = CliRunner(env={"LANG": locale, "COLUMNS": "200"}).invoke(app, ["sql"])
    assert printed.exit_code == 0
    assert word in printed.output
    for _, example in texts.EXAMPLES:
        assert example.split("FROM")[0] in printed.output


def test_help_is_the_lesson() -> None:
    printed = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["sql", "--help"])
    assert printed.exit_code == 0
    assert "GROUP BY site" in printed.output
