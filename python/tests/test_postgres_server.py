"""The server that the tests start: real, and gone without a trace afterwards."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from support import postgres_server
from support.databases import Database, of_dialect
from support.postgres_server import NoPostgres


def test_server_is_removed_when_a_test_fails() -> None:
    seen = []

    def fail() -> None:
        with postgres_server.postgres_server() as address:
            seen.append(Path(address.split()[0].removeprefix("host=")))
            with psycopg.connect(address) as connection:
                assert connection.info.server_version > 0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not seen[0].exists()


def test_missing_server_is_an_error_that_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(postgres_server, "_DEBIAN", Path("/nowhere"))
    with pytest.raises(NoPostgres, match="Debian's package `postgresql`"):
        postgres_server.postgres_server().__enter__()


def test_rows_are_checked_on_three_databases(databases: list[Database]) -> None:
    assert [database.dialect for database in databases] == ["sqlite", "duckdb", "postgres"]
    assert "PostgreSQL" in of_dialect(databases, "postgres").rows("SELECT version()")[0][0]
