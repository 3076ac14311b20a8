"""A plan's name: the SHA-256 of its canonical JSON, so equal questions have equal names."""

from hashlib import sha256
from typing import Any

import rfc8785

from sandbox.model.algorithm import Algorithm
from sandbox.model.cost import text
from sandbox.model.names import Digest
from sandbox.model.plan import And, Between, IsIn, IsNull, Not, Or, Plan, Predicate
from sandbox.model.submission import Priced, PricedAlgorithm, PricedPlan


def plan_json(plan: Plan) -> dict[str, Any]:
    """Write a plan as JSON of text, integers, lists and maps; `filtered` follows from `where`."""
    return {
        "dataset": plan.dataset,
        "where": None if plan.where is None else predicate_json(plan.where),
        "group_by": list(plan.group_by),
        "measures": [
            {"name": measure.name, "kind": str(measure.kind), "column": measure.column}
            for measure in plan.measures
        ],
    }


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
