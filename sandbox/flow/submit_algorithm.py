"""Submit an algorithm: a stranger's program becomes a priced submission; nothing is read or run."""

from enum import StrEnum
from fractions import Fraction
from typing import NoReturn, TypeVar

from policies.ask import Ask, ColumnUse
from policies.lanes import AlgorithmLane
from policies.schema import Policy
from sandbox.errors import BadInput, Place
from sandbox.flow.authorise import demand
from sandbox.flow.fill import find_dataset
from sandbox.flow.site import Site
from sandbox.flow.strictest import policies_beside
from sandbox.flow.submit import Submitted, offered, paying_agreement, purpose_as_written
from sandbox.model.algorithm import Algorithm
from sandbox.model.cost import fraction
from sandbox.model.dataset import Dataset
from sandbox.model.names import ColumnName
from sandbox.model.output import Output, Statistic
from sandbox.model.principal import Principal
from sandbox.model.program import Frame, Program
from sandbox.model.schema import Schema
from sandbox.model.verb import Verb
from sandbox.privacy.price import price_algorithm
from sandbox.query.schema import schema_of
from sandbox.wire import AlgorithmForm, OutputForm

E = TypeVar("E", bound=StrEnum)

LANE = "algorithm"
USE = "algorithm"
"""What a program does with a column: the policy opens a column for anything or for nothing."""
USUAL_SECONDS = Fraction(2)
"""What a block takes if the researcher names no time and the policy grants as much."""
MAX_NAME = 128
LEAST_SECONDS = Fraction(1, 20)
GOOD_BLOCK = 30
"""People of a block that the usual number of blocks leaves, where the owner says how many are."""
USUAL_MEMORY = 2**30
USUAL_BLOCKS = 100
"""Where the owner has published no size, as far as the policy grants as many."""


def submit_algorithm(site: Site, researcher: Principal, form: AlgorithmForm) -> Submitted:
    """Read and price an algorithm.

    Raises:
        BadInput: the form is malformed, or its price absurd.
        NotFound: no such dataset, or no such agreement of this researcher's.
        NotPermitted: not a researcher.
    """
    demand(researcher, Verb.ASK)
    received = site.clock.now()
    with site.books.read() as page:
        dataset = find_dataset(page, form.dataset)
    schema = schema_of(dataset.policy)
    closed = _closed_columns(form, dataset.policy)
    algorithm = algorithm_of(form, dataset, schema)
    paid = offered(dataset, form)
    with site.books.read() as page:
        agreement = paying_agreement(page, researcher, form, received)
        beside = policies_beside(page, agreement) if agreement else ()
    agreed = agreement.clauses.purpose if agreement else ""
    ask = Ask(
        dataset=dataset.name,
        lane=LANE,
        purpose=agreed if form.purpose is None else purpose_as_written(form.purpose),
        today=received.date(),
        columns=tuple(ColumnUse(name, USE) for name in (*algorithm.columns, *closed)),
        epsilon=paid.epsilon,
        charge=paid.cost.spent_under(paid.accounting),
        blocks=algorithm.blocks,
        seconds=algorithm.seconds,
    )
    return Submitted(
        researcher=researcher,
        pseudonym=site.pseudonyms.of(researcher.name),
        dataset=dataset,
        agreement=agreement,
        emergency=None,
        question=form,
        ask=ask,
        received=received,
        beside=beside,
        priced=None if closed else price_algorithm(algorithm, schema, paid),
    )


def algorithm_of(form: AlgorithmForm, dataset: Dataset, schema: Schema) -> Algorithm:
    """Read what is to be run, and fill in by public numbers what the form leaves open.

    Raises:
        BadInput: the program could not be run whatever the rows are, or a number is none.
    """
    lane = dataset.policy.lanes.algorithm
    return Algorithm(
        dataset=dataset.name,
        program=_program(form),
        columns=_columns(form, schema),
        blocks=_blocks(form, dataset.policy, lane),
        seconds=_seconds(form, lane),
        memory=lane.memory if lane else USUAL_MEMORY,
    )


def _program(form: AlgorithmForm) -> Program:
    return Program(
        modules=form.modules,
        entry=(form.module, form.function),
        outputs=tuple(map(_output, form.outputs)),
        frame=_one_of(Frame, form.frame, "frame"),
    )


def _output(form: OutputForm) -> Output:
    return Output(
        name=form.name,
        low=float(form.low),
        high=float(form.high),
        shape=form.shape,
        default=form.default,
        statistic=_one_of(Statistic, form.statistic, "outputs.statistic"),
    )


def _columns(form: AlgorithmForm, schema: Schema) -> tuple[ColumnName, ...]:
    """Give the open columns that are wanted, in the schema's order; left out, all."""
    wanted = set(form.columns)
    return tuple(column.name for column in schema.columns if not wanted or column.name in wanted)


def _closed_columns(form: AlgorithmForm, policy: Policy) -> tuple[str, ...]:
    """Give the wanted columns that no program gets; what the policy says of them is its own."""
    if any(len(name) > MAX_NAME for name in form.columns):
        _refuse(f"A column's name has at most {MAX_NAME} characters", "columns")
    clauses = policy.columns
    shut = (name for name in form.columns if name not in clauses or not clauses[name].is_open)
    return tuple(dict.fromkeys(shut))


def _blocks(form: AlgorithmForm, policy: Policy, lane: AlgorithmLane | None) -> int:
    if form.blocks is not None:
        if form.blocks < 1:
            _refuse("A program is run over one block at least", "blocks")
        return form.blocks
    size = policy.metadata.size
    usual = size.people // GOOD_BLOCK if size and size.people else USUAL_BLOCKS
    return min(max(usual, lane.blocks.min), lane.blocks.max) if lane else USUAL_BLOCKS


def _seconds(form: AlgorithmForm, lane: AlgorithmLane | None) -> Fraction:
    if form.seconds is None:
        return min(USUAL_SECONDS, lane.time) if lane else USUAL_SECONDS
    seconds = fraction(form.seconds, "seconds")
    if seconds < LEAST_SECONDS:
        _refuse(f"A block takes {float(LEAST_SECONDS)} seconds at least", "seconds")
    return seconds


def _one_of(kind: type[E], written: str, clause: str) -> E:
    try:
        return kind(written)
    except ValueError:
        known = ", ".join(kind)
        _refuse(f"Write one of {known}", clause)


def _refuse(message: str, clause: str) -> NoReturn:
    raise BadInput(message, code="algorithm.malformed", place=Place(clause=clause))
