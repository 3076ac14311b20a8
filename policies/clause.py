"""What every clause of a policy shares: frozen, no unknown keys, faults that know their place."""

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Path = tuple[str | int, ...]
"""Where a clause stands below another: `("budget", "epsilon")`, `("keys", 3)`."""


class Clause(BaseModel):
    """One mapping of the document; it can neither grow nor change once it is read."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class Fault(PydanticCustomError):
    """What is wrong with one clause, under a stable dotted code."""

    def __new__(cls, code: str, message: str) -> Self:
        """Make a fault whose message is taken as it is, braces included."""
        return super().__new__(cls, code, "{message}", {"message": message})


def fail(faults: dict[Path, Fault]) -> None:
    """Raise all faults at once, each at its path below the clause being validated.

    A validator that raises them itself would have to stop at the first, and could only point at
    the whole clause.

    Raises:
        ValidationError: there is at least one fault.
    """
    details = [InitErrorDetails(type=fault, loc=path, input=None) for path, fault in faults.items()]
    if details:
        error = ValidationError.from_exception_data("policy", details, hide_input=True)
        raise error
