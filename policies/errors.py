"""What is wrong with a policy document: every fault with its clause and its place."""

from dataclasses import dataclass

from policies.clause import Path

MAX_SHOWN = 64
"""Characters of one name in a path; an absurd name would bury the message."""


@dataclass(frozen=True, slots=True)
class PolicyError:
    """One fault in a document."""

    code: str
    """Stable and dotted, for programs: `policy.unknown_clause`, `policy.floor`."""
    clause: str
    """Dotted path: `columns.age.bounds.0`; empty for the whole document."""
    message: str
    """What is wrong and what to write instead, in one sentence."""
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1, in characters."""
    file: str | None = None

    def __str__(self) -> str:
        """Write the fault the way compilers do: `file:line:column: clause: message`."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return ": ".join(part for part in (place, self.clause, self.message) if part)


class PolicyErrors(Exception):
    """The document is no policy; `errors` lists every fault, in the order of their lines."""

    def __init__(self, errors: tuple[PolicyError, ...]) -> None:
        """Keep the faults; the text has one line for each."""
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


class Unreadable(PolicyErrors):
    """Reading stopped at an error, so whatever stands behind it is not listed."""

    def __init__(self, code: str, message: str, line: int = 1, column: int = 1) -> None:
        """Keep the one error; it belongs to the document as a whole."""
        super().__init__((PolicyError(code, "", message, line, column),))


def dotted(path: Path) -> str:
    """Write a path for people, with overlong names cut."""
    return ".".join(str(step)[:MAX_SHOWN] for step in path)
