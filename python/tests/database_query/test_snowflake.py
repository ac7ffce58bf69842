"""The driver for Snowflake against a local stand-in of its service."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from database_query.asking import answer_of, cells_by_type, interrupt, refusal_of, reply_of
from database_query.stand_in import Endless, Reply, Request, serving

_EVERY: list[tuple[dict[str, Any], str | None]] = [
    ({"type": "fixed", "precision": 38, "scale": 0}, None),
    ({"type": "fixed", "precision": 38, "scale": 0}, "123456789012345678901234567890"),
    ({"type": "fixed", "precision": 9, "scale": 2}, "12.30"),
    ({"type": "real"}, "0.1"),
    ({"type": "real"}, "NaN"),
    ({"type": "boolean"}, "1"),
    ({"type": "text", "length": 99, "byteLength": 396}, "Zürich"),
    ({"type": "binary", "length": 9, "byteLength": 9}, "AA00"),
    ({"type": "date"}, "19782"),
    ({"type": "time", "precision": 0, "scale": 9}, "11045.500000000"),
    ({"type": "timestamp_ntz", "precision": 0, "scale": 9}, "1704164645.250000000"),
    ({"type": "variant"}, '{"a": [1]}'),
]
CELLS = [
    ("number", "NUMBER(38,0)", None),
    ("number", "NUMBER(38,0)", {"decimal": "123456789012345678901234567890"}),
    ("number", "NUMBER(9,2)", {"decimal": "12.30"}),
    ("number", "REAL", 0.1),
    ("number", "REAL", {"float": "NaN"}),
    ("boolean", "BOOLEAN", True),
    ("text", "TEXT", "Zürich"),
    ("binary", "BINARY", {"hex": "aa00"}),
    ("time", "DATE", "2024-02-29"),
    ("time", "TIME", "03:04:05.500000"),
    ("time", "TIMESTAMP_NTZ", "2024-01-02T03:04:05.250000"),
    ("text", "VARIANT", '{"a": [1]}'),
]
_TEXT = {"type": "text", "length": 99, "byteLength": 396}
_FIXED = {"type": "fixed", "precision": 38, "scale": 0}
_ANSWERS: dict[str, tuple[list[dict[str, Any]], list[list[str | None]]]] = {
    "SELECT * FROM every": ([part for part, _ in _EVERY], [[value for _, value in _EVERY]]),
    "SELECT n FROM t": ([_FIXED], [[str(n)] for n in range(5)]),
    "SELECT n FROM t WHERE FALSE": ([_FIXED], []),
    "SELECT CURRENT_VERSION(), CURRENT_DATABASE()": ([_TEXT, _TEXT], [["10.1.0", "SHOP"]]),
    "SELECT schema_name FROM information_schema.schemata": (
        [_TEXT],
        [["INFORMATION_SCHEMA"], ["SALES"]],
    ),
    "SELECT table_schema FROM information_schema.tables": (
        [_TEXT],
        [["INFORMATION_SCHEMA"], ["SALES"], ["SALES"]],
    ),
}
_SESSION = 4711
_ANSWERS[f"SELECT SYSTEM$CANCEL_ALL_QUERIES({_SESSION})"] = ([_TEXT], [["1 statement(s)"]])
_ERRORS = {
    "SELECT * FROM gone": ("002003", "42S02", "Object 'GONE' does not exist or not authorized."),
    "SELECT a()": ("001003", "42000", "SQL compilation error: syntax error"),
    "SELECT slow()": ("000630", "57014", "Statement reached its statement timeout of 1 second(s)"),
}


class Service:
    """Logs in, runs statements, and keeps what it was told."""

    def __init__(self) -> None:
        self.login: dict[str, Any] = {}
        self.statements: list[str] = []
        self.endless = Endless()

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        body = request.body
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        asked = json.loads(body) if body else {}
        if request.path == "/session/v1/login-request":
            return self._log_in(asked["data"])
        if request.path == "/queries/v1/query-request":
            return self._run(asked["sqlText"])
        return _said({})

    def _log_in(self, data: dict[str, Any]) -> Reply:
        self.login = data
        if data.get("PASSWORD") != "s3cret":
            return _refused("390100", "Incorrect username or password was specified.")
        session = {"databaseName": "SHOP", "schemaName": "SALES", "warehouseName": "W"}
        return _said(
            {
                "token": "t",
                "masterToken": "m",
                "validityInSeconds": 3600,
                "masterValidityInSeconds": 14400,
                "sessionId": _SESSION,
                "displayUserName": "READER",
                "serverVersion": "10.1.0",
                "firstLogin": False,
                "healthCheckInterval": 45,
                "parameters": [],
                "sessionInfo": session | {"roleName": "READER"},
            }
        )

    def _run(self, sql: str) -> Reply:
        self.statements.append(sql)
        if sql == Endless.SQL:
            self.endless.run()
            return _refused("000604", "SQL execution canceled", sqlState="57014", queryId="q")
        if sql == f"SELECT SYSTEM$CANCEL_ALL_QUERIES({_SESSION})":
            self.endless.cancelled.set()
        if sql in _ERRORS:
            code, state, message = _ERRORS[sql]
            return _refused(code, message, sqlState=state, queryId="q")
        types, rows = _ANSWERS[sql]
        columns = [
            {"name": f"C{place}", "nullable": True, "precision": None, "scale": None} | part
            for place, part in enumerate(types)
        ]
        return _said(
            {
                "parameters": [],
                "rowtype": columns,
                "rowset": rows,
                "total": len(rows),
                "returned": len(rows),
                "queryId": "01b2c3d4-0000-0000-0000-000000000001",
                "queryResultFormat": "json",
                "statementTypeId": 4096,
                "finalDatabaseName": "SHOP",
                "finalSchemaName": "SALES",
                "finalWarehouseName": "W",
                "finalRoleName": "READER",
                "version": 1,
            }
        )


def _said(data: dict[str, Any]) -> Reply:
    return _json({"data": data, "code": None, "message": None, "success": True})


def _refused(code: str, message: str, **data: Any) -> Reply:
    return _json({"data": data, "code": code, "message": message, "success": False})


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), 200, {"Content-Type": "application/json"})


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def shop(service: Service) -> Iterator[dict[str, Any]]:
    with serving(service.answer) as port:
        yield {
            "driver": "snowflake",
            "account": "org-shop",
            "user": "reader",
            "password": "s3cret",
            "role": "READER",
            "warehouse": "W",
            "database": "SHOP",
            "schema": "SALES",
            "host": "127.0.0.1",
            "port": port,
            "protocol": "http",
        }


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == CELLS


def test_the_session_is_that_of_the_settings(shop: dict[str, Any], service: Service) -> None:
    assert len(answer_of(shop, "SELECT n FROM t", timeout_ms=6500)["rows"]) == 5
    assert (service.login["ACCOUNT_NAME"].lower(), service.login["LOGIN_NAME"]) == (
        "org-shop",
        "reader",
    )
    assert service.login["SESSION_PARAMETERS"]["STATEMENT_TIMEOUT_IN_SECONDS"] in (7, "7")
    assert service.statements[-1] == "SELECT n FROM t"


def test_rows_are_capped(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM t", max_rows=2)
    assert (answer["rows"], answer["truncated"]) == ([[0], [1]], True)
    answer = answer_of(shop, "SELECT n FROM t WHERE FALSE", max_rows=2)
    assert (len(answer["columns"]), answer["rows"]) == (1, [])


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named"),
        ("SELECT a()", "refused the SQL"),
        ("SELECT slow()", "took too long"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    error = refusal_of(shop, sql)
    assert message in error["message"]
    assert _ERRORS[sql][2].rstrip(".") in error["message"]


@pytest.mark.parametrize(
    "sql", ["PUT file://x @s", "CALL p()", "SELECT 1; DROP TABLE t", "COPY INTO t FROM @s"]
)
def test_what_is_written_is_not_sent(shop: dict[str, Any], service: Service, sql: str) -> None:
    assert refusal_of(shop, sql)["message"].startswith("The SQL is not run.")
    assert service.statements == []


def test_an_interrupted_statement_is_ended_on_the_server(
    shop: dict[str, Any], service: Service
) -> None:
    interrupt(shop, Endless.SQL, service.endless.running)
    assert service.endless.cancelled.is_set()


def test_what_is_there(shop: dict[str, Any]) -> None:
    found = reply_of("database-test", shop)["ok"]
    assert (found["server_version"], found["database"]) == ("10.1.0", "SHOP")
    assert (found["schemas"], found["tables"]) == (["SALES"], 2)
    assert found["read_only"]["enforced"] is False


def test_a_wrong_password_is_said_and_not_shown(shop: dict[str, Any]) -> None:
    error = refusal_of(shop | {"password": "s3cret-but-wrong"}, "SELECT 1")
    assert error["message"].startswith("The database refused the log-in")
    assert "s3cret-but-wrong" not in str(error)


def test_a_server_that_is_not_there(shop: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refusal_of(shop | {"port": port}, "SELECT 1", connection_timeout_seconds=1)
    assert error["message"].startswith("The database could not be reached")
    assert "s3cret" not in str(error)


def test_an_account_is_needed(shop: dict[str, Any]) -> None:
    del shop["account"]
    error = refusal_of(shop, "SELECT 1")
    assert error["fix"].startswith("Write `account: myorg-account123`")
