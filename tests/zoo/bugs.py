"""Bugs that void or weaken the privacy of answers, as published elsewhere or as they could be ours.

Each is a small change of our own source. Where a tracker is named, the bug is what its report says,
moved to the place in our code that does the same thing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One text of a module, which occurs there once, and what stands in its place."""

    module: str
    sound: str
    wrong: str


@dataclass(frozen=True)
class Bug:
    """A planted bug; `reported` says where something like it was found."""

    changes: tuple[Change, ...]
    reported: str = ""

    @property
    def modules(self) -> frozenset[str]:
        """Name the modules that it changes."""
        return frozenset(change.module for change in self.changes)

    def planted(self, module: str, text: str) -> str:
        """Give a module's text with the bug.

        Raises:
            ValueError: a sound text is not there, or is there more than once.
        """
        for change in self.changes:
            if change.module == module:
                if text.count(change.sound) != 1:
                    raise ValueError(f"{module} has not exactly one: {change.sound}")
                text = text.replace(change.sound, change.wrong)
        return text


def _bug(module: str, sound: str, wrong: str, reported: str = "") -> Bug:
    return Bug((Change(module, sound, wrong),), reported)


SENSITIVITY = "sandbox.privacy.sensitivity"
PRICE = "sandbox.privacy.price"
DOOR = "sandbox.privacy.door"
MECHANISMS = "sandbox.privacy.mechanisms"
NUMBERS = "sandbox.engines.numbers"
LOCAL = "sandbox.engines.local"
CONTRIBUTIONS = "sandbox.engines.contributions"

_SHUT = Change(
    DOOR,
    "    if _total_loss(priced) > reservation.cost.spent_under(priced.accounting):\n",
    "    if _total_loss(priced) < 0:\n",
)
"""The door's last look at the price is taken away too, or it alone would find the bug."""
_DRAWN = (
    "    return (noisy_max(noise, vector),) if noise.kind.selects else add_noise(noise, vector)\n"
)
_ZIPPED = "_drawn(noise, vector) for noise, vector in zip(priced.noises, total.values, strict=True)"

