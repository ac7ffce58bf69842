"""The demo's three questions, answered a second time by SQL that was written by hand."""

from __future__ import annotations

import math
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx

DEMO = Path(__file__).parents[3] / "docs" / "demo"
LAST_QUARTER = "orders.ordered_at >= '2026-04-01' AND orders.ordered_at < '2026-07-01'"

QUESTIONS = {
    "orders and buyers by region": (
        "--measure orders.order_count --measure orders.buyers --dimension regions.name "
        f"--filter|{LAST_QUARTER}",
        """SELECT (SELECT r.name FROM regions r WHERE r.id = c.region_id), count(*),
             count(DISTINCT o.customer_id)
           FROM orders o, customers c WHERE c.id = o.customer_id
           AND o.ordered_at >= '2026-04-01' AND o.ordered_at < '2026-07-01' GROUP BY 1""",
    ),
    "revenue and margin by month": (
        "--measure order_items.revenue --measure order_items.margin "
        "--dimension orders.ordered_at:month "
        "--filter|orders.ordered_at >= '2026-01-01'",
        """SELECT substr(o.ordered_at, 1, 7) || '-01', sum(i.quantity * i.unit_price) / 100.0,
             sum(i.quantity * p.unit_cost) / 100.0,
             sum(i.quantity * (i.unit_price - p.unit_cost)) / 100.0,
             1.0 - 1.0 * sum(i.quantity * p.unit_cost) / sum(i.quantity * i.unit_price)
           FROM orders o, order_items i, products p
           WHERE i.order_id = o.id AND p.id = i.product_id AND o.status = 'paid'
           AND o.ordered_at >= '2026-01-01'
           GROUP BY 1""",
    ),
    "revenue and refunds by category": (
        "--measure order_items.revenue --measure returns.refunds --dimension categories.name",
        """SELECT c.name,
             (SELECT sum(i.quantity * i.unit_price) / 100.0 FROM order_items i, orders o
              WHERE o.id = i.order_id AND o.status = 'paid'
              AND i.product_id IN (SELECT id FROM products WHERE category_id = c.id)),
             (SELECT sum(x.refund) / 100.0 FROM returns x, order_items i
              WHERE i.id = x.order_item_id
              AND i.product_id IN (SELECT id FROM products WHERE category_id = c.id))
           FROM categories c""",
    ),
}


def by_first(rows: list[Any]) -> list[list[Any]]:
    """Rows in an order that does not depend on the database's."""
    return sorted((list(row) for row in rows), key=lambda row: (row[0] is not None, row[0] or ""))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The demo's project, made as the demo makes it."""
    project = tmp_path / "shop"
    shutil.copytree(DEMO, project)
    with sqlite3.connect(project / "shop.db") as database:
        database.executescript((DEMO / "shop.sql").read_text())
    database.close()
    return project


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_demos_answers_are_right(ready: Ktx, shop: Path, name: str) -> None:
    """Every group and every number, NULL groups and empty categories included."""
    question, by_hand = QUESTIONS[name]
    words, _, condition = question.partition("|")
    arguments = [*words.split(), *([condition] if condition else [])]
    answer = ready.json(
        "sl", "query", *arguments, "--project-dir", str(shop), "--execute", "--format", "json"
    )
    with sqlite3.connect(shop / "shop.db") as database:
        expected = by_first(database.execute(by_hand).fetchall())
    database.close()
    actual = by_first(answer["rows"])
    assert [row[0] for row in actual] == [row[0] for row in expected]
    for row, other in zip(actual, expected, strict=True):
        for value, right in zip(row[1:], other[1:], strict=True):
            assert value == right or math.isclose(value, right, rel_tol=1e-9), (row, other)


def test_the_demo_runs_and_prints_commands_that_can_be_typed_again(
    ready: Ktx, tmp_path: Path
) -> None:
    """The script itself, then each query that it printed, through a shell."""
    command = [str(DEMO / "run.sh"), str(ready.binary), str(tmp_path / "shop")]
    result = subprocess.run(
        command, env=ready.environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stderr
    printed = [
        line[2:]
        for line in result.stdout.splitlines()
        if line.startswith("$ ") and " sl query " in line
    ]
    assert len(printed) == 6
    for line in printed:
        again = subprocess.run(
            ["/bin/sh", "-c", line],
            env=ready.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert again.returncode == 0, again.stderr
        assert again.stdout in result.stdout
