"""What a query prints: JSON for programs, a table for people, SQL and CSV when asked."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

from harness import Ktx, query

BY_STATUS = (
    "--measure",
    "orders.revenue",
    "--dimension",
    "orders.status",
    "--order-by",
    "orders.status",
)


def test_json_is_the_whole_answer(ready: Ktx, warehouse: Path) -> None:
    """Keys in the order that clients know, and nothing else on stdout."""
    answer = ready.json(*query(warehouse, *BY_STATUS, "--execute"))
    keys = list(answer)
    assert keys[:7] == ["connectionId", "dialect", "sql", "headers", "rows", "totalRows", "plan"]
    assert (answer["connectionId"], answer["dialect"]) == ("warehouse", "sqlite")
    assert answer["headers"] == ["orders.status", "orders.order_count", "orders.revenue"]
    assert answer["rows"] == [["open", 1, 10], ["paid", 2, 50]]
    assert answer["totalRows"] == 2
    assert answer["warnings"] == []
    assert answer["plan"]["execution"] == {
        "mode": "executed",
        "driver": "sqlite",
        "maxRows": None,
        "rowCount": 2,
    }


def test_a_row_cap_is_honoured_and_reported(ready: Ktx, warehouse: Path) -> None:
    """--max-rows cuts what is returned."""
    answer = ready.json(*query(warehouse, *BY_STATUS, "--execute", "--max-rows", "1"))
    assert answer["rows"] == [["open", 1, 10]]
    assert answer["plan"]["execution"]["maxRows"] == 1


def test_sql_is_the_statement_and_a_newline(ready: Ktx, warehouse: Path) -> None:
    """It can be piped into a database shell."""
    sql = ready.ok(*query(warehouse, *BY_STATUS, "--format", "sql"))
    assert sql == ready.json(*query(warehouse, *BY_STATUS))["sql"] + "\n"
    shell = subprocess.run(
        ["sqlite3", str(warehouse / "warehouse.db")],
        input=sql,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == "open|1|10\npaid|2|50\n"


def test_csv_has_a_header_and_the_rows(ready: Ktx, warehouse: Path) -> None:
    """One line a row."""
    text = ready.ok(*query(warehouse, *BY_STATUS, "--execute", "--format", "csv"))
    assert text.splitlines() == [
        "orders.status,orders.order_count,orders.revenue",
        "open,1,10",
        "paid,2,50",
    ]


def test_a_terminal_gets_a_table(ready: Ktx, warehouse: Path) -> None:
    """Through a real pseudo-terminal; the numbers stand under their headers."""
    controller, terminal = pty.openpty()
    process = ready.start(
        *query(warehouse, *BY_STATUS, "--execute"), stdout=terminal, stderr=subprocess.DEVNULL
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            chunk = os.read(controller, 4096)
        except OSError:  # how Linux says that the other side is closed
            break
        shown += chunk
    os.close(controller)
    assert process.wait(timeout=60) == 0
    text = shown.decode()
    assert "orders.status" in text
    assert "{" not in text
    paid = next(line for line in text.splitlines() if "paid" in line)
    header = next(line for line in text.splitlines() if "orders.revenue" in line)
    assert paid.rstrip().index("50") + 2 == header.index("orders.revenue") + len("orders.revenue")


def test_equal_questions_give_equal_bytes(ready: Ktx, warehouse: Path) -> None:
    """Nothing in the answer depends on when or how often it is asked."""
    first, second = (ready.ok(*query(warehouse, *BY_STATUS)) for _ in range(2))
    assert first == second
    assert json.loads(first)["plan"]["execution"]["mode"] == "compile_only"
