"""A plan's name: the SHA-256 of its canonical JSON, so equal questions have equal names."""

from dataclasses import fields
from hashlib import sha256
from typing import Any

import rfc8785

from sandbox.model.algorithm import Algorithm
from sandbox.model.cost import text
from sandbox.model.names import Digest
from sandbox.model.plan import Derived, Measure, PersonStep, Plan
from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate
from sandbox.model.schema import Column
from sandbox.model.submission import Priced, PricedAlgorithm, PricedPlan


def plan_json(plan: Plan) -> dict[str, Any]:
    """Write a plan as JSON of text, integers, lists and maps; `filtered` follows from `where`.

    What a plan lacks is left out, so that a plain question keeps its name when plans learn more.
    """
    further = {
        "people": plan.people and _people_json(plan.people),
        "derived": [_derived_json(one) for one in plan.derived],
        "headings": list(plan.headings),
    }
    return {
        "dataset": plan.dataset,
        "where": None if plan.where is None else predicate_json(plan.where),
        "group_by": list(plan.group_by),
        "measures": [_measure_json(measure) for measure in plan.measures],
        **{name: value for name, value in further.items() if value},
    }


def value_json(value: Any) -> Any:  # noqa: ANN401  (what JSON is made of)
    """Write a derived value as JSON: a list of its kind and its fields in order.

    Integers are text, for they may be greater than those of I-JSON.
    """
    match value:
        case Between() | IsIn() | IsNull() | Not() | And() | Or():
            return predicate_json(value)
        case tuple():
            return [value_json(one) for one in value]
        case int() | str():
            return str(value)
        case None:
            return None
        case _:
            parts = (value_json(getattr(value, field.name)) for field in fields(value))
            return [type(value).__name__.lower(), *parts]


def predicate_json(predicate: Predicate) -> dict[str, Any]:
    """Write a predicate as JSON, tagged by `is`."""
    match predicate:
        case Between(column, low, high):
            return {"is": "between", "column": column, "low": low, "high": high}
        case IsIn(column, codes):
            return {"is": "in", "column": column, "codes": list(codes)}
        case IsNull(column):
            return {"is": "null", "column": column}
        case Not(operand):
            return {"is": "not", "operand": predicate_json(operand)}
        case And(operands) | Or(operands):
            kind = "and" if isinstance(predicate, And) else "or"
            return {"is": kind, "operands": [predicate_json(operand) for operand in operands]}


def _measure_json(measure: Measure) -> dict[str, Any]:
    further = {"others": list(measure.others), "at": [text(share) for share in measure.at]}
    return {
        "name": measure.name,
        "kind": str(measure.kind),
        "column": measure.column,
        **{name: value for name, value in further.items() if value},
    }


def _derived_json(derived: Derived) -> dict[str, Any]:
    return {"column": _column_json(derived.column), "value": value_json(derived.value)}


def _people_json(step: PersonStep) -> dict[str, Any]:
    return {
        "derived": [_derived_json(one) for one in step.derived],
        "where": None if step.where is None else predicate_json(step.where),
        "columns": [
            {"column": _column_json(one.column), "kind": str(one.kind), "of": one.of}
            for one in step.columns
        ],
    }


def _column_json(column: Column) -> dict[str, Any]:
    """Write what a derived column is called and what its integers mean."""
    if column.lattice is None:
        return {"name": column.name, "keys": list(column.keys)}
    low, high, resolution = column.lattice.low, column.lattice.high, column.lattice.resolution
    days = {"days": True} if column.lattice.days else {}
    return {"name": column.name, "low": low, "high": high, "resolution": text(resolution), **days}


def digest_of(priced: Priced) -> Digest:
    """Name whatever was asked.

    Raises:
        TypeError: it is nothing that can be asked.
    """
    match priced:
        case PricedPlan(plan=plan):
            return digest(plan)
        case PricedAlgorithm(algorithm=algorithm):
            return algorithm_digest(algorithm)
        case _:
            raise TypeError("nobody knows what was asked")


def algorithm_json(algorithm: Algorithm) -> dict[str, Any]:
    """Write an algorithm as JSON of text, integers, lists and maps; doubles in hexadecimal."""
    program = algorithm.program
    return {
        "dataset": algorithm.dataset,
        "modules": dict(program.modules),
        "entry": list(program.entry),
        "frame": str(program.frame),
        "outputs": [
            {
                "name": output.name,
                "low": output.low.hex(),
                "high": output.high.hex(),
                "shape": list(output.shape),
                "default": output.stand_in.hex(),
                "statistic": str(output.statistic),
            }
            for output in program.outputs
        ],
        "columns": list(algorithm.columns),
        "blocks": algorithm.blocks,
        "seconds": text(algorithm.seconds),
        "memory": algorithm.memory,
    }


def algorithm_digest(algorithm: Algorithm) -> Digest:
    """Give the SHA-256 of the algorithm's RFC 8785 JSON in hexadecimal."""
    return Digest(sha256(rfc8785.dumps(algorithm_json(algorithm))).hexdigest())


def digest(plan: Plan) -> Digest:
    """Give the SHA-256 of the plan's RFC 8785 JSON in hexadecimal."""
    return Digest(sha256(rfc8785.dumps(plan_json(plan))).hexdigest())
