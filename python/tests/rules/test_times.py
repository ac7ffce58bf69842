"""Rule 24: a column says how it keeps times, and then it is a time wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.parser import DIALECTS
from support.asking import Asker
from support.databases import ERRORS, Database, Table


def time_column(name: str, storage: str) -> dict[str, Any]:
    return {"name": name, "type": "time", "storage": storage}


STORED = {"s": "unix", "ms": "unix_ms", "jd": "julian", "iso": "text"}
VISITS: dict[str, Any] = {
    "name": "visits",
    "table": "visits",
    "grain": ["id"],
    "columns": [
        {"name": "id", "type": "number"},
        {"name": "shop", "type": "number"},
        *(time_column(name, storage) for name, storage in STORED.items()),
        {"name": "day_of_s", "type": "time", "expr": "s"},
        {"name": "pages", "type": "number"},
    ],
    "joins": [{"to": "shops", "on": "shop = shops.id", "relationship": "many_to_one"}],
    "measures": [
        {"name": "total", "expr": "sum(pages)"},
        {"name": "late", "expr": "sum(pages)", "filter": "ms >= '2026-02-01'"},
    ],
    "segments": [{"name": "spring", "expr": "iso >= '2026-02-28T22:00:00'"}],
}
SHOPS: dict[str, Any] = {
    "name": "shops",
    "table": "shops",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}, time_column("opened", "unix")],
}
MODEL = {"visits": VISITS, "shops": SHOPS}
# 31 January 23:59:59, 1 February 0:00, and 1 March 0:30 at +02:00, which is 28 February in UTC.
TABLES: dict[str, Table] = {
    "visits": (
        "id INT, shop INT, s BIGINT, ms BIGINT, jd DOUBLE PRECISION, iso TEXT, pages INT",
        [
            (1, 1, 1769903999, 1769903999000, 2461072.499988426, "2026-01-31T23:59:59Z", 10),
            (2, 1, 1769904000, 1769904000000, 2461072.5, "2026-02-01", 20),
            (3, 9, 1772317800, 1772317800000, 2461100.4375, "2026-03-01 00:30:00+02:00", 40),
            (4, 2, None, None, None, None, 80),
        ],
    ),
    "shops": ("id INT, opened BIGINT", [(1, 1769903999), (2, 0)]),
}
BY_MONTH = [("2026-01-01", 10), ("2026-02-01", 60), (None, 80)]


@pytest.mark.parametrize("name", STORED)
def test_a_stored_time_is_grouped_by_its_months(ask: Asker, name: str) -> None:
    by = {"field": f"visits.{name}", "granularity": "month"}
    assert ask("visits.total", by=(by,), model=MODEL, tables=TABLES) == BY_MONTH


@pytest.mark.parametrize("name", STORED)
@pytest.mark.parametrize(
    ("condition", "total"),
    [
        ("{} >= '2026-02-01'", 60),
        ("{} < '2026-02-01 00:00:00'", 10),
        ("{} BETWEEN '2026-02-01' AND '2026-02-28 22:30:00'", 60),
        ("{} = '2026-02-28 22:30:00'", 40),
        ("NOT ({} IN ('2026-02-01'))", 50),
        ("CASE WHEN {} > '2026-02-01' THEN 1 ELSE 0 END = 1", 40),
    ],
)
def test_a_stored_time_is_compared(ask: Asker, name: str, condition: str, total: int) -> None:
    filters = [condition.format(f"visits.{name}")]
    assert ask("visits.total", filters=filters, model=MODEL, tables=TABLES) == [(total,)]


def test_stored_times_in_measures_segments_computed_and_looked_up_columns(ask: Asker) -> None:
    assert ask("visits.late", model=MODEL, tables=TABLES) == [(60,)]
    assert ask("visits.total", segments=["visits.spring"], model=MODEL, tables=TABLES) == [(40,)]
    by = {"field": "visits.day_of_s", "granularity": "day"}
    rows = ask("visits.total", by=(by,), model=MODEL, tables=TABLES)
    assert rows == [("2026-01-31", 10), ("2026-02-01", 20), ("2026-02-28", 40), (None, 80)]
    opened = {"field": "shops.opened", "granularity": "year"}
    rows = ask("visits.total", by=(opened,), include_empty=False, model=MODEL, tables=TABLES)
    assert rows == [("1970-01-01", 80), ("2026-01-01", 30), (None, 40)]
    rows = ask("sum(CASE WHEN visits.s < visits.ms THEN 1 ELSE 0 END)", model=MODEL, tables=TABLES)
    assert rows == [(0,)]
    assert ask("count(distinct visits.s)", model=MODEL, tables=TABLES) == [(3,)]


def test_the_hours_of_a_stored_time_and_of_a_date(ask: Asker) -> None:
    by = {"field": "visits.ms", "granularity": "hour"}
    rows = ask("visits.total", by=(by,), model=MODEL, tables=TABLES)
    assert rows[:2] == [("2026-01-31 23:00:00", 10), ("2026-02-01 00:00:00", 20)]
    columns = [{"name": "d", "type": "time"}, {"name": "n", "type": "number"}]
    days = {"name": "days", "table": "days", "grain": ["d"], "columns": columns}
    table: Table = ("d DATE, n INT", [("2026-03-01", 5), ("2026-03-31", 2)])
    for granularity, rows in {
        "hour": [("2026-03-01 00:00:00", 5), ("2026-03-31 00:00:00", 2)],
        "week": [("2026-02-23", 5), ("2026-03-30", 2)],
        "quarter": [("2026-01-01", 7)],
    }.items():
        by = {"field": "days.d", "granularity": granularity}
        assert ask("sum(days.n)", by=(by,), model={"days": days}, tables={"days": table}) == rows


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STORED)
def test_every_dialect_can_write_a_stored_time(dialect: str, name: str) -> None:
    engine = SemanticEngine.from_sources(MODEL, dialect)
    by = {"field": f"visits.{name}", "granularity": "month"}
    sql = engine.query({"measures": ["visits.total"], "dimensions": [by]}).sql
    assert name in sql


def test_storage_is_of_times() -> None:
    columns = [{"name": "id", "type": "number", "storage": "unix"}]
    engine = SemanticEngine.from_sources(MODEL | {"visits": VISITS | {"columns": columns}})
    with pytest.raises(SemanticError, match="'storage' is of times, and column 'id' is a number"):
        engine.query({"measures": ["visits.total"]})


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "2025-02-29 10:00"])
def test_a_day_that_is_none_is_refused_everywhere(ask: Asker, text: str) -> None:
    for condition in (f"visits.s >= '{text}'", f"visits.iso < TIMESTAMP '{text}'"):
        error = ask.refused("visits.total", filters=[condition], model=MODEL)
        assert f"'{text}' is compared with a time and is none: there is no such day" in str(error)


@pytest.mark.parametrize("measure", ["avg", "sum", "median"])
def test_times_have_no_average(ask: Asker, measure: str) -> None:
    error = ask.refused(f"{measure}(visits.s)", model=MODEL)
    assert "times have no sum, average, median or percentile" in str(error)
    assert str(error.fix).startswith("Use min, max or count")


def test_texts_that_are_said_to_be_times_are_not_compared_as_texts(
    databases: list[Database],
) -> None:
    columns = [{"name": "moment", "type": "time"}, {"name": "v", "type": "number"}]
    model = {"t": {"name": "t", "table": "t", "grain": ["moment"], "columns": columns}}
    rows = [("2026-03-05T08:00:00", 1), ("2026-03-05T13:00:00", 2)]
    query = {"measures": ["sum(t.v)"], "filters": ["t.moment >= '2026-03-05 12:00:00'"]}
    for database in databases:
        database.load({"t": ("moment TEXT, v INT", rows)})
        sql = SemanticEngine.from_sources(model, database.dialect).query(query).sql
        if database.dialect in ("sqlite", "spark"):  # They read the texts as times.
            assert database.rows(sql) == [(2,)]
        else:
            with pytest.raises(ERRORS, match=r"not exist|annot (compare|apply)|No operation"):
                database.rows(sql)


@pytest.mark.parametrize(
    ("condition", "total"),
    [
        ("d >= '2026-03-05 12:00:00'", 2),
        ("d >= '2026-03-05'", 3),
        ("d IN ('2026-03-05', '2026-03-06T00:00:00')", 3),
        ("d < '2026-03-06T01:00:00+02:00'", 1),
    ],
)
def test_a_date_is_compared_with_the_hours_of_a_text(
    ask: Asker, condition: str, total: int
) -> None:
    columns = [{"name": "d", "type": "time"}, {"name": "v", "type": "number"}]
    model = {"days": {"name": "days", "table": "days", "grain": ["d"], "columns": columns}}
    table: Table = ("d DATE, v INT", [("2026-03-05", 1), ("2026-03-06", 2)])
    filters = [f"days.{condition}"]
    assert ask("sum(days.v)", filters=filters, model=model, tables={"days": table}) == [(total,)]
