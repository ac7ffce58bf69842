"""Introspection of a connection of ktx.yaml: by its settings, as its queries have them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from ktx_daemon.dispatch import dispatch
from support.mariadb_server import connect

SECRET = "h@rd p4ss/word"


def reply_of(driver: str, settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the tagged reply."""
    request = {"connection_id": "c", "driver": driver, "settings": settings, **more}
    reply: dict[str, Any] = json.loads(
        dispatch("database-introspect", json.dumps(request).encode())
    )
    return reply


def names_of(driver: str, settings: dict[str, Any], **more: Any) -> list[str]:
    """Return the names of the tables, with their schemas."""
    tables = reply_of(driver, settings, **more)["ok"]["tables"]
    return [f"{table['db']}.{table['name']}" for table in tables]


def test_files_relative_to_the_project(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.execute("CREATE TABLE orders (id INTEGER)")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as database:
        database.execute("CREATE SCHEMA sales; CREATE TABLE sales.orders (id INTEGER)")
    place = {"project_directory": str(tmp_path)}
    assert names_of("sqlite", {"path": "shop.db"}, **place) == ["main.orders"]
    assert names_of("duckdb", {"path": "shop.duckdb"}, schemas=["sales"], **place) == [
        "sales.orders"
    ]
    error = reply_of("duckdb", {"path": "other.duckdb"}, **place)["error"]
    assert "Write its path as `path` of connection 'c'" in error["fix"]


def test_keys_of_mysql(mariadb: Path) -> None:
    with closing(connect(mariadb)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE by_keys")
        cursor.execute("CREATE TABLE by_keys.orders (id INT)")
        cursor.execute(f"CREATE USER keys_reader@localhost IDENTIFIED BY '{SECRET}'")
        cursor.execute("GRANT SELECT ON by_keys.* TO keys_reader@localhost")
    settings = {"unix_socket": str(mariadb), "user": "keys_reader", "password": SECRET}
    assert names_of("mysql", settings | {"database": "by_keys"}) == ["by_keys.orders"]
    assert names_of("mysql", settings, schemas=["by_keys"]) == ["by_keys.orders"]
    refused = reply_of("mysql", settings | {"password": "wrong-p4ss", "database": "by_keys"})
    assert "denied" in refused["error"]["message"]
    assert "Check connections.c in ktx.yaml" in refused["error"]["fix"]
    assert "p4ss" not in json.dumps(refused)


def test_keys_of_postgres(postgres: str) -> None:
    parts = conninfo_to_dict(postgres)
    keys = {"host": parts["host"], "user": parts["user"], "database": parts["dbname"]}
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA by_keys; CREATE TABLE by_keys.orders (id int)")
        try:
            assert names_of("postgres", keys, schemas=["by_keys"]) == ["by_keys.orders"]
        finally:
            connection.execute("DROP SCHEMA by_keys CASCADE")


@pytest.mark.parametrize("driver", ["postgres", "mysql"])
def test_a_server_that_is_down_never_shows_the_password(driver: str) -> None:
    settings = {"host": "127.0.0.1", "port": 1, "user": "walter", "password": SECRET}
    reply = reply_of(driver, settings | {"database": "shop"})
    assert reply["error"]["kind"] == "database"
    assert "p4ss" not in json.dumps(reply)


def test_either_a_url_or_settings() -> None:
    both = reply_of("postgres", {"host": "h"}, url="postgresql://h/d")["error"]
    assert "either url or settings" in both["message"]
    none = reply_of("postgres", {})["error"]
    assert "has no `host`" in none["message"]
