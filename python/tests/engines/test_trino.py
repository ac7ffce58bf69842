"""The driver for Trino on a server of it, started with `--engine=trino`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from database_query.asking import answer_of, cells_by_type, interrupt, refusal_of, reply_of
from ktx_daemon.database_query import trino as driver
from ktx_daemon.database_query.driver import Limits
from ktx_daemon.database_query.failures import WRITES
from ktx_daemon.database_query.settings import Settings
from support.databases import Database, of_dialect
from support.engine_trino import Trino

ENDLESS = "SELECT count(*) FROM " + " CROSS JOIN ".join(
    f"UNNEST(sequence(1, 10000)) AS t{n}(x{n})" for n in range(5)
)
LIMIT = 60.0
"""Seconds after which something that must happen counts as not happening."""

VALUES: list[tuple[str, tuple[str, str, Any]]] = [
    ("CAST(NULL AS INTEGER)", ("number", "integer", None)),
    ("true", ("boolean", "boolean", True)),
    ("BIGINT '9223372036854775807'", ("number", "bigint", 2**63 - 1)),
    (
        "CAST('12345678901234567890123456789012345.30' AS DECIMAL(38,2))",
        ("number", "decimal(38, 2)", {"decimal": "12345678901234567890123456789012345.30"}),
    ),
    ("nan()", ("number", "double", {"float": "NaN"})),
    ("REAL '-Infinity'", ("number", "real", {"float": "-Infinity"})),
    ("REAL '0.1'", ("number", "real", 0.1)),
    ("0.1e0", ("number", "double", 0.1)),
    ("'Zürich'", ("text", "varchar(6)", "Zürich")),
    ("CAST('a' AS CHAR(3))", ("text", "char(3)", "a  ")),
    ("X'aa00'", ("binary", "varbinary", {"hex": "aa00"})),
    ("DATE '2024-02-29'", ("time", "date", "2024-02-29")),
    ("TIME '03:04:05.500'", ("time", "time(3)", "03:04:05.500")),
    (
        "TIMESTAMP '2024-01-02 03:04:05.123456789012'",
        ("time", "timestamp(12)", "2024-01-02T03:04:05.123456789012"),
    ),
    (
        "TIMESTAMP '2024-01-02 03:04:05.123 UTC'",
        ("time", "timestamp(3) with time zone", "2024-01-02T03:04:05.123Z"),
    ),
    (
        "TIMESTAMP '2024-01-02 03:04:05.123 +02:00'",
        ("time", "timestamp(3) with time zone", "2024-01-02T03:04:05.123+02:00"),
    ),
    (
        "TIMESTAMP '2024-07-02 03:04:05.123456789 Europe/Berlin'",
        ("time", "timestamp(9) with time zone", "2024-07-02T03:04:05.123456789+02:00"),
    ),
    (  # An hour that there is twice: the server does not say which one it is.
        "TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin'",
        ("time", "timestamp(0) with time zone", "2024-10-27 02:30:00 Europe/Berlin"),
    ),
    (
        "TIMESTAMP '1850-01-01 00:00:00 Europe/Berlin'",
        ("time", "timestamp(0) with time zone", "1850-01-01 00:00:00 Europe/Berlin"),
    ),
    ("INTERVAL '2' DAY", ("text", "INTERVAL DAY TO SECOND", "2 00:00:00.000")),
    ("INTERVAL '3' MONTH", ("text", "INTERVAL YEAR TO MONTH", "0-3")),
    (
        "UUID '4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11'",
        ("text", "uuid", "4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11"),
    ),
    ("JSON '{\"a\": [1]}'", ("text", "json", '{"a":[1]}')),
    ("ARRAY[1, NULL, 3]", ("text", "array(integer)", "[1, null, 3]")),
    ("ARRAY[DECIMAL '1.10']", ("text", "array(decimal(3, 2))", '["1.10"]')),
    (
        "CAST(ROW(1, 'x') AS ROW(a INTEGER, b VARCHAR))",
        ("text", "row(a integer, b varchar)", '[1, "x"]'),
    ),
    ("MAP(ARRAY['k'], ARRAY[1])", ("text", "map(varchar(1), integer)", '{"k": 1}')),
]


@pytest.fixture(scope="module")
def trino(databases: list[Database]) -> Trino:
    found = of_dialect(databases, "trino")
    assert isinstance(found, Trino)
    return found


@pytest.fixture
def shop(trino: Trino) -> dict[str, Any]:
    """A connection that nobody has to log in for."""
    return {
        "driver": "trino",
        "host": "127.0.0.1",
        "port": trino.server.port,
        "user": "reader",
        "catalog": "memory",
        "schema": "default",
    }


@pytest.fixture
def secure(shop: dict[str, Any], trino: Trino) -> dict[str, Any]:
    """A connection with TLS, without what one logs in by."""
    certificate = str(trino.server.security.certificate)
    return shop | {"port": trino.server.secure_port, "ca_file": certificate}


@pytest.fixture
def tables(trino: Trino) -> Iterator[None]:
    """Tables `kept` and `secret`; nobody may read the latter."""
    trino.run([f"CREATE TABLE {name} AS SELECT 1 AS x" for name in ("kept", "secret")])
    yield
    trino.run([f"DROP TABLE {name}" for name in ("kept", "secret")])


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, f"SELECT {', '.join(sql for sql, _ in VALUES)}")
    assert cells_by_type(answer) == [cell for _, cell in VALUES]


def test_rows_are_capped(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT * FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x", max_rows=2)
    assert (answer["rows"], answer["truncated"]) == ([[1], [2]], True)
    answer = answer_of(shop, "SELECT x AS n, x AS n FROM (VALUES 1) AS t(x) WHERE false")
    assert [column["name"] for column in answer["columns"]] == ["n", "n"]
    assert (answer["rows"], answer["truncated"]) == ([], False)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "SELECT * FROM gone",
            "does not have what is named: line 1:15: Table 'memory.default.gone",
        ),
        ("SELECT * FROM gone.a.b", "does not have what is named: line 1:15: Catalog 'gone'"),
        ("SELECT gone FROM (VALUES 1) AS t(x)", "does not have what is named: line 1:8: Column"),
        ("SELECT gone(1)", "does not have what is named: line 1:8: Function 'gone'"),
        ("SELECT 1 + 'a'", "refused the SQL: line 1:10: Cannot apply operator"),
        ("SELECT 1 / 0", "could not compute a value: Division by zero"),
        ("SELECT CAST('x' AS INTEGER)", "could not compute a value: Cannot cast 'x' to INT"),
        ("SELECT BIGINT '9223372036854775807' + 1", "could not compute a value: bigint addition"),
        ("SELECT x FROM secret", "does not allow it: Access Denied: Cannot select from"),
    ],
)
@pytest.mark.usefixtures("tables")
def test_errors_by_what_they_are_about(shop: dict[str, Any], sql: str, message: str) -> None:
    assert refusal_of(shop, sql)["message"].startswith(f"The database {message}")


def test_an_insert_is_not_sent(shop: dict[str, Any]) -> None:
    error = refusal_of(shop, "INSERT INTO kept SELECT 2")
    assert error["message"].startswith("The SQL is not run. The statement is no SELECT but INSERT")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO kept SELECT 2",
        "DROP TABLE kept",
        "CREATE TABLE made AS SELECT 1 AS x",
        "CREATE OR REPLACE VIEW kept_too AS SELECT 1 AS x",
        "CREATE SCHEMA made",
    ],
)
@pytest.mark.usefixtures("tables")
def test_the_server_refuses_to_write(shop: dict[str, Any], trino: Trino, sql: str) -> None:
    """Past ktx's own look at the statement."""
    session = driver.connect(Settings("shop", shop, ""), Limits(1000, 30, "UTC"))
    with closing(session), pytest.raises(driver.ERRORS, match="read-only transaction") as caught:
        session.rows(sql, None)
    assert driver.category_of(caught.value) == WRITES
    assert trino.rows("SELECT x FROM kept") == [(1,)]
    assert {row[0] for row in trino.rows("SHOW SCHEMAS")} >= {"default"}
    assert ("made",) not in trino.rows("SHOW TABLES") + trino.rows("SHOW SCHEMAS")