BUGS: dict[str, Bug] = {
    "sensitivity off by one": _bug(
        SENSITIVITY, "    rows = schema.max_rows\n", "    rows = max(1, schema.max_rows - 1)\n"
    ),
    "per-group bound missing": _bug(SENSITIVITY, "touched = min(rows, groups)", "touched = 1"),
    "sensitivity of one bound, taken twice": _bug(
        SENSITIVITY,
        "return max(abs(lattice.low - centre), abs(lattice.high - centre))",
        "return max(abs(lattice.low - centre), abs(lattice.low - centre))",
        "diffprivlib #94 and #105: a linear regression's features",
    ),
    "unclamped value": _bug(
        NUMBERS, "nearest.clip(lattice.low, lattice.high).cast(STEPS)", "nearest.cast(STEPS)"
    ),
    "values clipped on one side": _bug(
        NUMBERS,
        "nearest.clip(lattice.low, lattice.high).cast(STEPS)",
        "nearest.clip(lower_bound=lattice.low).cast(STEPS)",
        "SmartNoise #622: a covariance's columns",
    ),
    "noise drawn once for all cells": _bug(
        MECHANISMS,
        "    return tuple(_measurement(noise)(list(values)))\n",
        "    drawn = _measurement(noise)([0])[0]\n"
        "    return tuple(value + drawn for value in values)\n",
    ),
    "noise reused by the next answer": _bug(
        MECHANISMS,
        "    return tuple(_measurement(noise)(list(values)))\n",
        "    global _KEPT\n"
        '    _KEPT = globals().get("_KEPT") or list(_measurement(noise)([0] * 10**5))\n'
        "    return tuple(value + kept for value, kept in zip(values, _KEPT))\n",
    ),
    "noise of half the scale": _bug(
        MECHANISMS,
        "    return tuple(_measurement(noise)(list(values)))\n",
        "    return tuple(_measurement(Noise(noise.kind, noise.scale / 2))(list(values)))\n",
    ),
    "Laplace noise for an l2 distance": _bug(
        MECHANISMS,
        "sensitivity.l2 if kind is NoiseKind.GAUSSIAN else float(sensitivity.l1)",
        "sensitivity.l2",
    ),
    "a sum without noise": _bug(
        DOOR,
        _ZIPPED,
        "vector if part.kind.value == 'sum' and not part.centre else _drawn(noise, vector)\n"
        "            for part, noise, vector in zip(\n"
        "                total.parts, priced.noises, total.values, strict=True\n"
        "            )",
        "SmartNoise #317: a column whose bounds nobody had stated",
    ),
    "mean with an exact denominator": _bug(
        DOOR,
        _ZIPPED,
        "vector if part.kind.value == 'present' else _drawn(noise, vector)\n"
        "            for part, noise, vector in zip(\n"
        "                total.parts, priced.noises, total.values, strict=True\n"
        "            )",
        "smartnoise-core #356: the number of rows taken as known",
    ),
    "many parts for the price of one": Bug(
        (
            _SHUT,
            Change(
                PRICE,
                "spent_under(paid.accounting) / len(parts)\n",
                "spent_under(paid.accounting)\n",
            ),
        ),
        "SmartNoise: a charge a query, whatever its columns",
    ),
    "losses add up like a square root": Bug(
        (
            _SHUT,
            Change(
                PRICE,
                "spent_under(paid.accounting) / len(parts)\n",
                "spent_under(paid.accounting) / Fraction(len(parts) ** 0.5)\n",
            ),
        ),
        "SmartNoise #621: an odometer's formula",
    ),
    "what a mean costs depends on what stands before it": Bug(
        (
            _SHUT,
            Change(
                PRICE,
                "noises=tuple(noise_within(kind, each, share) for each in sensitivities)",
                "noises=tuple(\n"
                "            noise_within(kind, each, share * (2 if at == 1 else 1))\n"
                "            for at, each in enumerate(sensitivities)\n"
                "        )",
            ),
        ),
        "PySyft #6917",
    ),
    "the door takes any debit": _bug(
        DOOR, "reservation.cost != priced.cost or total.parts != priced.parts", "False"
    ),
    "float sum": _bug(
        LOCAL,
        'return pl.col(column or "").sum()',
        'return pl.col(column or "").cast(pl.Float32).sum()',
    ),
    "people counted as rows": _bug(
        LOCAL, "return pl.col(PERSON).n_unique()", "return pl.len()", "qrlew: COUNT(DISTINCT)"
    ),
    "a filter that raises": _bug(
        "sandbox.engines.predicates",
        "    return pl.col(column).cast(pl.Int64)\n",
        "    return pl.col(column).cast(pl.Int8)\n",
    ),
    "more rows a person than promised": _bug(
        CONTRIBUTIONS,
        "    return nsmallest(keep, range(rows), key=draws.__getitem__)\n",
        "    return nsmallest(keep + 1, range(rows), key=draws.__getitem__)\n",
    ),
    "rows chosen by what others have": _bug(
        CONTRIBUTIONS,
        "        for position in choose(seed + hashes[person], rows, max_rows)\n",
        "        for position in choose(seed + str(len(table)).encode(), rows, max_rows)\n",
    ),
    "cache keyed without the snapshot": _bug(
        "sandbox.flow.submit", '            "snapshot": self.dataset.snapshot.id,\n', ""
    ),
    "duplicate keys": _bug(
        "sandbox.model.schema",
        "        if len(set(self.keys)) != len(self.keys):\n",
        "        if not self.name:\n",
        "OpenDP's planner: a key given twice shows whether its group exists",
    ),
    "a debit given back after rows were read": _bug(
        "sandbox.flow.cancel",
        "submission.state is not SubmissionState.RESERVED or",
        "submission.state is SubmissionState.RELEASED or",
        "BigQuery: failed queries are refunded",
    ),
}
