"""A small schema with two categories and two numbers, at most 3 rows a person."""

from fractions import Fraction

from sandbox.model.names import ColumnName
from sandbox.model.schema import Column, Lattice, Schema

ALL_USES = frozenset({"group", "filter", "measure"})
SCHEMA = Schema(
    unit=ColumnName("person"),
    max_rows=3,
    columns=(
        Column(ColumnName("site"), ALL_USES, keys=("a", "b", "c")),
        Column(ColumnName("sex"), ALL_USES, keys=("f", "m")),
        Column(ColumnName("age"), ALL_USES, lattice=Lattice(0, 9, Fraction(1))),
        Column(ColumnName("pay"), ALL_USES, lattice=Lattice(-20, 50, Fraction(1, 2))),
    ),
)
