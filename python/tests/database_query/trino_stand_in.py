"""What a Trino coordinator answers to the statements that the tests send.

As a program it prints its port and serves until its standard input ends.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from database_query.stand_in import Endless, Reply, Request, serving

_VALUES: list[tuple[str, Any]] = [
    ("integer", None),
    ("boolean", True),
    ("bigint", 2**63 - 1),
    ("decimal(38,2)", "12345678901234567890123456789012345.30"),
    ("double", "NaN"),
    ("real", "-Infinity"),
    ("double", 0.1),
    ("varchar", "Zürich"),
    ("varbinary", "qgA="),
    ("date", "2024-02-29"),
    ("time(3)", "03:04:05.500"),
    ("timestamp(12)", "2024-01-02 03:04:05.123456789012"),
    ("timestamp(3) with time zone", "2024-01-02 03:04:05.123 UTC"),
    ("timestamp(3) with time zone", "2024-01-02 03:04:05.123 +02:00"),
    ("interval day to second", "2 00:00:00.000"),
    ("uuid", "4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11"),
    ("json", '{"a": [1]}'),
    ("array(integer)", [1, None, 3]),
    ("row(a integer, b varchar)", [1, "x"]),
    ("map(varchar, integer)", {"k": 1}),
]
_ANSWERS: dict[str, tuple[list[tuple[str, str]], list[list[Any]]]] = {
    "START TRANSACTION READ ONLY": ([], []),
    "SELECT version()": ([("_col0", "varchar")], [["480"]]),
    "SHOW SCHEMAS": ([("Schema", "varchar")], [["information_schema"], ["sales"], ["hr"]]),
    "SELECT table_schema FROM information_schema.tables": (
        [("table_schema", "varchar")],
        [["sales"], ["sales"], ["hr"], ["information_schema"]],
    ),
    "SELECT * FROM every": (
        [(f"c{place}", word) for place, (word, _) in enumerate(_VALUES)],
        [[value for _, value in _VALUES]],
    ),
    "SELECT n, n FROM t": ([("n", "bigint"), ("n", "bigint")], [[n, n] for n in range(5)]),
    "SELECT n FROM t WHERE false": ([("n", "bigint")], []),
}
_ANSWERS[Endless.SQL] = ([], [])
_ERRORS = {
    "SELECT * FROM gone": (
        46,
        "TABLE_NOT_FOUND",
        "line 1:15: Table 'hive.sales.gone' does not exist",
    ),
    "SELECT a()": (1, "SYNTAX_ERROR", "line 1:8: mismatched input 'a'"),
    "SELECT secret FROM t": (4, "PERMISSION_DENIED", "Access Denied: Cannot select from t"),
    "SELECT slow()": (131, "EXCEEDED_TIME_LIMIT", "Query exceeded maximum time limit of 1.00s"),
    "SELECT writing()": (
        71,
        "READ_ONLY_VIOLATION",
        "Cannot execute write in a read-only transaction",
    ),
}


def _signature(word: str) -> dict[str, Any]:
    """Return a type as coordinators describe it beside its name."""
    sized = re.fullmatch(r"(\w+)\(([\d,]+)\)(.*)", word)
    numbers = sized[2].split(",") if sized else ["2147483647"] if word == "varchar" else []
    arguments = [{"kind": "LONG", "value": int(number)} for number in numbers]
    return {"rawType": sized[1] + sized[3] if sized else word, "arguments": arguments}


class Coordinator:
    """Answers each statement page by page, as a coordinator does, and keeps what it was sent."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, str | None]] = []
        """Each statement, and the transaction that it is part of."""
        self.cancelled = 0
        self.endless = Endless()
        self.properties = ""

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        user = request.headers.get("x-trino-user", "")
        if user == "nobody":
            return Reply(b"Unauthorized", 401)
        if request.method == "DELETE":
            self.cancelled += 1
            self.endless.cancelled.set()
            return Reply(b"", 204)
        if request.method == "GET":
            number, page = request.path.rsplit("/", 2)[1:]
            return self._page(request, int(number), int(page))
        sql = request.body.decode()
        self.statements.append((sql, request.headers.get("x-trino-transaction-id")))
        self.properties = request.headers.get("x-trino-session", self.properties)
        return self._page(request, len(self.statements) - 1, 0)

    def _page(self, request: Request, number: int, page: int) -> Reply:
        sql = self.statements[number][0]
        reply: dict[str, Any] = {
            "id": f"q{number}",
            "infoUri": "http://x/",
            "stats": {"state": "RUNNING"},
        }
        headers = {"Content-Type": "application/json"}
        if sql == Endless.SQL and page > 0:
            self.endless.run()
        if sql in _ERRORS:
            code, name, message = _ERRORS[sql]
            kind = "INSUFFICIENT_RESOURCES" if code > 100 else "USER_ERROR"
            reply["error"] = {
                "message": message,
                "errorCode": code,
                "errorName": name,
                "errorType": kind,
                "failureInfo": {"type": "x"},
            }
            return Reply(json.dumps(reply).encode(), 200, headers)
        columns, rows = _ANSWERS[sql]
        if columns:
            reply["columns"] = [
                {"name": name, "type": word, "typeSignature": _signature(word)}
                for name, word in columns
            ]
        reply["data"] = rows[page : page + 1]
        if page < len(rows) or page == 0:
            following = f"/v1/statement/q/{number}/{page + 1}"
            reply["nextUri"] = f"http://{request.headers['host']}{following}"
        elif sql.startswith("START"):
            headers["X-Trino-Started-Transaction-Id"] = "t-1"
        return Reply(json.dumps(reply).encode(), 200, headers)


def main() -> None:
    """Serve until standard input ends."""
    with serving(Coordinator().answer) as port:
        print(port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
