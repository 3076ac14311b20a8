"""The one decision point: may this person take this step with this thing?

The answer is policy text, `authorisation.cedar`, checked against `authorisation.cedarschema` and
evaluated by Cedar. What no rule permits is forbidden; what cannot be evaluated is forbidden too:
Cedar itself would skip a rule that fails, and that rule may be the one that forbids.

Rules look at names only to see whether they are the caller's own; a text that does more with a
name is not accepted. So who somebody else is makes no difference: names are replaced by how they
stand to the caller before Cedar sees them, and equal cells of role, verb and thing are decided
once.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

import cedarpy

TEXT = "authorisation.cedar"
SCHEMA = "authorisation.cedarschema"

CALLER = "the caller"
ANOTHER = "somebody else"
"""What stands for names, of which a rule can tell no more than these two."""
BOUND = "agreement"
"""The attribute of callers and things that says under which agreement; no name, but alike."""
MAX_CELLS = 4096
"""Rulings that are kept; the whole matrix has some hundreds."""

Attribute = str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a step is about: its kind in the schema, and what the rules look at."""

    kind: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the text, in the words that a refusal quotes."""

    id: str
    effect: str
    """`permit` or `forbid`."""
    says: str
    says_zh: str
    verbs: frozenset[str]
    """The actions that it names; empty if it is about all of them."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision and the rules that made it.

    Of a permission, the rules that permit; of a prohibition, the rules that forbid; and where no
    rule permits, those that permit the step to others, so that people learn whom to ask.
    """

    permitted: bool
    forbidden: bool
    """True where a rule forbids; without one, a step is merely not permitted."""
    grounds: tuple[Rule, ...]


def authorise(name: str, role: str, verb: str, thing: Thing, agreement: str = "") -> Ruling:
    """Decide; never raises because of what is asked.

    `agreement` is the one that the caller signed in for, if they did so for one alone.
    """
    names = _text().names
    seen = {
        key: _relation(value, name) if key in names else value
        for key, value in thing.attributes.items()
    }
    if BOUND in seen:
        seen[BOUND] = _relation(seen[BOUND], agreement) if agreement else ANOTHER
    under = CALLER if agreement else ""
    return _decided(role, under, verb, thing.kind, tuple(sorted(seen.items())))


def _relation(value: Attribute, name: str) -> Attribute:
    """Say how names stand to the caller; what can be no name stays, and fails in Cedar."""
    if isinstance(value, str):
        return CALLER if value == name else ANOTHER
    if isinstance(value, tuple):
        return tuple(sorted({CALLER if one == name else ANOTHER for one in value}))
    return value


@lru_cache(maxsize=MAX_CELLS)
def _decided(
    role: str, under: str, verb: str, kind: str, attributes: tuple[tuple[str, Attribute], ...]
) -> Ruling:
    """Decide a cell of the matrix."""
    text, thing = _text(), Thing(kind, dict(attributes))
    try:
        answer = cedarpy.is_authorized(
            _request(verb, thing),
            text.policies,
            json.dumps(_entities(role, thing, under)),
            text.schema,
        )
    except ValueError:  # half a surrogate pair, which no rule is about
        return Ruling(permitted=False, forbidden=False, grounds=())
    named = answer.diagnostics.id_annotations_by_reason.values()
    decisive = tuple(text.rules[one] for one in sorted(named))
    if answer.allowed and decisive and not answer.diagnostics.errors:
        return Ruling(permitted=True, forbidden=False, grounds=decisive)
    prohibitions = tuple(rule for rule in decisive if rule.effect == "forbid")
    return Ruling(
        permitted=False,
        forbidden=bool(prohibitions),
        grounds=prohibitions or tuple(_permitting(text, verb)),
    )


def rules() -> tuple[Rule, ...]:
    """Give every rule, in the order of the text."""
    return tuple(_text().rules.values())


def names_in(policies: str) -> frozenset[str]:
    """Find the attributes that rules compare with the caller's name.

    Raises:
        ValueError: the caller's name, such an attribute, or an agreement is used in another way.
    """
    nodes = list(_nodes(json.loads(cedarpy.policies_to_json_str(policies))))
    reads = Counter(filter(None, map(_read, nodes)))
    compared = Counter(attribute for node in nodes for attribute in _compared(node))
    used = {attribute: reads["resource", attribute] for attribute in compared}
    if used != compared or reads["principal", "name"] != compared.total():
        raise ValueError("a rule may only compare a name with the caller's")
    of_things = sum(map(_compares_agreements, nodes))
    of_callers = of_things + sum(map(_asks_for_agreement, nodes))
    if (reads["resource", BOUND], reads["principal", BOUND]) != (of_things, of_callers):
        raise ValueError("a rule may only compare a thing's agreement with the caller's")
    return frozenset(compared)


@dataclass(frozen=True, slots=True)
class _Text:
    policies: cedarpy.PolicySet
    schema: cedarpy.Schema
    rules: Mapping[str, Rule]
    names: frozenset[str]
    """Attributes that are names: rules compare them with the caller's, and do nothing else."""


