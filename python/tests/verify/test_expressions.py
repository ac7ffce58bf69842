"""Expressions mean to the evaluator what they mean to each database, or it says so."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer.errors import SemanticError
from semantic_layer.verify.verification import EQUAL, UNCHECKED
from support.databases import Database, Table
from verify.asking import verified

ALL = ("sqlite", "duckdb", "postgres")
WITH_TIMES = ("duckdb", "postgres")
TABLES: dict[str, Table] = {
    "things": (
        "id INTEGER, x INTEGER, y INTEGER, a TEXT, b TEXT, day DATE, moment TIMESTAMP",
        [
            (1, 5, 2, "  ab c ", "AB", "2024-02-29", "2024-02-29 23:59:59"),
            (2, -7, 0, "x%y_z", "x", "2023-12-31", "2024-01-01 00:00:00"),
            (3, None, 3, None, "", "2024-01-01", None),
            (4, 0, None, "", None, None, "2023-12-31 12:30:00"),
            (5, 12, 5, "ab", "ab", "2024-03-31", "2024-07-04 06:07:08"),
        ],
    )
}


def model(dialect: str, expression: str, type_: str) -> dict[str, Any]:
    return {
        "things": {
            "name": "things",
            "table": "things",
            "grain": ["id"],
            "columns": [
                *({"name": name, "type": "number"} for name in ("id", "x", "y")),
                *({"name": name, "type": "string"} for name in ("a", "b")),
                *({"name": name, "type": "time"} for name in ("day", "moment")),
                {"name": "computed", "type": type_, "expr": expression},
            ],
            "measures": [{"name": "n", "expr": "count(*)"}],
        }
    }


def outcome(database: Database, expression: str, type_: str = "string") -> str:
    database.load(TABLES)
    query = {"measures": ["things.n"], "dimensions": ["things.computed"]}
    return verified(database, model(database.dialect, expression, type_), query).outcome


NUMBERS = (
    *("x + y", "x - y * 2", "x / y", "x * 1.5", "x / 2.0 + y", "-x", "x % y", "(x + 1) * (y - 1)"),
    *("abs(x)", "round(x / 4.0)", "round(x * 1.26, 1)", "nullif(y, 0)", "coalesce(x, y, -1)"),
    *("CASE WHEN x > y THEN x WHEN y IS NULL THEN 0 ELSE y END", "CASE x WHEN 5 THEN 1 END"),
    *("CASE WHEN x > 1 OR y > 1 THEN 1 ELSE 0 END", "CASE WHEN NOT (x > 1) THEN 1 END"),
    *("CASE WHEN x IN (5, 0, NULL) THEN 1 ELSE 0 END", "CASE WHEN x BETWEEN 0 AND 6 THEN 1 END"),
    *("CASE WHEN x NOT IN (5, 12) THEN 1 ELSE 2 END", "CASE WHEN x IS NOT NULL THEN y END"),
    *(
        "CASE WHEN a LIKE '%b%' THEN 1 ELSE 0 END",
        "CASE WHEN a NOT LIKE 'x!%%' ESCAPE '!' THEN 1 END",
    ),
    *("CASE WHEN (x, y) = (5, 2) THEN 1 ELSE 0 END", "length(a)", "sign(x)", "floor(x / 3.0)"),
    *("ceil(x / 3.0)", "CAST(x AS DOUBLE PRECISION) / 3", "CAST(y AS INTEGER)"),
    *("CASE WHEN x IS NOT DISTINCT FROM y THEN 1 ELSE 0 END", "power(2, y)"),
)
TEXTS = (
    *("a || b", "lower(b)", "upper(a)", "trim(a)", "ltrim(a)", "rtrim(a)", "trim(a, ' c')"),
    *("replace(a, 'b', 'xx')", "substr(a, 2, 2)", "coalesce(a, b, 'none')", "nullif(a, '')"),
    *("CASE WHEN a = b THEN 'same' WHEN a <> b THEN 'other' ELSE 'unknown' END",),
    *("CAST(x AS TEXT)", "CASE WHEN a IS NULL THEN 'no' ELSE a END"),
)
OF_TIMES = (
    *("extract(year FROM day)", "extract(month FROM moment)", "extract(hour FROM moment)"),
    *("extract(quarter FROM day)", "extract(week FROM day)", "extract(dow FROM day)"),
    *("day - DATE '2024-01-01'", "CASE WHEN day >= '2024-01-01' THEN 1 ELSE 0 END"),
    *("CASE WHEN moment < TIMESTAMP '2024-01-01 00:00:01' THEN 1 ELSE 0 END",),
    *("CASE WHEN moment > day THEN 1 ELSE 0 END",),
)
TIMES = (
    *("date_trunc('month', moment)", "date_trunc('week', day)", "CAST(moment AS DATE)"),
    *(
        "day + INTERVAL '1 month'",
        "moment - INTERVAL '36 hours'",
        "coalesce(day, DATE '2000-01-01')",
    ),
)
OF_SQLITE = (
    *("strftime('%Y-%m', moment)", "date(moment)", "datetime(day)", "julianday(day)"),
    *("unixepoch(moment)", "CASE WHEN day >= '2024-01-01' THEN 1 ELSE 0 END"),
    *("iif(x > 1, 'big', 'small')", "max(x, y)", "CAST(x * 1.5 AS INTEGER)", "instr(a, 'b')"),
)
CASES = [
    *((dialect, text, "number") for dialect in ALL for text in NUMBERS),
    *((dialect, text, "string") for dialect in ALL for text in TEXTS),
    *((dialect, text, "number") for dialect in WITH_TIMES for text in OF_TIMES),
    *((dialect, text, "time") for dialect in WITH_TIMES for text in TIMES),
    *(("sqlite", text, "string") for text in OF_SQLITE),
    # Older versions of SQLite do not have it.
    *((dialect, "concat(a, '-', b)", "string") for dialect in WITH_TIMES),
]


@pytest.mark.parametrize(("dialect", "expression", "type_"), CASES)
def test_an_expression_is_evaluated_as_the_database_does(
    databases: list[Database], dialect: str, expression: str, type_: str
) -> None:
    database = next(item for item in databases if item.dialect == dialect)
    assert outcome(database, expression, type_) == EQUAL


UNKNOWN = {
    "sqlite": ("printf('%d', x)", "hex(a)", "a GLOB 'x*'", "x & 1"),
    "duckdb": ("regexp_replace(a, 'b', '')", "md5(a)", "a ~ 'x'", "current_date"),
    "postgres": ("md5(a)", "a ~ 'x'", "x & 1", "to_char(moment, 'YYYY')", "current_date"),
}


@pytest.mark.parametrize(
    ("dialect", "expression"), [(name, text) for name in ALL for text in UNKNOWN[name]]
)
def test_what_is_not_known_is_said_with_its_place(
    databases: list[Database], dialect: str, expression: str
) -> None:
    database = next(item for item in databases if item.dialect == dialect)
    database.load(TABLES)
    sources = model(dialect, expression, "string")
    query = {"measures": ["things.n"], "dimensions": ["things.computed"]}
    verdict = verified(database, sources, query)
    assert verdict.outcome == UNCHECKED
    assert verdict.reason is not None
    assert verdict.reason.endswith(" of the column things.computed")


AGGREGATES = (
    *("sum(x)", "sum(distinct y)", "avg(x)", "min(x)", "max(y)", "count(a)", "count(distinct b)"),
    *("median(x)", "percentile(x, 0.9)", "count(*) FILTER (WHERE x > 0)", "count_if(y > 1)"),
    *("sum(x) / count(*)", "max(x) - min(x)", "sum(CASE WHEN a = b THEN 1 ELSE 0 END)"),
    *("round(avg(x), 2)", "coalesce(sum(x) FILTER (WHERE y > 99), 0)", "min(day)", "max(moment)"),
    *("count(distinct day)", "sum(x * y) / nullif(sum(y), 0)"),
)


@pytest.mark.parametrize("expression", AGGREGATES)
def test_an_aggregate_is_that_of_each_database(databases: list[Database], expression: str) -> None:
    for database in databases:
        database.load(TABLES)
        sources = model(database.dialect, "x % 2", "number")
        sources["things"]["measures"].append({"name": "asked", "expr": expression})
        for dimensions in ([], ["things.computed"]):
            query = {"measures": ["things.asked"], "dimensions": dimensions}
            verdict = verified(database, sources, query)
            assert verdict.outcome == EQUAL, (database.dialect, verdict)


def test_what_the_planner_refuses_stays_refused(databases: list[Database]) -> None:
    with pytest.raises(SemanticError, match="revenue"):
        verified(databases[0], model("sqlite", "x", "number"), {"measures": ["things.revenue"]})
