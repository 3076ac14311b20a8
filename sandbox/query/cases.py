"""Compiles choices: CASE, COALESCE and NULLIF are one thing, and so are their normal forms."""

from sqlglot import exp

from sandbox.model.predicate import Between, IsIn, IsNull, Not, Predicate
from sandbox.model.value import Chosen, Linear, Recoded, Stored, Value
from sandbox.query.arithmetic import require_alike
from sandbox.query.comparisons import Comparison, compare, number_in
from sandbox.query.normal import normalised
from sandbox.query.scope import Scope, in_steps
from sandbox.query.terms import Category, Number, Term, Written, number_of, primitive
from sandbox.query.written import condition, literal, quoted

MAX_CASE_KEYS = 10_000
"""Keys that a CASE may give."""

Branch = tuple[Predicate, Term]


def case(scope: Scope, node: exp.Expr) -> Term:
    """Compile both forms of CASE.

    Raises:
        BadInput: as conditions and values do; `expression.unlike`, keys stand beside numbers.
    """
    scope.parsed.refuse_parts(node, "this", "ifs", "default")
    branches: list[Branch] = []
    for branch in node.args["ifs"]:
        scope.parsed.refuse_parts(branch, "this", "true")
        if node.this is None:
            when = scope.condition(scope, branch.this)
        else:
            sides = scope.value(scope, node.this), scope.value(scope, branch.this)
            when = compare(scope, branch, Comparison.EQUAL, *sides)
        branches.append((when, scope.value(scope, branch.args["true"])))
    default = node.args.get("default")
    return chosen(scope, node, branches, None if default is None else scope.value(scope, default))


def coalesce(scope: Scope, node: exp.Expr) -> Term:
    """Compile COALESCE: the first value that is not null.

    Raises:
        BadInput: as `case` does.
    """
    scope.parsed.refuse_parts(node, "this", "expressions", "is_nvl")
    values = [scope.value(scope, one) for one in (node.this, *node.expressions)]
    branches: list[Branch] = []
    for value in values[:-1]:
        if value is None:
            continue
        if isinstance(value, Written) or (isinstance(value, Number) and not value.terms):
            return chosen(scope, node, branches, value)
        branches.append((Not(is_null(scope, node, value)), value))
    return chosen(scope, node, branches, values[-1])


def nullif(scope: Scope, node: exp.Expr) -> Term:
    """Compile NULLIF: null where both are equal, else the first.

    Raises:
        BadInput: as `case` does.
    """
    scope.parsed.refuse_parts(node, "this", "expression")
    value = scope.value(scope, node.this)
    same = compare(scope, node, Comparison.EQUAL, value, scope.value(scope, node.expression))
    return chosen(scope, node, [(same, None)], value)


def is_null(scope: Scope, node: exp.Expr, term: Term) -> Predicate:
    """Compile `IS NULL`: constants and factors make no difference.

    Raises:
        BadInput: a written value, which never is.
    """
    if isinstance(term, Category):
        return IsNull(term.column.name)
    if not isinstance(term, Number) or not term.terms:
        raise scope.wrong(
            "IS NULL stands behind a column or an expression", node, code="sql.unsupported"
        )
    return IsNull(scope.column(node, primitive(term)[0]).name)


def chosen(scope: Scope, node: exp.Expr, branches: list[Branch], otherwise: Term) -> Term:
    """Derive what the first true condition chooses; conditions that no row can meet drop out.

    Raises:
        BadInput: as `case` does.
    """
    table = scope.bench.table
    settled = [(normalised(when, table), then) for when, then in branches]
    settled = [(when, then) for when, then in settled if not _never(when)]
    if not settled:
        return otherwise
    terms = [*(then for _, then in settled), otherwise]
    whens = [when for when, _ in settled]
    if any(isinstance(term, Number) for term in terms) or not _has_text(terms):
        return _numbers(scope, node, whens, terms)
    return _keys(scope, node, whens, terms)


def _never(predicate: Predicate) -> bool:
    match predicate:
        case Between(_, int(low), int(high)):
            return low > high
        case IsIn(_, codes):
            return not codes
        case _:
            return False


def _has_text(terms: list[Term]) -> bool:
    return any(
        isinstance(term, Category) or (isinstance(term, Written) and term.quoted) for term in terms
    )


def _numbers(scope: Scope, node: exp.Expr, whens: list[Predicate], terms: list[Term]) -> Term:
    """Bring all numbers to steps of one size."""
    dated = next((one for one in terms if isinstance(one, Number) and one.dates), None)
    numbers = [None if one is None else number_in(scope, node, one, dated) for one in terms]
    known = [one for one in numbers if one is not None]
    if not known:
        raise scope.wrong(
            "This is NULL on every row; give some branch a value", node, code="sql.null"
        )
    require_alike(scope, node, known)
    _, resolution = scope.lowered(*known)
    values = [None if one is None else in_steps(one, resolution) for one in numbers]
    texts = [None if one is None else scope.text(node, one) for one in numbers]
    text = _text(scope, whens, texts)
    value = Chosen(tuple(zip(whens, values[:-1], strict=True)), values[-1])
    return number_of(scope.number(node, text, value, resolution, days=bool(known[0].dates)))


def _keys(scope: Scope, node: exp.Expr, whens: list[Predicate], terms: list[Term]) -> Term:
    """Give every key that some branch may have a code, in the order of branches."""
    keys: dict[str, int] = {}
    for term in terms:
        for key in _keys_of(scope, node, term):
            keys.setdefault(key, len(keys))
    if len(keys) > MAX_CASE_KEYS:
        message = f"A CASE gives at most {MAX_CASE_KEYS} keys"
        raise scope.wrong(message, node, code="expression.too_long")
    values = [_coded(term, keys) for term in terms]
    text = _text(scope, whens, [_key_text(term) for term in terms])
    value = Chosen(tuple(zip(whens, values[:-1], strict=True)), values[-1])
    return Category(scope.keys(node, text, value, tuple(keys)))


def _keys_of(scope: Scope, node: exp.Expr, term: Term) -> tuple[str, ...]:
    if term is None:
        return ()
    if isinstance(term, Category):
        return term.column.keys
    if isinstance(term, Number) or not term.quoted:
        message = "A CASE gives either numbers or keys; write keys in single quotes"
        raise scope.wrong(message, node, code="expression.unlike")
    if not term.text or not term.text.isprintable():
        raise scope.wrong(
            "A key has some characters, all printable", node, code="expression.unlike"
        )
    return (term.text,)


def _coded(term: Term, keys: dict[str, int]) -> Value | None:
    match term:
        case Category(column):
            codes = tuple(keys[key] for key in column.keys)
            stored = Stored(column.name)
            return stored if codes == tuple(range(len(codes))) else Recoded(stored, codes)
        case Written(text=text):
            return Linear(keys[text])
        case _:
            return None


def _key_text(term: Term) -> str | None:
    match term:
        case Category(column):
            return quoted(column.name)
        case Written(text=text):
            return literal(text)
        case _:
            return None


def _text(scope: Scope, whens: list[Predicate], texts: list[str | None]) -> str:
    table = scope.bench.table
    branches = [
        f"WHEN {condition(when, table)} THEN {text or 'NULL'}"
        for when, text in zip(whens, texts[:-1], strict=True)
    ]
    otherwise = [f"ELSE {texts[-1]}"] if texts[-1] is not None else []
    return " ".join(["CASE", *branches, *otherwise, "END"])
