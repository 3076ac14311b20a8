"""How values of the model lie in the books: as JSON that reads back exactly.

Fractions, dates and bytes become text (`3/8`, ISO 8601, base64), so nothing passes through a float.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import GenericAlias
from typing import Generic, Protocol, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from policies.errors import PolicyErrors
from policies.load import load_policy
from policies.schema import Policy
from sandbox.errors import Unavailable
from sandbox.model.dataset import Dataset, Snapshot
from sandbox.model.names import DatasetName, Digest, PrincipalName, SourceName

V = TypeVar("V")

CACHED_POLICIES = 64
"""Policies kept parsed: every request reads its dataset, and YAML is slow to read."""


class Codec(Protocol[V]):
    """Turns values of one kind into documents and back."""

    def encode(self, value: V) -> str:
        """Write a document."""
        ...

    def decode(self, document: str) -> V:
        """Read a document."""
        ...


class JsonCodec(Generic[V]):
    """A value as JSON, in a list of one.

    The list is there because pydantic takes settings (bytes as base64) for a tuple but not for a
    plain dataclass, and the model shall not depend on pydantic.
    """

    def __init__(self, kind: type[V]) -> None:
        """Prepare for values of one kind."""
        listed = cast("type[tuple[V]]", GenericAlias(tuple, (kind,)))
        self._adapter = TypeAdapter(
            listed, config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
        )

    def encode(self, value: V) -> str:
        """Write a document."""
        return self._adapter.dump_json((value,)).decode()

    def decode(self, document: str) -> V:
        """Read a document.

        Raises:
            Unavailable: it was not written by this product, or was damaged. The cause is left
                out, since it would quote the document.
        """
        try:
            return self._adapter.validate_json(document)[0]
        except ValidationError:
            raise Unavailable(
                "The books hold a record that cannot be read", code="books.unavailable"
            ) from None


@dataclass(frozen=True, slots=True)
class _Listing:
    """A dataset without its parsed policy, which follows from the text."""

    name: DatasetName
    source: SourceName
    owner: PrincipalName
    policy_digest: Digest
    policy_text: str
    snapshot: Snapshot
    version: int = 0


class DatasetCodec:
    """A dataset by its policy's text, which is what the owner stands for, and not by our parse."""

    def __init__(self) -> None:
        """Prepare."""
        self._json = JsonCodec(_Listing)

    def encode(self, value: Dataset) -> str:
        """Write a document."""
        return self._json.encode(
            _Listing(
                name=value.name,
                source=value.source,
                owner=value.owner,
                policy_digest=value.policy_digest,
                policy_text=value.policy_text,
                snapshot=value.snapshot,
                version=value.version,
            )
        )

    def owner(self, document: str) -> PrincipalName:
        """Read whose a dataset is, and nothing of its policy."""
        return self._json.decode(document).owner

    def decode(self, document: str) -> Dataset:
        """Read a document and the policy in it."""
        listing = self._json.decode(document)
        return Dataset(
            name=listing.name,
            source=listing.source,
            owner=listing.owner,
            policy=_policy(listing.policy_text),
            policy_digest=listing.policy_digest,
            policy_text=listing.policy_text,
            snapshot=listing.snapshot,
            version=listing.version,
        )


@lru_cache(maxsize=CACHED_POLICIES)
def _policy(text: str) -> Policy:
    """Parse a policy that was valid when it was listed.

    Raises:
        Unavailable: this version reads policies more strictly than the one that listed it.
    """
    try:
        return load_policy(text)
    except PolicyErrors as cause:
        raise Unavailable(
            "The books hold a policy that this version cannot read", code="books.unavailable"
        ) from cause
