"""A job that could not be run whatever the rows are is refused before anything is started."""

import json

import pytest

from sandbox.errors import BadInput
from sandbox.isolation.job import packed
from sandbox.model.output import MAX_VALUES, Output
from sandbox.model.program import MAX_MODULES, MAX_SOURCE, Frame, Program

ONE = (Output("a", 0, 1),)
THREE = Output("a", 0.125, 0.75, (3,), default=0.5)


@pytest.mark.parametrize(
    ("modules", "entry", "outputs", "code"),
    [
        ({"m": ""}, ("n", "f"), ONE, "job.entry"),
        ({"m.": ""}, ("m.", "f"), ONE, "job.name"),
        ({"../m": ""}, ("../m", "f"), ONE, "job.name"),
        ({"class": ""}, ("class", "f"), ONE, "job.name"),
        ({"m": ""}, ("m", "f.g"), ONE, "job.name"),
        ({"m": "x" * (MAX_SOURCE + 1)}, ("m", "f"), ONE, "job.size"),
        ({f"m{n}": "" for n in range(MAX_MODULES + 1)}, ("m0", "f"), ONE, "job.size"),
        ({"m": ""}, ("m", "f"), (), "job.outputs"),
        ({"m": ""}, ("m", "f"), ONE * 2, "job.outputs"),
        (
            {"m": ""},
            ("m", "f"),
            (Output("a", 0, 1, (MAX_VALUES,)), Output("b", 0, 1)),
            "job.outputs",
        ),
    ],
)
def test_a_job_that_cannot_be_run_is_refused(
    modules: dict[str, str], entry: tuple[str, str], outputs: tuple[Output, ...], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        Program(modules, entry, outputs)
    assert refused.value.code == code


def test_a_packed_job_says_neither_ranges_nor_defaults() -> None:
    job = Program({"m": "é"}, ("m", "f"), (THREE,), Frame.PANDAS)
    told = packed(job, b"rows")
    size = int.from_bytes(told[:8], "big")
    assert told[8 + size :] == b"rows"
    assert json.loads(told[8 : 8 + size]) == {
        "modules": {"m": "é"},
        "entry": ["m", "f"],
        "frame": "pandas",
        "outputs": [["a", 3]],
    }
