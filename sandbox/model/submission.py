"""A submission's life: compiled, reserved, released. Order is held by types.

Only `sandbox.flow.reserve` makes a `Reservation`, engines demand one, and only
`sandbox.privacy.door` makes a `Measurement`; `tests/shape` keeps it so.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sandbox.model.algorithm import Algorithm
from sandbox.model.bounded_sum import Sensitivity
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.names import AgreementId, PrincipalName, SnapshotId, SubmissionId
from sandbox.model.path import Route
from sandbox.model.plan import Part, Plan
from sandbox.model.schema import Schema


class NoiseKind(StrEnum):
    """How the door hides a vector: two distributions that it adds, two ways to select; OpenDP's."""

    GAUSSIAN = "discrete_gaussian"
    LAPLACE = "discrete_laplace"
    EXPONENTIAL = "exponential_mechanism"
    """Noisy max under zCDP: chances go as exp(score / scale), as with Gumbel noise."""
    PERMUTE_AND_FLIP = "permute_and_flip"
    """Noisy max under pure privacy, as with exponential noise: never worse than the other."""

    @property
    def selects(self) -> bool:
        """Whether the index of one number leaves instead of all numbers with noise."""
        return self in {NoiseKind.EXPONENTIAL, NoiseKind.PERMUTE_AND_FLIP}

    @property
    def accounting(self) -> Accounting:
        """What its loss is counted in."""
        zcdp = {NoiseKind.GAUSSIAN, NoiseKind.EXPONENTIAL}
        return Accounting.ZCDP if self in zcdp else Accounting.PURE


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise of one part, in lattice steps, or in blocks where scores are compared; public."""

    kind: NoiseKind
    scale: float
    """Sigma of the discrete Gaussian, b of the discrete Laplace, or what scores are divided by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a request will cost and how noisy it will be: all that is known before paying."""

    schema: Schema
    accounting: Accounting
    parts: tuple[Part, ...]
    sensitivities: tuple[Sensitivity, ...]
    noises: tuple[Noise, ...]
    cost: PrivacyCost
    epsilon: Fraction
    """This answer alone is (epsilon, delta)-private."""
    delta: Fraction
    """The delta that `epsilon` is read at; 0 under `pure`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPlan(Priced):
    """A compiled question with its price."""

    plan: Plan

    @property
    def table(self) -> Schema:
        """The columns that the question is put to, where `schema` has those of the snapshot."""
        return self.plan.table(self.schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedAlgorithm(Priced):
    """A stranger's program with its price."""

    algorithm: Algorithm


@dataclass(frozen=True, slots=True)
class Reservation:
    """A durable debit: the right to one answer, once."""

    submission: SubmissionId
    agreement: AgreementId
    snapshot: SnapshotId
    cost: PrivacyCost
    debit: int
    """Index of the debit's entry in the ledger."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Noisy integers, or one selected index a part, as they left the door; public from here on."""

    parts: tuple[Part, ...]
    noises: tuple[Noise, ...]
    values: tuple[tuple[int, ...], ...]


class SubmissionState(StrEnum):
    """A debit without a release stays spent; the same request may collect its one answer."""

    RESERVED = "reserved"
    """Paid, and no row was read yet: only now can it be cancelled."""
    BEGUN = "begun"
    """Rows may have been read; whatever happens, the debit stands."""
    RELEASED = "released"
    STOPPED = "stopped"
    """Its agreement ended while it was computed; the debit stands and nothing is released."""
    CANCELLED = "cancelled"
    """Given back; the same request would be debited anew."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The books' record of one paid question."""

    id: SubmissionId
    researcher: PrincipalName
    agreement: AgreementId
    snapshot: SnapshotId
    cost: PrivacyCost
    submitted: datetime
    debit: int
    route: Route | None = None
    """The accounts that were charged; None in books of before they were remembered."""
    state: SubmissionState = SubmissionState.RESERVED
    answer: bytes | None = None
    """Canonical JSON of the answer; returned byte for byte to the same request."""
    sealed: bool = False
    """Whether `answer` is encrypted under the agreement's key; in older books it is not."""
    release: int | None = None
    """Index of the release's entry in the ledger."""
