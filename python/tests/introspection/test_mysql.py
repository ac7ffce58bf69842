"""Introspection of MySQL, on a real MariaDB server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest

from introspection.asking import columns_of, keys_of, reply_of, tables_of
from support import mariadb_server
from support.mariadb_server import NoMariaDB, connect

SHOP = """
    CREATE DATABASE shop;
    CREATE DATABASE `Odd ``Schema`;
    CREATE TABLE `Odd ``Schema`.regions (code CHAR(2) PRIMARY KEY);
    CREATE TABLE shop.customers (
        id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'Their number',
        `Full "Name"` VARCHAR(80) NOT NULL, region CHAR(2),
        FOREIGN KEY (region) REFERENCES `Odd ``Schema`.regions (code)) COMMENT 'Who buys';
    CREATE TABLE shop.`Order Lines` (
        id BIGINT NOT NULL, line INT NOT NULL, customer_id INT UNSIGNED, price DECIMAL(10, 2),
        gross DECIMAL(12, 2) AS (price * 1.2) STORED, paid TINYINT(1),
        PRIMARY KEY (line, id),
        CONSTRAINT `Who ordered` FOREIGN KEY (customer_id) REFERENCES shop.customers (id));
    CREATE TABLE shop.returns (order_id BIGINT, order_line INT, code INT NOT NULL UNIQUE,
        FOREIGN KEY (order_line, order_id) REFERENCES shop.`Order Lines` (line, id));
    CREATE VIEW shop.big AS SELECT id AS who FROM shop.customers;
    CREATE TABLE shop.gone (a INT);
    CREATE VIEW shop.broken AS SELECT a FROM shop.gone;
    DROP TABLE shop.gone;
    CREATE USER walter IDENTIFIED BY 'h@rd p4ss';
    GRANT SELECT ON shop.* TO walter
"""


@pytest.fixture(scope="module")
def shop(mariadb: Path) -> str:
    with closing(connect(mariadb)) as connection, connection.cursor() as cursor:
        for statement in SHOP.split(";"):
            cursor.execute(statement)
    return f"mysql://root@localhost/shop?unix_socket={quote(str(mariadb))}"


def test_tables_columns_and_keys(shop: str) -> None:
    tables = tables_of("mysql", shop)
    assert list(tables) == ["Order Lines", "big", "customers", "returns"]
    assert (tables["returns"]["catalog"], tables["returns"]["db"]) == (None, "shop")
    assert columns_of(tables["Order Lines"]) == [
        ("id", "bigint(20)", False, True),
        ("line", "int(11)", False, True),
        ("customer_id", "int(10) unsigned", True, False),
        ("price", "decimal(10,2)", True, False),
        ("gross", "decimal(12,2)", True, False),
        ("paid", "tinyint(1)", True, False),
    ]
    assert columns_of(tables["customers"])[1] == ('Full "Name"', "varchar(80)", False, False)
    assert keys_of(tables["customers"]) == [("region", "Odd `Schema.regions", "code")]
    assert keys_of(tables["Order Lines"]) == [("customer_id", "customers", "id")]
    assert tables["Order Lines"]["foreign_keys"][0]["constraint_name"] == "Who ordered"
    assert keys_of(tables["returns"]) == [
        ("order_line", "Order Lines", "line"),
        ("order_id", "Order Lines", "id"),
    ]
    # A unique column that is never NULL is no primary key, although MySQL shows it as one.
    assert columns_of(tables["returns"])[2] == ("code", "int(11)", False, False)
    assert tables["customers"]["comment"] == "Who buys"
    assert tables["customers"]["columns"][0]["comment"] == "Their number"
    assert tables["big"]["comment"] is None
    assert columns_of(tables["big"]) == [("who", "int(10) unsigned", False, False)]


def test_a_broken_view_is_a_warning(shop: str) -> None:
    response = reply_of("mariadb", shop)["ok"]
    assert "View 'broken' is left out" in response["warnings"][0]
    assert response["metadata"] == {"driver": "mariadb", "schemas": ["shop"]}


def test_other_schemas(shop: str) -> None:
    assert list(tables_of("mysql", shop, schemas=["Odd `Schema"])) == ["regions"]
    error = reply_of("mysql", shop, schemas=["shopp"])["error"]
    assert (error["kind"], error["suggestions"]) == ("database", ["shop"])


def test_a_password_with_odd_characters(shop: str) -> None:
    url = shop.replace("root", "walter:h%40rd%20p4ss")
    assert "customers" in tables_of("mysql", url)
    error = reply_of("mysql", url.replace("p4ss", "p5ss"))["error"]
    assert error["kind"] == "database"
    assert "Access denied" in error["message"]
    assert "walter" not in error["message"]


@contextmanager
def over_tcp(path: Path) -> Iterator[int]:
    """Offer a server that has only a socket on a port of this machine, to one client."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with listener.accept()[0] as client, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(path))
            back = Thread(target=pump, args=(server, client))
            back.start()
            pump(client, server)
            back.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)  # Nobody comes when the client fails before it connects.
        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("mode", "ok"), [("preferred", True), ("disabled", True), ("required", False)]
)
def test_over_the_network(mariadb: Path, shop: str, mode: str, ok: bool) -> None:
    assert shop
    with over_tcp(mariadb) as port:
        reply = reply_of("mysql", f"mysql://root@127.0.0.1:{port}/shop?ssl-mode={mode}")
    # The server of the tests has no certificate, so it has no TLS.
    assert ("ok" in reply) is ok
    assert ok or "SSL" in reply["error"]["message"]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE TABLE shop.x (a INT)", "READ ONLY transaction"),
        ("SELECT SLEEP(600)", "max_statement_time"),
    ],
)
def test_the_session_may_not_write_nor_take_long(
    shop: str, monkeypatch: pytest.MonkeyPatch, statement: str, message: str
) -> None:
    from ktx_daemon.database_introspection import mysql_reader

    monkeypatch.setattr(mysql_reader, "_TABLES", f"{statement} -- %s")
    error = reply_of("mysql", shop, statement_timeout_ms=200)["error"]
    assert error["kind"] == "database"
    assert message in error["message"]


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("postgres://u@h/d", "invalid_request"),
        ("mysql://", "invalid_request"),
        ("mysql://h", "invalid_request"),
        ("mysql://h/d?ssl-mode=MAYBE", "database"),
        ("mysql://h/d?local_infile=1", "database"),
    ],
)
def test_addresses_that_are_not_understood(url: str, kind: str) -> None:
    assert reply_of("mysql", url)["error"]["kind"] == kind


def test_missing_server_is_an_error_that_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(mariadb_server, "_PLACES", ("/nowhere",))
    with pytest.raises(NoMariaDB, match="package `mariadb-server`"):
        mariadb_server.mariadb_server().__enter__()
