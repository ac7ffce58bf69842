"""`ktx sl query --explain` on the built binary: the plan in words, and nothing executed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from harness import Ktx, query

BY_REGION = ("--measure", "orders.revenue", "--dimension", "customers.region")
CUSTOMERS = (
    "name: customers\ntable: customers\ngrain: [{grain}]\ncolumns:\n"
    "  - {{name: id, type: number}}\n  - {{name: region, type: string}}\n"
)


@pytest.fixture
def joined(warehouse: Path) -> Path:
    """The orders with customers to look up, and visits that know neither."""
    sources = warehouse / "semantic-layer" / "warehouse"
    with (sources / "orders.yaml").open("a") as orders:
        orders.write(
            'joins:\n  - {to: customers, "on": id = customers.id, relationship: many_to_one}\n'
        )
    (sources / "customers.yaml").write_text(CUSTOMERS.format(grain="id"))
    (sources / "visits.yaml").write_text(
        "name: visits\ntable: visits\ngrain: [id]\ncolumns: [{name: id, type: number}]\n"
        "measures: [{name: visit_count, expr: count(id)}]\n"
    )
    return warehouse


def statements(explanation: Any) -> list[str]:
    """Every statement of an explanation, from the top."""
    below = [text for child in explanation["children"] for text in statements(child)]
    return [explanation["text"], *below]


def test_the_tree_is_drawn_and_nothing_is_executed(ready: Ktx, joined: Path) -> None:
    """There is no table of customers, nor any database: the words come from the model alone."""
    (joined / "warehouse.db").unlink()
    result = ready.run(*query(joined, *BY_REGION, "--no-include-empty", "--explain"))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "orders.order_count and orders.revenue by customers.region",
        "├─ Dimensions, one group for each combination",
        "│  └─ customers.region",
        "├─ Aggregate orders by customers.region, each of its rows once",
        "│  ├─ looks up by LEFT JOIN: a row of orders without a match stays, with NULLs",
        "│  │  └─ join customers on orders.id = customers.id",
        "│  │     └─ many_to_one: customers.id is the grain of customers, "
        "so no row of orders is repeated",
        "│  ├─ COUNT(*) for orders.order_count",
        "│  └─ SUM(orders.amount) for orders.revenue",
        "├─ Empty groups are left out (include_empty is off): a value needs a row of a fact",
        "├─ Measures",
        "│  ├─ orders.order_count = count(*)",
        "│  └─ orders.revenue = sum(amount)",
        "└─ Order by customers.region, NULLs last; at most 1000 rows",
        "   └─ by customers.region too, so that a limit always cuts at the same place",
    ]


def test_json_holds_the_same_statements_beside_the_answer(ready: Ktx, joined: Path) -> None:
    """And an answer that was not asked to explain itself is byte for byte the rest of it."""
    words = query(joined, *BY_REGION)
    tree = ready.ok(*words, "--explain")
    answer = ready.json(*words, "--explain", "--format", "json")
    explanation = answer.pop("explanation")
    assert statements(explanation) == [line.lstrip("│├└─ ") for line in tree.splitlines()]
    assert answer == ready.json(*words, "--format", "json")


def test_a_join_that_the_grain_does_not_prove_is_a_warning(ready: Ktx, joined: Path) -> None:
    """In the tree, and on stderr of every text format with its place in the file."""
    sources = joined / "semantic-layer" / "warehouse"
    (sources / "customers.yaml").write_text(CUSTOMERS.format(grain="id, region"))
    place = "semantic-layer/warehouse/orders.yaml:12:27"
    explained = ready.run(*query(joined, *BY_REGION, "--explain"))
    assert "each of its rows once if the joins are as declared" in explained.stdout
    assert "many_to_one is declared, but the equalities of the join do not" in explained.stdout
    sql = ready.run(*query(joined, *BY_REGION, "--format", "sql"))
    table = ready.run(*query(joined, *BY_REGION, "--format", "table"))
    assert explained.stderr == sql.stderr == table.stderr
    assert sql.stderr.startswith(
        f"{place}: warning: The equalities of the join orders.id = customers.id"
    )
    assert sql.stderr.endswith(" [join_grain]\n")
    (warning,) = ready.json(*query(joined, *BY_REGION, "--format", "json"))["warnings"]
    assert (warning["code"], warning["place"]) == ("join_grain", place)


def test_a_filter_says_which_facts_it_reaches(ready: Ktx, joined: Path) -> None:
    """Two facts, of which one has no status."""
    shown = ready.ok(
        *query(
            joined,
            "--measure",
            "visits.visit_count",
            "--filter",
            "orders.status = 'paid'",
        ),
        "--explain",
    )
    assert "applied to the rows of orders before aggregation" in shown
    assert "warning: does not reach visits, which cannot look up orders" in shown
    assert "Merge orders and visits: UNION ALL, then one row" in shown


def test_what_explain_excludes(ready: Ktx, warehouse: Path) -> None:
    """It runs nothing, and has no form as SQL or CSV."""
    for words in (["--execute"], ["--format", "sql"], ["--format", "csv"]):
        assert "--explain" in ready.fails(*query(warehouse, "--explain", *words), code=2)
