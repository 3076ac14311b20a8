"""How messages about a question are worded: what is supported, and the asker's own text, quoted."""

SUPPORTED = (
    "supported is: SELECT keys, COUNT(*), COUNT(column), COUNT(DISTINCT person), SUM, AVG, "
    "VAR_SAMP or STDDEV_SAMP(column), CORR or COVAR_SAMP(a, b), REGRESSION(y, x1, x2), "
    "SUM(a) / SUM(b) FROM dataset WHERE conditions GROUP BY keys"
)
SUPPORTED_CONDITIONS = (
    "supported conditions are: value =, !=, <, <=, >, >= value, BETWEEN, IN (values), IS NULL, "
    "LIKE, STARTS_WITH, AND, OR, NOT and parentheses"
)
AGGREGATES = (
    "SUM",
    "AVG",
    "VAR_SAMP",
    "VARIANCE",
    "STDDEV",
    "STDDEV_SAMP",
    "COVAR_SAMP",
    "COVARIANCE",
    "CORR",
    "CORRELATION",
    "REGR_SLOPE",
    "REGR_INTERCEPT",
    "REGRESSION",
)
"""Functions of all rows of a group, besides COUNT."""
CALLS = (
    "LEAST",
    "GREATEST",
    "ABS",
    "ROUND",
    "FLOOR",
    "CEIL",
    "CEILING",
    "COALESCE",
    "IFNULL",
    "NULLIF",
    "YEAR",
    "QUARTER",
    "MONTH",
    "DAY",
    "ISODOW",
    "DAYOFWEEK_ISO",
    "EXTRACT",
    "WIDTH_BUCKET",
    "STARTS_WITH",
)
"""Functions of single values."""
SUPPORTED_VALUES = (
    "supported values are: columns, numbers, 'keys', DATE '2016-05-01', +, -, *, /, CASE, LEAST, "
    "GREATEST, ABS, ROUND, FLOOR, COALESCE, NULLIF, YEAR, QUARTER, MONTH, DAY, ISODOW and "
    "WIDTH_BUCKET"
)

PEOPLE_FIRST = (
    "WITH makes rows into people: WITH name AS (SELECT person, SUM(column) AS total, COUNT(*) AS "
    "visits FROM dataset WHERE conditions GROUP BY person) SELECT ... FROM name; of a column there "
    "are COUNT, SUM, MIN, MAX, COUNT(DISTINCT column) and ANY_VALUE"
)

_SHOWN = 40
"""Characters of the asker's own text that a message repeats."""


def counted(number: int, noun: str) -> str:
    """Write `1 cell`, `2 cells`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shown(text: str) -> str:
    """Quote the asker's own text: short, and without what cannot be printed."""
    safe = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)
    return f"'{safe}'" if len(safe) <= _SHOWN else f"'{safe[:_SHOWN]}…'"
