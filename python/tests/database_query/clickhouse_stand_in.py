"""What a ClickHouse server answers over HTTP to the statements that the tests send.

As a program it prints its port and serves until its standard input ends.
"""

from __future__ import annotations

import struct
import sys
from typing import Any

from database_query.stand_in import Endless, Reply, Request, serving

Table = list[tuple[str, str, bytes]]
"""Name, type and the bytes of the values of each column."""


def text(*values: str) -> bytes:
    """Return values of the type String."""
    return b"".join(bytes([len(value.encode())]) + value.encode() for value in values)


def block(columns: Table, rows: int) -> bytes:
    """Return a block of the format Native."""
    parts = [bytes([len(columns), rows])]
    parts += [text(name) + text(word) + data for name, word, data in columns]
    return b"".join(parts)


def _numbers(letter: str, *values: Any) -> bytes:
    return struct.pack(f"<{len(values)}{letter}", *values)


_EVERY: Table = [
    ("n", "Nullable(Int32)", b"\x01" + _numbers("i", 0)),
    ("u", "UInt64", _numbers("Q", 2**64 - 1)),
    ("big", "Int256", (-(2**200)).to_bytes(32, "little", signed=True)),
    ("d", "Decimal(9, 2)", _numbers("i", 1230)),
    ("f", "Float64", _numbers("d", float("nan"))),
    ("f32", "Nullable(Float32)", b"\x00" + _numbers("f", 0.1)),
    ("yes", "Bool", b"\x01"),
    ("s", "String", text("Zürich")),
    ("day", "Date", _numbers("H", 19782)),
    ("at", "DateTime64(9, 'UTC')", _numbers("q", 1704164645123456789)),
    ("list", "Array(Int32)", _numbers("Q", 2) + _numbers("i", 1, 3)),
    ("id", "UUID", bytes.fromhex("f14c7b9ca1941c4d111e1c1a7f2c9e8a")),
]
_ANSWERS: dict[str, list[bytes]] = {
    "SELECT * FROM every": [block(_EVERY, 1)],
    "SELECT n FROM t": [
        block([("n", "Int64", _numbers("q", *range(start, start + 2)))], 2) for start in (0, 2, 4)
    ],
    "SELECT n FROM t WHERE 0": [],
    "DESCRIBE TABLE (\nSELECT n FROM t WHERE 0\n)": [
        block([("name", "String", text("n")), ("type", "String", text("Int64"))], 1)
    ],
    "SELECT name FROM system.databases": [
        block([("name", "String", text("system", "sales", "default"))], 3)
    ],
    "SELECT currentDatabase()": [block([("currentDatabase()", "String", text("sales"))], 1)],
    "SELECT database FROM system.tables": [
        block([("database", "String", text("system", "sales", "sales"))], 3)
    ],
}
_ERRORS = {
    "SELECT * FROM gone": (404, 60, "Unknown table expression identifier 'gone'. (UNKNOWN_TABLE)"),
    "SELECT a()": (400, 62, "Syntax error: failed at position 8. (SYNTAX_ERROR)"),
    "SELECT secret FROM t": (403, 497, "reader: Not enough privileges. (ACCESS_DENIED)"),
    "SELECT slow()": (500, 159, "Timeout exceeded: elapsed 1 seconds. (TIMEOUT_EXCEEDED)"),
    "SELECT writing()": (500, 164, "Cannot execute query in readonly mode. (READONLY)"),
}


class Server:
    """Answers, and keeps the settings that came with each statement of the tests."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.endless = Endless()
        self.killed = ""

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        sql = (request.body.decode() or request.options.get("query", "")).strip()
        sql = sql.removesuffix("FORMAT Native").strip()
        if "cmVhZGVyOndyb25n" in request.headers.get("authorization", ""):  # reader:wrong
            return _error(403, 516, "reader: Authentication failed: password is incorrect.")
        if sql.startswith("SELECT version()"):
            return Reply(b"26.3.1.1\tUTC\n")
        if sql == "SELECT 1 AS check":  # whether we speak a newer protocol; we do not
            return _error(400, 115, "Unknown setting.")
        if "system.settings" in sql:
            names = (
                "readonly",
                "max_execution_time",
                "cancel_http_readonly_queries_on_client_close",
            )
            columns = [
                ("name", "String", text(*names)),
                ("value", "String", text("0", "0", "0")),
                ("readonly", "UInt8", b"\0\0\0"),
            ]
            return Reply(block(columns, 3))
        if sql == "SELECT running()":  # asked by who waits for the endless one
            return Reply(b"yes" if self.endless.running.wait(60) else b"no")
        if sql == "SELECT killed()":
            return Reply(self.killed.encode() if self.endless.cancelled.wait(60) else b"")
        self.asked.append((sql, request.options))
        if sql == Endless.SQL:
            self.endless.run()
            return _error(500, 394, "Query was cancelled. (QUERY_WAS_CANCELLED)")
        if sql.startswith("KILL QUERY"):
            self.killed = sql
            self.endless.cancelled.set()
            return Reply(b"")
        if sql in _ERRORS:
            return _error(*_ERRORS[sql])
        return Reply(b"".join(_ANSWERS[sql]), 200, {"X-ClickHouse-Format": "Native"})


def _error(status: int, code: int, said: str) -> Reply:
    message = f"Code: {code}. DB::Exception: {said} (version 26.3.1.1)\n"
    return Reply(message.encode(), status, {"X-ClickHouse-Exception-Code": str(code)})


def main() -> None:
    """Serve until standard input ends."""
    with serving(Server().answer) as port:
        print(port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
