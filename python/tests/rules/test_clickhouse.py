"""What is ClickHouse's own: its types, its words, its defaults where others have NULL.

All of it is executed there; see `--engine`.
"""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database, Row, of_dialect

CREATED = [
    "DROP TABLE IF EXISTS sales",
    """CREATE TABLE sales (
        id UInt32, shop UInt32, net Decimal(10, 2), fee Decimal(10, 0), part Decimal(12, 4),
        on_day Date, old Date32, at DateTime, berlin DateTime('Europe/Berlin'),
        exact DateTime64(9), kind LowCardinality(String), tags Array(String), note String
    ) ENGINE = Memory""",
    r"""INSERT INTO sales VALUES
        (1, 1, 1.00, 7, 2, '2026-03-05', '1960-02-15', '2026-03-05 23:30:00',
         '2026-03-06 00:30:00', '2026-03-05 23:30:00.5', 'web', ['a'], 'O''Brien'),
        (2, 9, 1.01, 8, 0, '2026-03-06', '1961-05-20', '2026-03-06 00:30:00',
         '2026-03-06 01:30:00', '2026-03-06 00:30:00.25', 'shop', [], 'a\\b 100%')""",
    "DROP TABLE IF EXISTS shops",
    "CREATE TABLE shops (id UInt32, name LowCardinality(String), desks UInt8) ENGINE = Memory",
    "INSERT INTO shops VALUES (1, 'north', 3)",
]


def named(*columns: str) -> list[dict[str, str]]:
    """Return declarations; `name:type` where it is no number."""
    parts = (column.partition(":") for column in columns)
    return [{"name": name, "type": type_ or "number"} for name, _, type_ in parts]


SALES: dict[str, Any] = {
    "name": "sales",
    "table": "sales",
    "grain": ["id"],
    "columns": named(
        *("id", "shop", "net", "fee", "part", "on_day:time", "old:time", "at:time"),
        *("berlin:time", "exact:time", "kind:string", "tags:string", "note:string"),
    ),
    "joins": [{"to": "shops", "on": "shop = shops.id", "relationship": "many_to_one"}],
    "measures": [
        {"name": "n", "expr": "count(*)"},
        {"name": "revenue", "expr": "sum(net)"},
        {"name": "aov", "expr": "revenue / n"},
    ],
}
SHOPS: dict[str, Any] = {
    "name": "shops",
    "table": "shops",
    "grain": ["id"],
    "columns": named("id", "name:string", "desks"),
}
MODEL = {"sales": SALES, "shops": SHOPS}


@pytest.fixture
def clickhouse(databases: list[Database]) -> Database:
    """The database with its tables, of plain columns whatever the mode."""
    database = of_dialect(databases, "clickhouse")
    database.run(CREATED)
    return database


def asked(
    database: Database,
    *measures: Any,
    by: Any = None,
    where: str = "",
    model: Any = MODEL,
    **rest: Any,
) -> list[Row]:
    """Return the rows of a question."""
    query = {
        "measures": list(measures),
        "dimensions": [by] if by else [],
        "filters": [where] if where else [],
        **rest,
    }
    sql = SemanticEngine.from_sources(model, "clickhouse").query(query).sql
    return database.rows(sql)


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("sales.aov", 1.005),
        ("avg(sales.net)", 1.005),
        ("median(sales.net)", 1.005),
        ("percentile(sales.fee, 0.5)", 7.5),
        ("sum(sales.fee / sales.part)", 3.5),
        ("sum(sales.net / 8)", 0.25125),
        ("sum(sales.fee) / sum(sales.part)", 7.5),
    ],
)
def test_decimals_are_divided_and_averaged_as_real_numbers(
    clickhouse: Database, expr: str, value: float
) -> None:
    ((*_, found),) = asked(clickhouse, expr)
    assert found == pytest.approx(value)