def test_a_statement_whose_time_is_over(shop: dict[str, Any]) -> None:
    error = refusal_of(shop, ENDLESS, timeout_ms=1000)
    assert error["message"] == (
        "The database took too long: Query exceeded maximum time limit of 1.00s."
    )


def test_an_interrupted_statement_is_ended_on_the_server(
    shop: dict[str, Any], trino: Trino
) -> None:
    sql = f"{ENDLESS} WHERE 'interrupted' <> ''"

    class Running:
        """Until the server says that it runs."""

        def wait(self, seconds: float) -> bool:
            return _seen(trino, sql, "state = 'RUNNING'", seconds)

    interrupt(shop, sql, Running())  # type: ignore[arg-type]
    assert _seen(trino, sql, "error_code = 'USER_CANCELED'", LIMIT)


def _seen(trino: Trino, sql: str, condition: str, seconds: float) -> bool:
    """Whether the server has the statement in a state at last."""
    text = sql.replace("'", "''")
    query = f"SELECT 1 FROM system.runtime.queries WHERE query = '{text}' AND {condition}"
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if trino.rows(query):
            return True
    return False


@pytest.mark.usefixtures("tables")
def test_what_is_there(shop: dict[str, Any]) -> None:
    found = reply_of("database-test", shop)["ok"]
    assert found["tables"] >= 2
    assert found["schemas"] == ["default"]
    assert found["database"] == "memory"
    assert found["read_only"] == {"enforced": True, "how": "START TRANSACTION READ ONLY"}


