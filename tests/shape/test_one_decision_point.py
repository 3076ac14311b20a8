"""Nobody but the decision point says who may do what: no step compares roles or names by hand."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = (
    *sorted((ROOT / "sandbox" / "flow").rglob("*.py")),
    *sorted((ROOT / "sandbox" / "web").rglob("*.py")),
    ROOT / "sandbox" / "assembly.py",
)

PEOPLE = {
    *("applicant", "asker", "confirmed_by", "declared_by", "holder", "keeper", "owner"),
    *("owners", "researcher", "reviewer", "steward"),
}
"""Fields that say whose a thing is; compared with a name, they decide something."""

EXCEPTIONS = {
    (
        "flow/browse.py",
        "who.role is Role.OWNER",
    ): "finds by label; each thing is judged all the same",
    ("flow/browse.py", "who.role is Role.RESEARCHER"): "as above",
    ("flow/revoke.py", "caller.role is Role.ADMINISTRATOR"): "as above",
    ("web/desk_pages.py", "get(seat.person.role, _nobodys)"): "lays out; each list asks by itself",
    ("web/desk_views.py", "ACTORS[seat.person.role]"): "names whose moves to show of what is seen",
}
"""What is compared by hand, and why that decides nothing."""


def by_hand(tree: ast.AST) -> Iterator[str]:
    """Find what goes by a role, and comparisons of names with those whom a thing belongs to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.MatchValue) and _is_role(node.value):
            yield ast.unparse(node)
        if isinstance(node, ast.Subscript) and ".role" in ast.unparse(node.slice):
            yield ast.unparse(node)
        if isinstance(node, ast.Call) and _looks_up(node) and any(map(_is_role, node.args)):
            yield f"get({', '.join(map(ast.unparse, node.args))})"
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) and side.value is None for side in sides):
            continue
        fields = {side.attr for side in sides if isinstance(side, ast.Attribute)}
        if any(map(_is_role, sides)) or ("name" in fields and fields & PEOPLE):
            yield ast.unparse(node)


def _looks_up(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "get"


def _is_role(node: ast.AST) -> bool:
    return any(
        (isinstance(one, ast.Attribute) and one.attr == "role")
        or (isinstance(one, ast.Name) and one.id == "Role")
        for one in ast.walk(node)
    )


def test_only_the_decision_point_knows_roles_and_whose_a_thing_is() -> None:
    found = {
        (path.relative_to(ROOT / "sandbox").as_posix(), text)
        for path in PLACES
        for text in by_hand(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(EXCEPTIONS)


def test_what_decides_by_hand_is_found() -> None:
    texts = [
        "if caller.role is Role.STEWARD: pass",
        "ok = caller.role in (Role.OWNER, Role.STEWARD)",
        "ok = caller.role.value == 'steward'",
        "ok = application.applicant == caller.name",
        "mine = [one for one in all if caller.name != one.owner]",
        "ok = who.name in agreement.owners",
        "views[seat.person.role]",
        "{Role.OWNER: show}.get(who.role, nobody)",
        "match who.role:\n    case Role.OWNER: pass",
    ]
    for text in texts:
        assert list(by_hand(ast.parse(text))), text
    assert not list(by_hand(ast.parse("form.role is None or page.name == other.name")))
