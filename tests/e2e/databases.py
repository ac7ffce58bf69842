"""A shop in every kind of database that runs here, and the project that has them all.

The servers are those of the Python tests: thrown away afterwards.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg
import pymysql  # type: ignore[import-untyped]

sys.path.append(str(Path(__file__).parents[2] / "python" / "tests"))

from support.mariadb_server import mariadb_server as mariadb_server
from support.postgres_server import postgres_server as postgres_server

CREATE = "CREATE TABLE orders (id INTEGER PRIMARY KEY, status VARCHAR(20) NOT NULL, amount INTEGER)"
ORDERS = [(1, "paid", 20), (2, "paid", 30), (3, "open", 10), (4, "open", None)]
VALUES = ", ".join(f"({i}, '{s}', {'NULL' if a is None else a})" for i, s, a in ORDERS)
INSERT = f"INSERT INTO orders VALUES {VALUES}"
PASSWORD = "hunter2-of-the-shop"

SOURCE = """\
name: orders
table: orders
grain: [id]
columns:
  - {name: id, type: number}
  - {name: status, type: string}
  - {name: amount, type: number}
measures:
  - {name: order_count, expr: count(*)}
  - {name: revenue, expr: sum(amount)}
"""


@dataclass
class Servers:
    """Where the servers are."""

    postgres: str
    """The folder of its socket, which libpq takes for a host."""
    mariadb: Path
    """Its socket."""


def fill_postgres(address: str) -> None:
    """Lays out the shop, and a role that needs a password."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(CREATE)
        connection.execute(INSERT)


def fill_mariadb(socket: Path) -> None:
    """The same, in a database of its own."""
    with closing(pymysql.connect(unix_socket=str(socket), user="root")) as connection:
        with connection.cursor() as cursor:
            for sql in (
                "CREATE DATABASE shop",
                "USE shop",
                CREATE,
                INSERT,
                f"CREATE USER reader@localhost IDENTIFIED BY '{PASSWORD}'",
                "GRANT SELECT ON shop.* TO reader@localhost",
            ):
                cursor.execute(sql)
        connection.commit()


def make_project(folder: Path, servers: Servers) -> Path:
    """A project with one connection for each database; they all have the same rows."""
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "shop.db")) as lite, lite:
        lite.execute(CREATE)
        lite.execute(INSERT)
    with duckdb.connect(str(folder / "shop.duckdb")) as duck:
        duck.execute(CREATE)
        duck.execute(INSERT)
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "ktx.yaml").write_text(
        "project: shop\nconnections:\n"
        "  lite: {driver: sqlite, path: shop.db, readonly: true}\n"
        "  duck: {driver: duckdb, path: shop.duckdb, readonly: true}\n"
        f"  pg: {{driver: postgres, host: {servers.postgres}, user: postgres,"
        " database: postgres, readonly: true}\n"
        f"  my: {{driver: mysql, unix_socket: {servers.mariadb}, user: reader,"
        " password: file:password, database: shop, readonly: true}\n"
    )
    for connection in ("lite", "duck", "pg", "my"):
        sources = folder / "semantic-layer" / connection
        sources.mkdir(parents=True)
        (sources / "orders.yaml").write_text(SOURCE)
    return folder