def test_the_zone_of_the_session(shop: dict[str, Any]) -> None:
    sql = (
        "SELECT current_timezone(), "
        "CAST(TIMESTAMP '2026-07-01 12:00:00' AS TIMESTAMP WITH TIME ZONE)"
    )
    answer = answer_of(shop, sql, timezone="Europe/Berlin")
    assert answer["rows"] == [["Europe/Berlin", "2026-07-01T12:00:00.000+02:00"]]
    assert answer_of(shop, sql)["rows"] == [["UTC", "2026-07-01T12:00:00.000Z"]]


def test_a_password_and_a_token_over_tls(secure: dict[str, Any], trino: Trino) -> None:
    security = trino.server.security
    sql = "SELECT current_user"
    assert answer_of(secure | {"password": security.password}, sql)["rows"] == [["reader"]]
    del secure["user"]
    token = security.token("from the token")
    assert answer_of(secure | {"token": token}, sql)["rows"] == [["from the token"]]


@pytest.mark.parametrize(
    "wrong", [{"password": "s3cret"}, {"token": "s3cret"}, {"http_scheme": "https"}]
)
def test_who_may_not_log_in(secure: dict[str, Any], wrong: dict[str, str]) -> None:
    error = refusal_of(secure | wrong, "SELECT 1")
    assert error["message"].startswith("The database refused the log-in")
    assert "s3cret" not in str(error)


def test_a_certificate_that_nobody_vouches_for(secure: dict[str, Any], trino: Trino) -> None:
    del secure["ca_file"]
    error = refusal_of(secure | {"token": trino.server.security.token("reader")}, "SELECT 1")
    assert error["message"].startswith("The certificate of the database is not trusted: ")
    assert error["fix"] == (
        "Write where the certificate of its authority is: `ca_file` of connection 'shop' in "
        "ktx.yaml."
    )


def test_the_connection_s_own_certificate_counts(
    secure: dict[str, Any], trino: Trino, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where the machine names others for everybody, as those of companies do."""
    others = tmp_path / "others.pem"
    others.write_bytes(trino.server.security.another_certificate())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(others))
    token = trino.server.security.token("reader")
    assert answer_of(secure | {"token": token}, "SELECT 1")["rows"] == [[1]]
