"""Rules 2 and 6: a filter decides which unmatched rows go, and never changes what stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from semantic_layer import SemanticEngine
from semantic_layer.parser import DIALECTS
from support.asking import Asker
from support.databases import Database
from support.shop import MODEL, TABLES, model

_NUMBERS = st.sampled_from(["orders.amount", "customers.id", "regions.id", "2", "30"])
_VALUES = st.recursive(
    _NUMBERS,
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("(-{})".format, inner),
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("CASE WHEN {} > 1 THEN {} ELSE 1 END".format, inner, inner),
    ),
    max_leaves=3,
)
_COMPARISONS = st.one_of(
    st.builds("{} {} {}".format, _VALUES, st.sampled_from(["=", "<>", "<", ">="]), _VALUES),
    st.builds("{} IS {}NULL".format, _VALUES, st.sampled_from(["", "NOT "])),
    st.builds("{} {}IN (1, 2, 30)".format, _VALUES, st.sampled_from(["", "NOT "])),
    st.builds("{} {}BETWEEN {} AND 40".format, _VALUES, st.sampled_from(["", "NOT "]), _VALUES),
    st.builds("regions.name {}LIKE 'n%'".format, st.sampled_from(["", "NOT "])),
)
CONDITIONS = st.recursive(
    _COMPARISONS,
    lambda inner: st.one_of(
        st.builds("NOT ({})".format, inner),
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
        st.builds("(({}) IS NULL)".format, inner),
    ),
    max_leaves=4,
)
PLAIN_SQL = """
    SELECT sum(amount) FROM orders
    LEFT JOIN customers ON orders.customer_id = customers.id
    LEFT JOIN regions ON customers.region_id = regions.id
    WHERE """


def lookups(condition: str, dialect: str = "duckdb") -> dict[str, str]:
    """Return each looked-up source with the word before JOIN, for a question with a filter."""
    question = {"measures": ["orders.revenue"], "filters": [condition]}
    sql = SemanticEngine.from_sources(MODEL, dialect).query(question).sql
    return {name: side for side, name in re.findall(r"(\w*) ?JOIN \W?(\w+)", sql)}


# Orders 4 and 5 find no customer, and customer 3, who has no region, no order.
@pytest.mark.parametrize(
    ("condition", "revenue"),
    [
        ("regions.name = 'north'", 30),
        ("regions.name <> 'north'", 30),
        ("NOT regions.name = 'north'", 30),
        ("NOT (regions.name <> 'north' OR regions.name IS NULL)", 30),
        ("regions.name IS NULL", 90),
        ("NOT regions.name IS NULL", 60),
        ("NOT (regions.name IS NOT NULL)", 90),
        ("(regions.name = 'north') IS NULL", 90),
        ("coalesce(regions.name, 'none') = 'none'", 90),
        ("CASE WHEN regions.id IS NULL THEN 1 ELSE 0 END = 1", 90),
        ("regions.name = 'north' OR orders.amount = 40", 70),
        ("regions.name = 'north' OR customers.name = 'Bob'", 60),
        ("regions.name = 'north' AND orders.amount = 10", 10),
        ("NOT (regions.name = 'north' AND orders.amount = 10)", 140),
        ("NOT (regions.name = 'north' OR orders.amount = 10)", 30),
        ("regions.name IN ('north', 'south')", 60),
        ("regions.name NOT IN ('north')", 30),
        ("regions.name LIKE 'n%'", 30),
        ("regions.name NOT LIKE 'n%'", 30),
        ("customers.id BETWEEN 1 AND 2", 60),
        ("NOT (customers.id BETWEEN 1 AND 1)", 30),
        ("customers.id + orders.id > 3", 30),
        ("customers.label <> 'nameless'", 60),
        ("customers.region_id = regions.id", 60),
        ("orders.amount > 20", 120),
    ],
)
def test_filter_on_a_lookup(ask: Asker, condition: str, revenue: int) -> None:
    assert ask("orders.revenue", filters=[condition]) == [(revenue,)]
    rows = ask("orders.revenue", by=("regions.name",), filters=[condition], include_empty=False)
    assert sum(row[1] for row in rows) == revenue


def test_any_filter_keeps_the_rows_that_left_joins_would(databases: list[Database]) -> None:
    for database in databases:
        database.load(TABLES)

    @settings(
        max_examples=150,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CONDITIONS)
    def check(condition: str) -> None:
        question = {"measures": ["orders.revenue"], "filters": [condition]}
        for database in databases:
            sql = SemanticEngine.from_sources(MODEL, database.dialect).query(question).sql
            plain_sql = f"{PLAIN_SQL}{condition}{database.as_standard}"
            assert database.rows(sql) == database.rows(plain_sql), condition

    check()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_filter_that_needs_a_match_needs_no_outer_join(dialect: str) -> None:
    inner = {"customers": "", "regions": ""}
    assert lookups("regions.name = 'north'", dialect) == inner
    assert lookups("regions.name = 'north' OR regions.id = customers.id", dialect) == inner


def test_only_the_lookups_that_must_match_are_inner() -> None:
    sides = lookups("regions.name = 'north' OR customers.name = 'Bob'")
    assert sides == {"customers": "LEFT", "regions": "LEFT"}
    sides = lookups("customers.name = 'Bob' AND coalesce(regions.name, 'x') <> 'y'")
    assert sides == {"customers": "", "regions": "LEFT"}


def test_a_measure_filter_removes_no_row(ask: Asker) -> None:
    changed = model()
    changed["orders"]["measures"].append(
        {"name": "north", "expr": "sum(amount)", "filter": "regions.name = 'north'"}
    )
    assert ask("orders.north", "orders.order_count", model=changed) == [(30, 5)]


def test_each_fact_needs_its_own_matches(ask: Asker) -> None:
    rows = ask(
        "orders.revenue",
        "refunds.refunded",
        by=("customers.name",),
        filters=["regions.name = 'east' OR customers.name = 'Ann'"],
    )
    assert rows == [("Ann", 30, 5), ("Dan", None, 7)]
