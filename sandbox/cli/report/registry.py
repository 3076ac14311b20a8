"""Each release of a ledger as a record of the OpenDP deployments registry.

The schema is `schemas/deployments-schema.yaml` of the registry's data repository, in its form of
2026 (`basic`, `dp_variant`, `privacy_loss`, `deployment_model`, `implementation`,
`administrative`). `REGISTRY.md` lists where each field comes from and which cannot be filled.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite, nextafter
from typing import Any

from sandbox.cli.report.releases import Reading, Release
from sandbox.cli.report.wording import shown
from sandbox.ledger.epsilon import epsilon_of
from sandbox.model.cost import text

UNKNOWN = "Not in the ledger."
"""Stands where the registry wants a sentence that no entry can give."""

_VARIANTS = {"zcdp": "Zero-concentrated DP", "pure": "Pure DP"}
_MECHANISMS = {
    "zcdp": "Discrete Gaussian mechanism on integer sums over people, drawn by OpenDP.",
    "pure": "Discrete Laplace mechanism on integer sums over people, drawn by OpenDP.",
}

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What whoever files the records knows and no ledger says."""

    curator_type: str | None = None
    """`Government`, `Industry` or `Nonprofit`; the schema requires it."""
    region: str | None = None
    sector: str | None = None


def registry(entries: Iterable[tuple[int, Mapping[str, Any]]], known: Known) -> Iterator[Record]:
    """Give a record for each release that a debit paid for, in the order of the log."""
    reading = Reading()
    for _, entry in entries:
        released = reading.take(entry)
        if released:
            yield _record(released, known)


def as_json(recorded: Iterable[Record]) -> Iterator[str]:
    """Write records as one JSON array, one record at a time."""
    yield "["
    for number, record in enumerate(recorded):
        yield ",\n" if number else "\n"
        yield json.dumps(record, ensure_ascii=False, indent=1)
    yield "\n]\n"


def _record(one: Release, known: Known) -> Record:
    origin = shown(one.site.origin)
    slug = re.sub(r"[^a-z0-9]+", "-", origin.lower()).strip("-")
    return {
        "url_slug": f"{slug}-release-{one.release.index}",
        "deployment": {
            "basic": _basic(one, known),
            "dp_variant": _variant(one),
            "privacy_loss": _loss(one),
            "deployment_model": _model(one),
            "implementation": _implementation(one),
            "administrative": {
                "evidence_sources": {
                    "ledger": {
                        "evidence_source_type": "Authorized organizational attestation",
                        "misc": {
                            "title": f"Transparency log of {origin}",
                            "note": f"Entries {one.debit.index} (debit) and {one.release.index} "
                            f"(release), to be verified with the key {shown(one.site.ledger_key)}",
                        },
                    }
                },
                "status": "Draft",
                "registry_authors": ["Data Range, from the ledger"],
                "tier": 2,
            },
        },
    }


def _basic(one: Release, known: Known) -> Record:
    curator = {"data_curator_name": shown(one.policy.owner)}
    if known.curator_type:
        curator["data_curator_type"] = known.curator_type
    sector = {"data_product_sector": known.sector} if known.sector else {}
    return {
        "name": f"Answer {shown(one.debit.submission, 16)} about {shown(one.debit.dataset)}",
        "data_curators": [curator],
        "description": f"Statistics of the dataset {shown(one.debit.dataset)} (snapshot "
        f"{shown(one.debit.snapshot)}), released to one researcher under the agreement "
        f"{shown(one.agreement.agreement)}. SHA-256 of the answer: {one.release.answer}.",
        "intended_use": f"{UNKNOWN} It is a clause of the agreement "
        f"{shown(one.agreement.agreement)}, whose text has the SHA-256 {one.agreement.digest}.",
        "data_product_type": "Summary statistics",
        "data_product_region": known.region or UNKNOWN,
        **sector,
        "publication_date": one.release.time.date().isoformat(),
    }


def _variant(one: Release) -> Record:
    return {
        "variant_name": _VARIANTS[one.policy.accounting],
        "data_domain": "All datasets with the public schema of the release policy whose document "
        f"has the SHA-256 {one.debit.policy}: declared keys, bounds and resolutions.",
        "unprotected_quantities": "What the policy declares: keys, bounds, resolutions and the "
        "owner’s estimates of size. No statistic of the rows is released without noise.",
    }