def test_no_rows_and_no_match_are_null_without_a_setting(clickhouse: Database) -> None:
    none = "sales.id > 5"
    measures = ["sum(sales.net)", "min(sales.note)", "max(sales.at)", "avg(sales.fee)", "sales.n"]
    assert asked(clickhouse, *measures, where=none) == [(None, None, None, None, 0)]
    own = ["quantileTDigest(0.5)(sales.id)", "argMax(sales.note, sales.at)", "uniq(sales.kind)"]
    assert asked(clickhouse, *own, where=none) == [(None, None, 0)]
    assert asked(clickhouse, *own) == [(pytest.approx(1.5, abs=0.6), r"a\b 100%", 2)]
    names = [("north", 1), (None, 1)]
    assert asked(clickhouse, "sales.n", by="shops.name") == names
    assert asked(clickhouse, "sales.n", where="shops.desks = 0 OR shops.name = ''") == [(0,)]
    assert asked(clickhouse, "sum(shops.desks * sales.id)", where="sales.id = 2") == [(None,)]


def test_the_statement_changes_no_setting(clickhouse: Database) -> None:
    query = {"measures": ["sales.n"], "dimensions": ["shops.name"]}
    sql = SemanticEngine.from_sources(MODEL, "clickhouse").query(query).sql
    assert "SETTINGS" not in sql
    assert "toNullable(shops.name) AS name" in sql


@pytest.mark.parametrize(
    ("column", "granularity", "days"),
    [
        ("on_day", "hour", ["2026-03-05 00:00:00", "2026-03-06 00:00:00"]),
        ("old", "second", ["1960-02-15 00:00:00", "1961-05-20 00:00:00"]),
        ("old", "week", ["1960-02-15", "1961-05-15"]),
        ("old", "quarter", ["1960-01-01", "1961-04-01"]),
        ("at", "day", ["2026-03-05", "2026-03-06"]),
        ("berlin", "day", ["2026-03-05", "2026-03-06"]),
        ("exact", "second", ["2026-03-05 23:30:00", "2026-03-06 00:30:00"]),
        ("exact", "year", ["2026-01-01"]),
    ],
)
@pytest.mark.parametrize("session", ["UTC", "America/New_York"])
def test_every_type_is_cut_in_the_stated_zone(
    clickhouse: Database, column: str, granularity: str, days: list[str], session: str
) -> None:
    # The columns are filled by a session in UTC; what a session says later changes nothing.
    clickhouse.set_zone(session)
    try:
        by = {"field": f"sales.{column}", "granularity": granularity}
        assert [row[0] for row in asked(clickhouse, "sales.n", by=by)] == days
    finally:
        clickhouse.set_zone("UTC")


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("sales.{} >= '2026-03-06'", [2]),
        ("sales.{} > '2026-03-05 23:45'", [2]),
        ("sales.{} <= DATE '2026-03-05'", {"on_day": [1]}),
        ("sales.{} BETWEEN '2026-03-06 00:00:00' AND '2026-03-06T01:00:00+00:00'", [2]),
        ("NOT (sales.{} IN ('2026-03-06', '2026-03-06 00:30:00', '2026-03-06 00:30:00.25'))", [1]),
        ("sales.{} NOT IN ('2026-03-05', '2026-03-05 23:30:00', '2026-03-05 23:30:00.5')", [2]),
        ("(sales.{0}, sales.id) IN (('2026-03-06', 2), ('2026-03-06 00:30:00', 2))", None),
        ("CASE WHEN sales.{} < TIMESTAMP '2026-03-06 00:00:00' THEN 1 ELSE 0 END = 1", [1]),
    ],
)
@pytest.mark.parametrize("column", ["on_day", "at", "berlin", "exact"])
@pytest.mark.parametrize("session", ["UTC", "America/New_York"])
def test_a_text_is_compared_with_every_type(
    clickhouse: Database, condition: str, ids: Any, column: str, session: str
) -> None:
    if ids is None:
        ids = [] if column == "exact" else [2]
    elif isinstance(ids, dict):
        ids = ids.get(column, [])
    clickhouse.set_zone(session)
    try:
        rows = asked(clickhouse, "sales.n", by="sales.id", where=condition.format(column))
        assert [row[0] for row in rows] == ids
    finally:
        clickhouse.set_zone("UTC")


@pytest.mark.parametrize("column", ["id", "note"])
def test_what_is_no_time_is_refused(clickhouse: Database, column: str) -> None:
    columns = [item | {"type": "time"} if item["name"] == column else item for item in named("id")]
    model = {"sales": SALES | {"columns": columns, "joins": []}}
    for granularity in ("hour", "day", "month"):
        by = {"field": f"sales.{column}", "granularity": granularity}
        model["sales"]["columns"] = named("id:time", "note:time")
        query = {"measures": ["sales.n"], "dimensions": [by]}
        sql = SemanticEngine.from_sources(model, "clickhouse").query(query).sql
        with pytest.raises(Exception, match="Illegal type"):
            clickhouse.rows(sql)


