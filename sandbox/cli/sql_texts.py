"""What `datarange sql` teaches: the subset of SQL, with examples that the tests compile."""

from sandbox.cli.language import Phrase

LEAD = Phrase(
    "One SELECT of aggregates over one dataset. Whatever is not listed here is refused with its "
    "line and column, and costs nothing.",
    "每次查询为针对一个数据集的一条 SELECT 语句，只返回汇总结果。"
    "未列出的写法将被拒绝并指明行列位置，不扣减预算。",
)
RULES = (
    (
        Phrase("Aggregates", "汇总"),
        Phrase(
            "COUNT(*), COUNT(value), COUNT(DISTINCT person), SUM, AVG, VAR_SAMP or "
            "STDDEV_SAMP(value), COVAR_SAMP or CORR(a, b), REGRESSION(y, x1, x2), SUM(a) / SUM(b)",
            "COUNT(*)、COUNT(值)、COUNT(DISTINCT 个人标识字段)、SUM、AVG、VAR_SAMP、"
            "STDDEV_SAMP(值)、COVAR_SAMP、CORR(甲, 乙)、REGRESSION(因变量, 自变量…)、"
            "SUM(甲) / SUM(乙)",
        ),
    ),
    (
        Phrase("Values", "取值"),
        Phrase(
            "columns, numbers, 'keys', DATE '2016-05-01', + - * /, CASE, LEAST, GREATEST, ABS, "
            "ROUND, FLOOR, CEIL, COALESCE, NULLIF, YEAR, QUARTER, MONTH, DAY, ISODOW (1 is "
            "Monday), WIDTH_BUCKET",
            "字段、数值、'类别'、DATE '2016-05-01'、+ - * /、CASE、LEAST、GREATEST、ABS、"
            "ROUND、FLOOR、CEIL、COALESCE、NULLIF、YEAR、QUARTER、MONTH、DAY、"
            "ISODOW（1 为星期一）、WIDTH_BUCKET",
        ),
    ),
    (
        Phrase("Conditions", "条件"),
        Phrase(
            "= != < <= > >=, BETWEEN, IN, LIKE, STARTS_WITH, IS NULL, AND, OR, NOT",
            "= != < <= > >=、BETWEEN、IN、LIKE、STARTS_WITH、IS NULL、AND、OR、NOT",
        ),
    ),
    (
        Phrase("Groups", "分组"),
        Phrase(
            "GROUP BY columns or expressions with few values, by alias or by place; every declared "
            "key is answered, so there is no HAVING, ORDER BY or LIMIT",
            "GROUP BY 可用字段或取值有限的表达式，也可写别名或序号；"
            "结果包含全部公布的类别，因此没有 HAVING、ORDER BY 和 LIMIT",
        ),
    ),
    (
        Phrase("People first", "先按人汇总"),
        Phrase(
            "WITH name AS (SELECT person, aggregates AS names FROM dataset WHERE conditions GROUP "
            "BY person) SELECT ... FROM name; there COUNT, SUM, MIN, MAX, COUNT(DISTINCT value) "
            "and ANY_VALUE, which is what all rows of a person share",
            "WITH 名称 AS (SELECT 个人标识字段, 汇总 AS 名称 FROM 数据集 WHERE 条件 "
            "GROUP BY 个人标识字段) SELECT … FROM 名称；其中可用 COUNT、SUM、MIN、MAX、"
            "COUNT(DISTINCT 值)，以及 ANY_VALUE（同一人各行相同的值）",
        ),
    ),
    (
        Phrase("Nothing fails on a row", "逐行计算不会出错"),
        Phrase(
            "x / y is null where y is 0; LEAST and GREATEST are null where an argument is; numbers "
            "are exact, and what could overflow is refused beforehand: bound it with LEAST and "
            "GREATEST",
            "y 为 0 时 x / y 为空值；LEAST、GREATEST 的任一参数为空值时结果为空值；"
            "数值精确计算，可能溢出的表达式事先拒绝，请用 LEAST、GREATEST 限定上下界",
        ),
    ),
)
EXAMPLES = (
    (
        Phrase("Visits and mean cost by site", "各机构的就诊人次与平均费用"),
        "SELECT site, COUNT(*), AVG(cost) FROM clinic GROUP BY site",
    ),
    (
        Phrase("People of working age", "劳动年龄人数"),
        "SELECT COUNT(DISTINCT person) FROM clinic WHERE age BETWEEN 18 AND 64",
    ),
    (
        Phrase("Cost above 100 only, by year", "按年度统计超过 100 元的部分"),
        "SELECT YEAR(visited) AS y, SUM(GREATEST(cost - 100, 0)) AS above FROM clinic GROUP BY y",
    ),
    (
        Phrase("Yearly cost of people who came twice or more", "就诊两次以上人员的人均费用"),
        (
            "WITH people AS (SELECT person, SUM(cost) AS total, COUNT(*) AS visits FROM clinic "
            "GROUP BY person) SELECT COUNT(*), AVG(total) FROM people WHERE visits >= 2"
        ),
    ),
    (
        Phrase("Age groups", "年龄分组"),
        "SELECT CASE WHEN age < 18 THEN 'child' ELSE 'adult' END, COUNT(*) FROM clinic GROUP BY 1",
    ),
    (
        Phrase("Keys that begin alike, and days between dates", "按类别前缀与间隔天数筛选"),
        "SELECT COUNT(*) FROM clinic WHERE kind LIKE '三%' AND paid - visited > 30",
    ),
    (
        Phrase("Chinese names and full-width spaces", "中文字段名与全角空格"),
        "SELECT　月份,　COUNT(*)　AS　人次　FROM　clinic　GROUP　BY　月份",
    ),
)
