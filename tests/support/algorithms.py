"""Algorithms whose program nobody runs: outputs over so many blocks."""

from fractions import Fraction

from sandbox.model.algorithm import Algorithm
from sandbox.model.names import ColumnName, DatasetName
from sandbox.model.output import Output, Statistic
from sandbox.model.program import Program


def algorithm(*outputs: Output, blocks: int = 40) -> Algorithm:
    program = Program({"main": "def f(rows): ..."}, ("main", "f"), outputs)
    return Algorithm(
        DatasetName("a/b"), program, (ColumnName("pay"),), blocks, Fraction(1), memory=2**28
    )


def mean(name: str = "mean", *shape: int) -> Output:
    return Output(name, -500, 500, shape)


def median(name: str = "median", *shape: int) -> Output:
    return Output(name, 0, 1, shape, statistic=Statistic.MEDIAN)
