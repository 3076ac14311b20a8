"""What standard SQL has and this subset has not, with what to write instead."""

from dataclasses import dataclass

from sqlglot import Token, TokenType, exp

from sandbox.query.wording import (
    AGGREGATES,
    CALLS,
    PEOPLE_FIRST,
    SUPPORTED,
    SUPPORTED_CONDITIONS,
    SUPPORTED_VALUES,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One construct, as tokens that give it away and as nodes of the syntax tree."""

    code: str
    message: str
    tokens: frozenset[TokenType] = frozenset()
    """Where one of these stands, the construct stands."""
    nodes: tuple[type[exp.Expr], ...] = ()
    calls: frozenset[str] = frozenset()
    """Words that mean the construct where a round bracket follows."""


_ONE_DATASET = "A question is of one dataset"
_MARKS = frozenset({TokenType.LIMIT, TokenType.OFFSET, TokenType.DISTINCT})
"""These may also be column names, or in place; alone they refuse nothing and only show where."""

_POPULATION = Refusal(
    "sql.population",
    "Spreads are those of a sample: VAR_SAMP, STDDEV_SAMP or COVAR_SAMP(a, b)",
    nodes=(exp.VariancePop, exp.StddevPop, exp.CovarPop),
    calls=frozenset({"VAR_POP", "STDDEV_POP", "COVAR_POP"}),
)
_FUNCTION = Refusal(
    "sql.function",
    f"Of functions COUNT, {', '.join(AGGREGATES)} are known here; {SUPPORTED_VALUES}",
    nodes=(exp.Func, exp.Filter),
)
REFUSED_NODES = (
    Refusal(
        "sql.join",
        f"{_ONE_DATASET}, without JOIN or a second table",
        frozenset({TokenType.JOIN, TokenType.CROSS, TokenType.LATERAL}),
        (exp.Join, exp.Lateral),
    ),
    Refusal(
        "sql.subquery",
        f"There are no subqueries; {SUPPORTED}",
        frozenset({TokenType.SELECT, TokenType.VALUES}),
        (exp.Subquery, exp.Exists, exp.Values),
        frozenset({"EXISTS"}),
    ),
    Refusal(
        "sql.union",
        f"{_ONE_DATASET}, without UNION, EXCEPT or INTERSECT; ask twice instead",
        frozenset({TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT}),
        (exp.SetOperation,),
    ),
    Refusal(
        "sql.with",
        PEOPLE_FIRST,
        frozenset({TokenType.WITH}),
        (exp.With,),
    ),
    Refusal(
        "sql.having",
        "There is no HAVING or QUALIFY: filter rows with WHERE, and filter the answer yourself",
        frozenset({TokenType.HAVING, TokenType.QUALIFY}),
        (exp.Having, exp.Qualify),
    ),
    Refusal(
        "sql.order_by",
        "There is no ORDER BY: an answer has every declared key, in the declared order",
        frozenset(
            {
                TokenType.ORDER_BY,
                TokenType.SORT_BY,
                TokenType.CLUSTER_BY,
                TokenType.DISTRIBUTE_BY,
            }
        ),
        (exp.Order,),
    ),
    Refusal(
        "sql.limit",
        "There is no LIMIT: an answer has every declared key",
        frozenset({TokenType.LIMIT, TokenType.OFFSET, TokenType.FETCH}),
        (exp.Limit, exp.Offset, exp.Fetch),
    ),
    Refusal(
        "sql.window",
        f"There are no window functions; {SUPPORTED}",
        frozenset({TokenType.PARTITION_BY}),
        (exp.Window, exp.WithinGroup),
        frozenset({"OVER"}),
    ),
    Refusal(
        "sql.cast",
        "There are no casts: columns have the types of the dataset's schema",
        frozenset({TokenType.DCOLON}),
        (exp.Cast,),
        frozenset({"CAST", "TRY_CAST", "CONVERT"}),
    ),
    Refusal(
        "sql.parameter",
        "There are no parameters: write the value itself",
        frozenset({TokenType.PLACEHOLDER, TokenType.PARAMETER, TokenType.COLON, TokenType.DOLLAR}),
        (exp.Placeholder, exp.Parameter),
    ),
    Refusal(
        "sql.arithmetic",
        f"Arithmetic is +, -, * and / here; {SUPPORTED_VALUES}",
        frozenset(
            {
                TokenType.MOD,
                TokenType.CARET,
                TokenType.DSTAR,
                TokenType.DPIPE,
                TokenType.PIPE,
                TokenType.AMP,
                TokenType.TILDE,
            }
        ),
        (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod),
    ),
    Refusal(
        "sql.unsupported",
        f"Brackets are round here; {SUPPORTED}",
        frozenset({TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.BLOCK_START}),
    ),
    Refusal(
        "sql.unsupported",
        f"Keys are matched by LIKE, with % and _; {SUPPORTED_CONDITIONS}",
        frozenset({TokenType.ILIKE, TokenType.RLIKE, TokenType.GLOB, TokenType.SIMILAR_TO}),
        (exp.ILike, exp.Escape),
    ),
    Refusal("sql.star", "Name the columns; * stands only in COUNT(*)", nodes=(exp.Star,)),
    Refusal(
        "sql.distinct",
        "DISTINCT stands only in COUNT(DISTINCT person), which counts people",
        frozenset({TokenType.DISTINCT}),
        (exp.Distinct,),
    ),
    Refusal("sql.null", "A comparison with NULL is never true; write IS NULL", nodes=(exp.Null,)),
    Refusal(
        "sql.unsupported",
        f"Conditions stand in WHERE; {SUPPORTED}",
        nodes=(exp.Connector, exp.Predicate, exp.Not),
    ),
    _POPULATION,
    _FUNCTION,
)

_FUNCTIONS = frozenset({"COUNT", "MIN", "MAX", "ANY_VALUE", *AGGREGATES, *CALLS})
_BEFORE_BRACKETS = frozenset(
    {
        TokenType.SELECT,
        TokenType.DISTINCT,
        TokenType.FROM,
        TokenType.WHERE,
        TokenType.GROUP_BY,
        TokenType.AND,
        TokenType.OR,
        TokenType.NOT,
        TokenType.IN,
        TokenType.BETWEEN,
        TokenType.CASE,
        TokenType.WHEN,
        TokenType.THEN,
        TokenType.ELSE,
    }
)
"""Keywords that a round bracket may follow without being a function's."""
_REFUSED_TOKENS = {token: refusal for refusal in REFUSED_NODES for token in refusal.tokens - _MARKS}
_REFUSED_CALLS = {call: refusal for refusal in REFUSED_NODES for call in refusal.calls}


def refused_token(token: Token, after: Token | None) -> Refusal | None:
    """Find what a token gives away after a question's first SELECT, seeing the token after it."""
    refusal = _REFUSED_TOKENS.get(token.token_type)
    if refusal is not None or after is None or after.token_type is not TokenType.L_PAREN:
        return refusal
    word = token.text.upper()
    if not word.isidentifier() or word in _FUNCTIONS or token.token_type in _BEFORE_BRACKETS:
        return None
    return _REFUSED_CALLS.get(word, _FUNCTION)