@lru_cache(maxsize=1)
def _text() -> _Text:
    """Read and check the text once; a text that is wrong stops the site, and decides nothing.

    Raises:
        ValueError: rules and schema do not fit each other, or a rule looks into a name.
    """
    folder = resources.files("policies")
    policies = (folder / TEXT).read_text(encoding="utf-8")
    schema = (folder / SCHEMA).read_text(encoding="utf-8")
    checked = cedarpy.validate_policies(policies, schema)
    if not checked.validation_passed:
        raise ValueError("; ".join(map(str, checked.errors)))
    parsed = json.loads(cedarpy.policies_to_json_str(policies))["staticPolicies"]
    ordered = sorted(parsed.items(), key=lambda item: int(item[0].removeprefix("policy")))
    found = [_rule(written) for _, written in ordered]
    return _Text(
        cedarpy.PolicySet.from_str(policies),
        cedarpy.Schema.from_str(schema),
        {rule.id: rule for rule in found},
        names_in(policies),
    )


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401  (Cedar's own JSON)
    if isinstance(tree, Mapping):
        yield tree
    children = (
        tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list) else ()
    )
    for child in children:
        yield from _nodes(child)


def _read(node: Mapping[str, Any]) -> tuple[str, str] | None:
    """Give what is read of whom, if this reads an attribute."""
    read = node.get(".", {})
    return (read["left"].get("Var"), read["attr"]) if read else None


def _compares_agreements(node: Mapping[str, Any]) -> bool:
    """Tell whether this is `resource.agreement == principal.agreement`."""
    sides = node.get("==")
    if not sides:
        return False
    return [_read(sides[side]) for side in ("left", "right")] == [
        ("resource", BOUND),
        ("principal", BOUND),
    ]


def _asks_for_agreement(node: Mapping[str, Any]) -> bool:
    """Tell whether this is `principal.agreement != ""`."""
    sides = node.get("!=")
    return bool(
        sides and _read(sides["left"]) == ("principal", BOUND) and sides["right"] == {"Value": ""}
    )


def _compared(node: Mapping[str, Any]) -> Iterator[str]:
    """Give the resource's attribute that is compared with the caller's name, if this does that."""
    for operator in ("==", "contains"):
        sides = node.get(operator)
        if sides and _read(sides["right"]) == ("principal", "name"):
            of, attribute = _read(sides["left"]) or ("", "")
            if of == "resource":
                yield attribute


def _rule(written: Mapping[str, Any]) -> Rule:
    notes, action = written["annotations"], written["action"]
    named = action.get("entities") or [action.get("entity")]
    return Rule(
        id=notes["id"],
        effect=written["effect"],
        says=notes["says"],
        says_zh=notes["says_zh"],
        verbs=frozenset(one["id"] for one in named if one),
    )


def _permitting(text: _Text, verb: str) -> Iterator[Rule]:
    for rule in text.rules.values():
        if rule.effect == "permit" and verb in rule.verbs:
            yield rule


def _request(verb: str, thing: Thing) -> dict[str, Any]:
    """Name the three; ids say nothing, since rules look at attributes only."""
    return {
        "principal": {"type": "Person", "id": "caller"},
        "action": {"type": "Action", "id": verb},
        "resource": {"type": thing.kind, "id": "thing"},
        "context": {},
    }


def _entities(role: str, thing: Thing, agreement: str) -> list[dict[str, Any]]:
    return [
        {
            "uid": {"type": "Person", "id": "caller"},
            "attrs": {"name": CALLER, "role": role, BOUND: agreement},
            "parents": [],
        },
        {
            "uid": {"type": thing.kind, "id": "thing"},
            "attrs": dict(thing.attributes),
            "parents": [],
        },
    ]
