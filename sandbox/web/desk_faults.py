"""What a desk says of a refusal, in the reader's language, field by field."""

from dataclasses import dataclass

from sandbox.chinese import sentence_of
from sandbox.errors import DataRangeError, NotPermitted


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and the field that it is wrong in, if any."""

    field: str
    text: str


def faults_of(error: DataRangeError, *, chinese: bool) -> tuple[Fault, ...]:
    """Say everything that is wrong."""
    if isinstance(error, NotPermitted) and error.reasons:
        return tuple(Fault("", one.message_zh if chinese else one.message) for one in error.reasons)
    if error.code in {"application.incomplete", "assessment.incomplete"}:
        form = error.code.partition(".")[0]
        lines = (line.partition(": ") for line in error.message.split("\n"))
        return tuple(_fault(name, f"{form}.{name}", text, chinese) for name, _, text in lines)
    field = (error.place.clause if error.place else None) or ""
    return (_fault(field, error.code, error.message, chinese),)


def _fault(field: str, code: str, text: str, chinese: bool) -> Fault:  # noqa: FBT001  (as above)
    """Say what is wrong with a field, in Chinese by its code."""
    return Fault(field, (sentence_of(code) if chinese else "") or text)
