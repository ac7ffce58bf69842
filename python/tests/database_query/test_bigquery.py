"""The driver for BigQuery against a local stand-in of its REST interface."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from database_query.asking import answer_of, cells_by_type, interrupt, refusal_of, reply_of
from database_query.stand_in import Endless, Reply, Request, serving

_EVERY: list[tuple[str, str, Any]] = [
    ("INTEGER", "NULLABLE", None),
    ("INTEGER", "NULLABLE", str(2**63 - 1)),
    ("BOOLEAN", "NULLABLE", "true"),
    ("NUMERIC", "NULLABLE", "12.30"),
    ("BIGNUMERIC", "NULLABLE", f"{10**40}"),
    ("FLOAT", "NULLABLE", "NaN"),
    ("FLOAT", "NULLABLE", "-Infinity"),
    ("STRING", "NULLABLE", "Zürich"),
    ("BYTES", "NULLABLE", "qgA="),
    ("DATE", "NULLABLE", "2024-02-29"),
    ("TIME", "NULLABLE", "03:04:05.500000"),
    ("DATETIME", "NULLABLE", "2024-01-02T03:04:05"),
    ("TIMESTAMP", "NULLABLE", "1704164645123456"),
    ("JSON", "NULLABLE", '{"a":[1]}'),
    ("INTEGER", "REPEATED", [{"v": "1"}, {"v": "3"}]),
]
CELLS = [
    ("number", "INTEGER", None),
    ("number", "INTEGER", 2**63 - 1),
    ("boolean", "BOOLEAN", True),
    ("number", "NUMERIC", {"decimal": "12.30"}),
    ("number", "BIGNUMERIC", {"decimal": f"{10**40}"}),
    ("number", "FLOAT", {"float": "NaN"}),
    ("number", "FLOAT", {"float": "-Infinity"}),
    ("text", "STRING", "Zürich"),
    ("binary", "BYTES", {"hex": "aa00"}),
    ("time", "DATE", "2024-02-29"),
    ("time", "TIME", "03:04:05.500000"),
    ("time", "DATETIME", "2024-01-02T03:04:05"),
    ("time", "TIMESTAMP", "2024-01-02T03:04:05.123456+00:00"),
    ("text", "JSON", '{"a": [1]}'),
    ("text", "ARRAY<INTEGER>", "[1, 3]"),
]
_NUMBERS = [("n", "INTEGER", "NULLABLE")]
_ANSWERS: dict[str, tuple[list[tuple[str, str, str]], list[list[Any]]]] = {
    "SELECT * FROM every": (
        [(f"c{place}", word, mode) for place, (word, mode, _) in enumerate(_EVERY)],
        [[value for _, _, value in _EVERY]],
    ),
    "SELECT n FROM t": (_NUMBERS, [[str(n)] for n in range(5)]),
    "SELECT n FROM t WHERE FALSE": (_NUMBERS, []),
}
_RUNNING = {"status": {"state": "RUNNING"}, "id": "p:EU.x"}
_ERRORS = {
    "SELECT * FROM gone": (404, "notFound", "Not found: Table p:sales.gone was not found"),
    "SELECT a()": (400, "invalidQuery", "Function not found: a at [1:8]"),
    "SELECT secret FROM t": (403, "accessDenied", "Access Denied: Table p:sales.t"),
}


class BigQuery:
    """Answers jobs, and keeps those that ran and were no dry run."""

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.tokens: list[str] = []
        self.endless = Endless()

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if request.path == "/token":
            return _json({"access_token": "made-of-the-key", "expires_in": 3600})
        self.tokens.append(request.headers.get("authorization", ""))
        if "expired" in self.tokens[-1]:
            return _error(401, "authError", "Request had invalid authentication credentials.")
        path = request.path.removeprefix("/bigquery/v2/projects/p/")
        if path == "datasets":
            return _json({"datasets": [_named("datasetReference", datasetId="sales")]})
        if path == "datasets/sales/tables":
            tables = [_named("tableReference", datasetId="sales", tableId=id) for id in "tv"]
            return _json({"tables": tables, "totalItems": 2})
        if path.endswith("/cancel"):
            self.endless.cancelled.set()
            return _json({"job": self.jobs[path.split("/")[1]]})
        if path == "jobs":
            return self._start(json.loads(request.body))
        sql = self._sql(path.split("/")[1])
        return self._results(request, path, sql)

    def _sql(self, job: str) -> str:
        return str(self.jobs[job]["configuration"]["query"]["query"])

    def _start(self, job: dict[str, Any]) -> Reply:
        sql = job["configuration"]["query"]["query"]
        if sql in _ERRORS:
            return _error(*_ERRORS[sql])
        dry = job["configuration"].get("dryRun", False)
        if not dry:
            self.jobs[job["jobReference"]["jobId"]] = job
        if sql == Endless.SQL and not dry:
            return _json(job | _RUNNING)
        kind = "SCRIPT" if "writing" in sql else "SELECT"
        return _json(job | _done(kind))

    def _results(self, request: Request, path: str, sql: str) -> Reply:
        if sql == Endless.SQL:
            self.endless.run()
            return _error(400, "stopped", "Job execution was cancelled")
        if path.startswith("jobs/"):
            return _json(self.jobs[path.split("/")[1]] | _done("SELECT"))
        columns, rows = _ANSWERS[sql]
        most = int(request.options.get("maxResults", 99))
        fields = [{"name": name, "type": word, "mode": mode} for name, word, mode in columns]
        found = [{"f": [{"v": value} for value in row]} for row in rows[:most]]
        return _json(
            {
                "jobComplete": True,
                "jobReference": {"projectId": "p", "jobId": path.split("/")[1], "location": "EU"},
                "schema": {"fields": fields},
                "totalRows": str(len(rows)),
                **({"rows": found} if found else {}),
            }
        )


def _named(key: str, **names: str) -> dict[str, Any]:
    return {key: {"projectId": "p", **names}}


def _done(kind: str) -> dict[str, Any]:
    statistics = {"query": {"statementType": kind}}
    return {"status": {"state": "DONE"}, "statistics": statistics, "id": "p:EU.x"}


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), 200, {"Content-Type": "application/json"})


def _error(status: int, reason: str, message: str) -> Reply:
    error = {"code": status, "message": message, "errors": [{"reason": reason, "message": message}]}
    return Reply(
        json.dumps({"error": error}).encode(), status, {"Content-Type": "application/json"}
    )


@pytest.fixture
def service() -> BigQuery:
    return BigQuery()


@pytest.fixture
def shop(service: BigQuery) -> Iterator[dict[str, Any]]:
    with serving(service.answer) as port:
        yield {
            "driver": "bigquery",
            "project": "p",
            "dataset": "sales",
            "token": "t0ken",
            "api_endpoint": f"http://127.0.0.1:{port}",
        }


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == CELLS


def test_a_query_is_limited_and_names_its_dataset(shop: dict[str, Any], service: BigQuery) -> None:
    limited = shop | {"maximum_bytes_billed": 1000}
    assert len(answer_of(limited, "SELECT n FROM t", timeout_ms=7000)["rows"]) == 5
    (job,) = service.jobs.values()
    query = job["configuration"]["query"]
    assert query["defaultDataset"] == {"projectId": "p", "datasetId": "sales"}
    assert query["maximumBytesBilled"] == "1000"
    assert job["configuration"]["jobTimeoutMs"] == "7000"
    assert set(service.tokens) == {"Bearer t0ken"}


def test_rows_are_capped(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM t", max_rows=2)
    assert (answer["rows"], answer["truncated"]) == ([[0], [1]], True)
    answer = answer_of(shop, "SELECT n FROM t WHERE FALSE", max_rows=2)
    assert (len(answer["columns"]), answer["rows"]) == (1, [])


def test_what_bigquery_calls_no_select_is_not_run(shop: dict[str, Any], service: BigQuery) -> None:
    error = refusal_of(shop, "SELECT writing()")
    assert error["message"].startswith("The database refused to write: it is a statement of the")
    assert service.jobs == {}
    error = refusal_of(shop, "EXPORT DATA OPTIONS(uri='gs://x') AS SELECT 1")
    assert error["message"].startswith("The SQL is not run.")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named"),
        ("SELECT a()", "refused the SQL"),
        ("SELECT secret FROM t", "does not allow it"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    error = refusal_of(shop, sql)
    assert message in error["message"]
    assert _ERRORS[sql][2] in error["message"]


def test_an_interrupted_statement_is_ended_on_the_server(
    shop: dict[str, Any], service: BigQuery
) -> None:
    interrupt(shop, Endless.SQL, service.endless.running)
    assert service.endless.cancelled.is_set()


def test_a_token_that_is_not_taken(shop: dict[str, Any]) -> None:
    error = refusal_of(shop | {"token": "expired-t0ken"}, "SELECT n FROM t")
    assert error["message"].startswith("The database refused the log-in")
    assert "expired-t0ken" not in str(error)


def test_what_is_there_for_a_service_account(
    shop: dict[str, Any], service: BigQuery, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = {
        "type": "service_account",
        "project_id": "p",
        "private_key": key.decode(),
        "client_email": "reader@p.example.com",
        "token_uri": shop["api_endpoint"] + "/token",
    }
    (tmp_path / "key.json").write_text(json.dumps(account))
    del shop["token"], shop["project"]
    connection = shop | {"credentials_file": "key.json"}
    reply = reply_of("database-test", connection, project_directory=str(tmp_path))
    assert reply["ok"]["schemas"] == ["sales"]
    assert (reply["ok"]["database"], reply["ok"]["tables"]) == ("p", 2)
    assert reply["ok"]["read_only"]["enforced"] is True
    assert set(service.tokens) == {"Bearer made-of-the-key"}


def test_keys_that_are_none(shop: dict[str, Any], tmp_path: Path) -> None:
    del shop["token"]
    (tmp_path / "bad.json").write_text('{"private_key": "s3cret"}')
    for path, message in (("bad.json", "is no key"), ("gone.json", "cannot be read")):
        connection = shop | {"credentials_file": str(tmp_path / path)}
        error = refusal_of(connection, "SELECT 1")
        assert error["kind"] == "database"
        assert message in error["message"]
        assert "s3cret" not in str(error)


def test_a_server_that_is_not_there(shop: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refusal_of(shop | {"api_endpoint": f"http://127.0.0.1:{port}"}, "SELECT 1")
    assert error["message"].startswith("The database could not be reached")