def test_a_number_that_is_compared_with_a_time_is_found(clickhouse: Database) -> None:
    def found(column: str, **rest: Any) -> list[list[Row]]:
        model = {"sales": SALES | {"columns": named(f"{column}:time"), "joins": []}}
        engine = SemanticEngine.from_sources(model, "clickhouse")
        result = engine.query({"measures": ["sales.n"], **rest})
        return [clickhouse.rows(check.sql) for check in result.checks]

    # ClickHouse itself compares 1 and 2 with the moment as a number, without a word.
    assert found("id", filters=["sales.id < '2026-01-01'"]) == [[(1,)]]
    for column in ("on_day", "old", "at", "berlin", "exact"):
        assert found(column, filters=[f"sales.{column} < '2026-01-01'"]) == [[]]
        assert found(column, dimensions=[{"field": f"sales.{column}", "granularity": "day"}]) == []


def test_a_sum_is_as_long_as_its_depth_allows(clickhouse: Database) -> None:
    def long(terms: int) -> str:
        return f"sum(sales.id + {' + '.join(['0'] * (terms - 1))})"

    assert asked(clickhouse, long(450)) == [(3,)]
    with pytest.raises(SemanticError, match="nested too deeply"):
        asked(clickhouse, long(451))


@pytest.mark.parametrize(
    ("condition", "n"),
    [
        ("sales.note = 'O''Brien'", 1),
        (r"sales.note = 'O\'Brien'", 1),
        (r"sales.note = 'a\\b 100%'", 1),
        (r"sales.note LIKE '%100\\%'", 1),
        (r"sales.note LIKE 'a\\\\b%'", 1),
        ("sales.kind IN ('web', 'x''y')", 1),
        ("has(sales.tags, 'a')", 1),
    ],
)
def test_texts_keep_their_escapes(clickhouse: Database, condition: str, n: int) -> None:
    assert asked(clickhouse, "sales.n", where=condition) == [(n,)]
    segment = [{"name": "some", "expr": condition.replace("sales.", "")}]
    model = {"sales": SALES | {"segments": segment, "joins": []}}
    assert asked(clickhouse, "sales.n", model=model, segments=["sales.some"]) == [(n,)]


ODD = [
    "DROP TABLE IF EXISTS orders",
    """CREATE TABLE orders (
        id Int32, orders Tuple(total Int32, id Int32), total Int32, lines Nullable(Int32)
    ) ENGINE = Memory""",
    "INSERT INTO orders VALUES (1, (100, 9), 5, 3), (2, (200, 9), 7, NULL)",
    "DROP TABLE IF EXISTS lines",
    """CREATE TABLE lines (id Int32, `null` Nullable(Int32)) ENGINE = Memory""",
    "INSERT INTO lines VALUES (1, 11), (2, 13)",
]
LINES: dict[str, Any] = {
    "name": "lines",
    "table": "lines",
    "grain": ["id"],
    "columns": named("id", "null"),
}


@pytest.mark.parametrize(
    "rows_of_lines", [{"table": "lines"}, {"sql": "SELECT * FROM lines", "table": None}]
)
def test_a_part_of_a_column_is_no_column_of_its_namesake(
    clickhouse: Database, rows_of_lines: dict[str, Any]
) -> None:
    """`orders.total` could be a part of a column `orders`, `lines."null"` of a column `lines`."""
    clickhouse.run(ODD)
    orders = {
        "name": "orders",
        "table": "orders",
        "grain": ["id"],
        "columns": named("id", "orders", "total", "lines"),
        "joins": [{"to": "lines", "on": "id = lines.id", "relationship": "many_to_one"}],
        "measures": [{"name": "n", "expr": "count(*)"}],
    }
    model = {"orders": orders, "lines": {**LINES, **rows_of_lines}}
    rows = asked(
        clickhouse,
        "sum(orders.total)",
        'sum(lines."null")',
        by='lines."null"',
        where='orders.id > 0 AND lines."null" > 0',
        model=model,
    )
    assert rows == [(11, 5, 11), (13, 7, 13)]
