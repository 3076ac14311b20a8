"""Rehearse: a program runs over invented rows, in the same kind of box, and all it says is told."""

from sandbox.flow.authorise import demand
from sandbox.flow.fill import find_dataset
from sandbox.flow.lane import require_lane
from sandbox.flow.site import Site
from sandbox.flow.submit_algorithm import algorithm_of
from sandbox.model.algorithm import Algorithm
from sandbox.model.principal import Principal
from sandbox.model.rehearsal import Rehearsal
from sandbox.model.verb import Verb
from sandbox.query.mock import MAX_MOCK_ROWS, mock_table
from sandbox.query.schema import schema_of
from sandbox.wire import AlgorithmForm, MockBlock, MockRun

BLOCKS = 2
"""Blocks of a rehearsal: a second one shows whether the first was luck."""
USUAL_ROWS = 500
"""Rows of a block where the owner has published no size."""
SEED = 0


def rehearse(site: Site, researcher: Principal, form: AlgorithmForm) -> MockRun:
    """Run a program over blocks as large as the real ones would be, of invented rows.

    Raises:
        BadInput, NotFound, NotPermitted: the form is malformed, or not a researcher's.
        Unavailable: this site cannot hold programs, or not now.
    """
    demand(researcher, Verb.EXPLAIN)
    with site.books.read() as page:
        dataset = find_dataset(page, form.dataset)
    schema = schema_of(dataset.policy)
    algorithm = algorithm_of(form, dataset, schema)
    lane = require_lane(site)
    size = dataset.policy.metadata.size
    rows = max(1, size.rows // algorithm.blocks) if size else USUAL_ROWS
    table = mock_table(schema, min(BLOCKS * rows, MAX_MOCK_ROWS), SEED)
    found = lane.rehearse(algorithm, schema, table.columns)
    people = len(set(table.columns[schema.unit]))
    return MockRun(tuple(_shown(algorithm, each) for each in found), people // BLOCKS)


def _shown(algorithm: Algorithm, block: Rehearsal) -> MockBlock:
    names = [output.name for output in algorithm.program.outputs]
    return MockBlock(
        values=dict(zip(names, block.values, strict=True)),
        usable=block.usable,
        seconds=block.seconds,
        said=block.said,
    )