def _loss(one: Release) -> Record:
    cost, pure = one.debit.cost, one.policy.accounting == "pure"
    amount = cost.epsilon if pure and cost.epsilon is not None else cost.rho
    name = "epsilon" if pure else "rho"
    account = f"source/{one.policy.source}"
    spent = one.debit.balances.get(account)
    total = f" All answers about this source had then cost {text(spent.exact)}." if spent else ""
    return {
        "privacy_unit": "Person",
        "privacy_unit_details": "Neighbouring datasets differ by one person being added or removed "
        "with all their rows; the release policy bounds the rows of a person.",
        "privacy_parameters": {name: rounded_up(amount), **_at_delta(one, amount)},
        "privacy_parameters_details": f"Exactly {name} = {text(amount)} for this answer; the cap "
        f"of the source, over all answers to anybody, was {text(one.paid.caps.source)}.{total}"
        f"{_parts(one)}{_emergency(one)}",
    }


def _at_delta(one: Release, rho: Fraction) -> Record:
    """Read rho as epsilon at the delta that the owner signed."""
    delta = one.paid.caps.delta
    if one.policy.accounting == "pure" or not 0 < delta < 1 or rho < 0:
        return {}
    epsilon = epsilon_of(rho, delta)
    return {"epsilon": epsilon, "delta": rounded_up(delta)} if isfinite(epsilon) else {}


def _parts(one: Release) -> str:
    partition = one.paid.partition
    if one.debit.parts is None or partition is None:
        return ""
    return (
        f" This answer is about {len(one.debit.parts)} of {len(partition.keys)} parts of the "
        f"people by the column {shown(partition.column)}; one person is in at most "
        f"{partition.most}, which ingest keeps."
    )


def _emergency(one: Release) -> str:
    if one.debit.emergency is None:
        return ""
    return (
        f" Paid from what is kept for emergencies, in {shown(one.debit.emergency)}, as the "
        f"question {shown(one.debit.template or '')} that the owner approved beforehand."
    )


def _model(one: Release) -> Record:
    return {
        "model_name": "Central",
        "trust_assumptions": "The site and its operator see the rows and are trusted with them. "
        "Researchers are adversaries who may collude and know everybody but one person.",
        "release_type": "Many releases",
        "release_type_details": "One release of many about the source "
        f"{shown(one.policy.source)}; its budget is never refreshed; "
        "only its owner’s key can change the cap, on record.",
        "data_source_type": "Static",
        "data_source_type_details": "An immutable snapshot; later ones spend from the same cap.",
        "access_type": "Interactive",
        "access_type_details": "Each agreement has a cap of its own below the source’s, which all "
        "analysts share; non-collusion is not assumed.",
    }


def _implementation(one: Release) -> Record:
    return {
        "preprocessing_and_hyperparameter_tuning": "Values are clamped to declared bounds and put "
        "on a declared lattice; rows of a person are bounded at ingest. Parameters are declared by "
        "the owner, not tuned on rows by the site.",
        "mechanisms": f"{_MECHANISMS[one.policy.accounting]} Integers throughout, against "
        "floating-point attacks; answers appear at whole time quanta, against timing attacks.",
        "composition": "Sequential, over all answers about the source: "
        + ("epsilon" if one.policy.accounting == "pure" else "rho")
        + " adds up, adaptively too. "
        + (
            "Parallel over the declared parts of the people, of which the source counts the "
            "dearest that one person can be in."
            if one.paid.partition
            else "No parallel composition."
        ),
        "post_processing": "Means and intervals are computed from the noisy sums.",
        "additional_information": f"Accounted in the log of {shown(one.site.origin)}; anybody with "
        "an export and the log’s key can replay it offline.",
    }


def rounded_up(amount: Fraction) -> float:
    """Give the least float that is no smaller: a parameter must not look better than it is."""
    try:
        nearest = float(amount)
    except OverflowError:
        return nextafter(inf, 0)
    return nearest if nearest >= amount else nextafter(nearest, inf)
