"""A folder with a small database, to be set up by tests."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from harness import Ktx

SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, joined DATE);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  amount NUMERIC NOT NULL, paid BOOLEAN NOT NULL, created_at TIMESTAMP NOT NULL);
INSERT INTO customers VALUES (1, 'Ada', '2026-01-01'), (2, 'Bob', '2026-02-01');
INSERT INTO orders VALUES (1, 1, 20, 1, '2026-03-01'), (2, 1, 30, 1, '2026-03-02'),
  (3, 2, 10, 0, '2026-03-03');
"""


def make_shop(folder: Path) -> Path:
    """A folder with a SQLite database, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "shop.db") as database:
        database.executescript(SHOP)
    database.close()
    return folder


def scripted(user: Ktx, folder: Path, *more: str) -> str:
    """Sets up without questions."""
    return user.ok("setup", "--project-dir", str(folder), "--no-input", *more)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of the project but git's and the locks, which name their last holder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git/" not in str(path) and path.suffix != ".lock"
    }
