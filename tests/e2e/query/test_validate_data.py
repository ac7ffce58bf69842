"""`ktx sl validate --data` on the built binary: the rows of the demo's shop, and planted faults."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from harness import Ktx
from test_validate import DEMO, findings, place, replace, validate


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the demo's project with its database."""
    project = Path(shutil.copytree(DEMO, tmp_path / "shop"))
    run(project, (DEMO / "shop.sql").read_text())
    return project


def run(project: Path, script: str) -> None:
    """Change the database."""
    with sqlite3.connect(project / "shop.db") as database:
        database.executescript(script)
    database.close()


def test_the_demo_has_the_rows_that_it_declares(ready: Ktx, shop: Path) -> None:
    """Nothing to find, nothing to say."""
    assert validate(ready, shop, "--data") == (0, "Valid: 9 sources of 1 connection\n")


def test_a_grain_that_two_rows_have(ready: Ktx, shop: Path) -> None:
    """An error at the grain, for the source itself and in JSON; without --data nobody looks."""
    run(
        shop,
        "CREATE TABLE twice AS SELECT * FROM regions UNION ALL SELECT * FROM regions;",
    )
    replace(shop, "regions", "table: regions", "table: twice")
    assert validate(ready, shop)[0] == 0
    code, text = validate(ready, shop, "--data")
    assert code == 1
    where = place(shop, "regions", "[id]")
    assert text.startswith(f"{where}: error: The grain of 'regions' (id) does not tell its rows")
    assert ", for example id = " in text
    assert "[grain_duplicate]" in text
    assert validate(ready, shop, "orders", "--data")[0] == 0
    [found] = findings(ready, shop, "--data")
    assert (found["code"], found["source"]) == ("grain_duplicate", "regions")


def test_a_statement_that_is_refused_does_not_end_the_others(ready: Ktx, shop: Path) -> None:
    """It is a finding of its own, at what could not be checked."""
    run(
        shop,
        "CREATE TABLE twice AS SELECT * FROM regions UNION ALL SELECT * FROM regions;",
    )
    replace(shop, "regions", "table: regions", "table: twice")
    replace(shop, "channels", "table: channels", "table: chanels")
    codes = {found["code"] for found in findings(ready, shop, "--data")}
    assert codes == {"data_unchecked", "grain_duplicate"}


def test_a_database_that_is_not_there_is_one_error(ready: Ktx, shop: Path) -> None:
    """Not one for each check, and no list that would look like a verdict."""
    (shop / "shop.db").unlink()
    result = ready.run("sl", "validate", "--data", "--project-dir", shop, "--no-input")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("There is no SQLite database at") == 1


def test_each_connection_is_asked(ready: Ktx, shop: Path) -> None:
    """Of two connections one has a fault, and says so."""
    shutil.copytree(shop / "semantic-layer" / "shop", shop / "semantic-layer" / "other")
    shutil.copy(shop / "shop.db", shop / "other.db")
    file = shop / "ktx.yaml"
    other = "connections:\n  other: { driver: sqlite, path: other.db, readonly: true }\n"
    file.write_text(file.read_text().replace("connections:\n", other))
    assert validate(ready, shop, "--data")[0] == 0
    with sqlite3.connect(shop / "other.db") as database:
        database.executescript(
            "CREATE TABLE t AS SELECT * FROM regions UNION ALL SELECT * FROM regions;"
            "DROP TABLE regions; ALTER TABLE t RENAME TO regions;"
        )
    database.close()
    found = findings(ready, shop, "--data")
    assert {(item["connectionId"], item["code"]) for item in found} == {
        ("other", "grain_duplicate")
    }
