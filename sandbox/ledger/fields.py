"""Fields of a document that came from somewhere: typed and strict; what is misshapen is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Never, TypeVar

from sandbox.errors import BadInput, Place
from sandbox.ledger.canonical import from_base64, parse, to_base64
from sandbox.ledger.records import Record, read
from sandbox.ledger.tree import HASH

MAX_PROOF = 63
"""Hashes of an audit path in the largest log."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fields:
    """A document of one kind, which its refusals name: `receipt.malformed`, at `receipt.proof`."""

    document: Mapping[str, Any]
    kind: str
    inside: str = ""
    """Where in the document this stands, dotted."""

    def value(self, name: str, kind: type[T]) -> T:
        """Give a field of exactly this type; a boolean is no number here."""
        value = self.document.get(name)
        if type(value) is not kind:
            self.refuse(name)
        return value

    def part(self, name: str) -> "Fields":
        """Give the fields of an object in the document."""
        return Fields(self.value(name, dict), self.kind, f"{self.inside}{name}.")

    def entry(self) -> bytes:
        """Give an entry's bytes."""
        try:
            return self.value("entry", str).encode()
        except UnicodeEncodeError:
            self.refuse("entry")

    def record(self) -> Record | None:
        """Read the entry; None if it is none that is known."""
        try:
            parsed = parse(self.entry())
            return read(parsed) if isinstance(parsed, dict) else None
        except BadInput:
            return None

    def proof(self) -> tuple[bytes, ...]:
        """Give an audit path."""
        steps = self.document.get("proof")
        if not isinstance(steps, list | tuple) or len(steps) > MAX_PROOF:
            self.refuse("proof")
        return tuple(self._hash(step) for step in steps)

    def refuse(self, name: str) -> Never:
        """Stop at a field.

        Raises:
            BadInput: code `<kind>.malformed`.
        """
        raise BadInput(
            f"Not a {self.kind}",
            code=f"{self.kind}.malformed",
            place=Place(clause=f"{self.kind}.{self.inside}{name}"),
        )

    def _hash(self, step: object) -> bytes:
        if not isinstance(step, str) or len(step) != len(to_base64(bytes(HASH))):
            self.refuse("proof")
        try:
            return from_base64(step)
        except BadInput:
            self.refuse("proof")
