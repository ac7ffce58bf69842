"""Nothing in a question or a model may stand for columns that it does not name."""

from __future__ import annotations

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.parser import DIALECTS
from support.asking import Asker
from support.shop import model

EVERYWHERE = [
    "max(concat(*))",
    "max(coalesce(orders.*))",
    "count(distinct *)",
    "count(distinct orders.*)",
    "sum(*)",
    "min(f(orders.status, *))",
    "max(case when orders.id > 1 then g(orders.*) end)",
    "max(concat(orders.status, h(h(*))))",
]
OF_A_DIALECT = {
    "duckdb": [
        "max(COLUMNS('cost'))",
        "sum(COLUMNS(*))",
        "max(COLUMNS(c -> c LIKE 'co%'))",
        "max(coalesce(*COLUMNS('co.*')))",
        "max(struct_pack(*))",
        "max(row(orders.*))",
        "max({'a': COLUMNS('cost')})",
        "max(list_value(*))",
        "count(* EXCLUDE (id))",
        "max(#5)",
    ],
    "postgres": [
        "max(row(orders.*)::text)",
        "max(row_to_json(orders.*)::text)",
        "max(query_to_xml('select cost from orders', true, false, '')::text)",
        "max(table_to_xml('orders', true, false, '')::text)",
    ],
    "snowflake": ["max(OBJECT_CONSTRUCT(*))", "max(HASH(*))"],
    "clickhouse": ["max(tuple(*))", "max(COLUMNS('cost'))"],
    "bigquery": ["max(to_json_string(struct(orders.*)))"],
    "spark": ["max(struct(*))", "max(to_json(struct(orders.*)))"],
}
_WHY = "not named|what a text tells it|is the place of a column|sqlite has no function"
CASES = [(dialect, text) for dialect in DIALECTS for text in EVERYWHERE]
CASES += [(dialect, text) for dialect, texts in OF_A_DIALECT.items() for text in texts]


@pytest.mark.parametrize(("dialect", "text"), CASES)
def test_an_expansion_is_refused_wherever_it_stands(dialect: str, text: str) -> None:
    engine = SemanticEngine.from_sources(model(), dialect)
    inner = text.removeprefix("max(").removeprefix("sum(").removesuffix(")")
    questions = [
        {"measures": [text]},
        {"measures": ["orders.order_count"], "filters": [f"{text} > 1"]},
        {"measures": ["orders.order_count"], "filters": [f"({inner}) = 'x'"]},
        {"measures": [f"count(orders.id) FILTER (WHERE ({inner}) = 'x')"]},
    ]
    for question in questions:
        with pytest.raises(SemanticError):
            pytest.fail(engine.query(question).sql)
    # For that reason, and no other that the text may give as well.
    with pytest.raises(SemanticError, match=_WHY):
        engine.query(questions[0])


@pytest.mark.parametrize(("dialect", "text"), CASES)
def test_the_model_may_not_either(dialect: str, text: str) -> None:
    changed = model()
    changed["orders"]["measures"].append({"name": "m", "expr": text})
    with pytest.raises(SemanticError):
        pytest.fail(SemanticEngine.from_sources(changed, dialect).query({"measures": ["m"]}).sql)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("duckdb", "max((SUMMARIZE orders))"),
        ("duckdb", "max((DESCRIBE orders))"),
        ("duckdb", "max((FROM orders))"),
        ("duckdb", "max((TABLE orders))"),
        ("postgres", "max((TABLE orders)::text)"),
        ("postgres", "max(orders::text)"),
        ("sqlite", "max(orders.amount) FILTER (WHERE EXISTS (VALUES (1)))"),
        ("sqlite", "max(orders.rowid)"),
    ],
)
def test_no_table_is_read_inside_an_expression(dialect: str, text: str) -> None:
    with pytest.raises(SemanticError):
        pytest.fail(SemanticEngine.from_sources(model(), dialect).query({"measures": [text]}).sql)


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb", "mysql", "tsql", "bigquery"])
def test_other_capitals_do_not_show_a_hidden_column(dialect: str) -> None:
    changed = model()
    changed["orders"]["columns"].append({"name": "COST", "type": "number"})
    engine = SemanticEngine.from_sources(changed, dialect)
    for question in (
        {"measures": ["sum(orders.COST)"]},
        {"measures": ["orders.order_count"], "dimensions": ["orders.COST"]},
        {"measures": ["orders.order_count"], "filters": ["COST > 1"]},
    ):
        with pytest.raises(SemanticError, match="hidden"):
            pytest.fail(engine.query(question).sql)
    SemanticEngine.from_sources(changed, "postgres").query({"measures": ["sum(orders.COST)"]})


@pytest.mark.parametrize(
    ("dialect", "expr"),
    [
        ("postgres", "unnest(string_to_array(status, 'a'))"),
        ("postgres", "regexp_matches(status, 'a', 'g')"),
        ("postgres", "generate_series(1, amount)"),
        ("duckdb", "unnest(string_split(status, 'a'))"),
        ("spark", "explode(split(status, 'a'))"),
        ("clickhouse", "arrayJoin(splitByChar('a', status))"),
        ("snowflake", "flatten(status)"),
    ],
)
def test_a_function_that_repeats_rows_is_no_column(dialect: str, expr: str) -> None:
    changed = model()
    changed["orders"]["columns"].append({"name": "part", "type": "string", "expr": expr})
    question = {"measures": ["orders.order_count"], "dimensions": ["orders.part"]}
    with pytest.raises(SemanticError, match="several values"):
        pytest.fail(SemanticEngine.from_sources(changed, dialect).query(question).sql)


def test_functions_of_these_names_that_repeat_nothing_are_columns() -> None:
    engine = SemanticEngine.from_sources(model(), "duckdb")
    engine.query({"measures": ["count(*) FILTER (WHERE regexp_matches(orders.status, 'a'))"]})


def test_rows_may_be_counted(ask: Asker) -> None:
    assert ask("count(orders.*)", "orders.order_count") == [(5, 5)]
    assert ask("count(*)", by=("orders.status",)) == [("open", 1), ("paid", 3), ("refunded", 1)]
