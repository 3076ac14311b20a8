"""Person numbers: equal people are equal, and a number says nothing about who it is."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.engines.people import DIGEST
from sandbox.errors import BadInput, Place
from sandbox.model.names import ColumnName
from tests.support.numbered import numbered_people

UNIT = ColumnName("zper")
KEY = b"key of one source"

names = st.lists(st.integers(0, 30).map(str), min_size=1)


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([125024.0, 7.0, 125024.0]),
        pl.Series(["125024", "7", "125024"]),
        pl.Series(["125024.0", " 7.0", "125024 "]),
    ],
    ids=["float", "text", "loose-text"],
)
def test_one_person_has_one_hash_in_every_form_of_file(values: pl.Series) -> None:
    integers = numbered_people(pl.Series([125024, 7, 125024]), UNIT, KEY)
    other = numbered_people(values, UNIT, KEY)
    assert other.hashes.to_list() == integers.hashes.to_list()
    assert other.numbers.to_list() == integers.numbers.to_list()


@given(names)
def test_numbers_are_dense_and_tell_people_apart(people: list[str]) -> None:
    numbered = numbered_people(pl.Series(people), UNIT, KEY)
    pairs = set(zip(people, numbered.numbers.to_list(), strict=True))
    assert len(pairs) == len(set(people)) == len(numbered.hashes)
    assert {number for _, number in pairs} == set(range(len(pairs)))
    assert all(len(digest) == DIGEST for digest in numbered.hashes)


@given(names)
def test_numbers_do_not_depend_on_the_file_s_order(people: list[str]) -> None:
    turned = list(reversed(people))
    there = numbered_people(pl.Series(people), UNIT, KEY).numbers.to_list()
    back = numbered_people(pl.Series(turned), UNIT, KEY).numbers.to_list()
    assert there == list(reversed(back))


def test_another_key_gives_other_hashes() -> None:
    people = pl.Series(["a", "b", "c"])
    one = numbered_people(people, UNIT, KEY).hashes.to_list()
    other = numbered_people(people, UNIT, b"another").hashes.to_list()
    assert not set(one) & set(other)


@pytest.mark.parametrize(
    "values",
    [
        pl.Series(["a", "b", "", None]),
        pl.Series(["a", "b", "  "]),
        pl.Series([1, 2, None]),
        pl.Series([1.0, 2.0, float("nan")]),
    ],
    ids=["empty", "blank", "null", "nan"],
)
def test_a_row_of_nobody_is_refused_by_its_number(values: pl.Series) -> None:
    with pytest.raises(BadInput) as refused:
        numbered_people(values, UNIT, KEY)
    assert refused.value.code == "ingest.null_person"
    assert refused.value.place == Place(row=3, clause="privacy.unit")
