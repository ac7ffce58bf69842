"""The driver for Databricks against a local stand-in that speaks its Thrift over HTTP."""

# Thrift's own classes have no annotations.
# mypy: disallow-untyped-calls=False
from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from databricks.sql.thrift_api.TCLIService import TCLIService, ttypes
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TMemoryBuffer

from database_query.asking import answer_of, cells_by_type, interrupt, refusal_of
from database_query.stand_in import Endless, Reply, Request, serving

_OK = ttypes.TStatus(statusCode=ttypes.TStatusCode.SUCCESS_STATUS)
_TYPE = ttypes.TTypeId
_EVERY: list[tuple[int, ttypes.TColumn]] = [
    (_TYPE.INT_TYPE, ttypes.TColumn(i32Val=ttypes.TI32Column(values=[0], nulls=b"\x01"))),
    (
        _TYPE.BIGINT_TYPE,
        ttypes.TColumn(i64Val=ttypes.TI64Column(values=[2**63 - 1], nulls=b"\x00")),
    ),
    (_TYPE.BOOLEAN_TYPE, ttypes.TColumn(boolVal=ttypes.TBoolColumn(values=[True], nulls=b"\x00"))),
    (
        _TYPE.STRING_TYPE,
        ttypes.TColumn(stringVal=ttypes.TStringColumn(values=["Zürich"], nulls=b"\x00")),
    ),
]
_NUMBERS = ttypes.TColumn(i64Val=ttypes.TI64Column(values=list(range(5)), nulls=b"\x00"))


class Warehouse:
    """Runs statements at once, with their rows in the first reply, and one without an end."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.configuration: dict[str, str] = {}
        self.endless = Endless()

    def OpenSession(self, request: Any) -> Any:  # noqa: N802
        self.configuration = request.configuration
        return ttypes.TOpenSessionResp(
            status=_OK,
            serverProtocolVersion=ttypes.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V7,
            sessionHandle=ttypes.TSessionHandle(sessionId=_identifier()),
            initialNamespace=request.initialNamespace,
            canUseMultipleCatalogs=True,
        )

    def CloseSession(self, _: Any) -> Any:  # noqa: N802
        return ttypes.TCloseSessionResp(status=_OK)

    def CloseOperation(self, _: Any) -> Any:  # noqa: N802
        return ttypes.TCloseOperationResp(status=_OK)

    def GetOperationStatus(self, _: Any) -> Any:  # noqa: N802
        self.endless.running.set()
        states = ttypes.TOperationState
        ended = self.endless.cancelled.is_set()
        return ttypes.TGetOperationStatusResp(
            status=_OK, operationState=states.CANCELED_STATE if ended else states.RUNNING_STATE
        )

    def CancelOperation(self, _: Any) -> Any:  # noqa: N802
        self.endless.cancelled.set()
        return ttypes.TCancelOperationResp(status=_OK)

    def ExecuteStatement(self, request: Any) -> Any:  # noqa: N802
        self.statements.append(request.statement)
        if "gone" in request.statement:
            return ttypes.TExecuteStatementResp(status=_refused("[TABLE_OR_VIEW_NOT_FOUND] `gone`"))
        if "a()" in request.statement:
            return ttypes.TExecuteStatementResp(status=_refused("[PARSE_SYNTAX_ERROR] near 'a'"))
        parts = _EVERY if "every" in request.statement else [(_TYPE.BIGINT_TYPE, _NUMBERS)]
        handle = ttypes.TOperationHandle(
            operationId=_identifier(),
            operationType=ttypes.TOperationType.EXECUTE_STATEMENT,
            hasResultSet=True,
        )
        if request.statement == Endless.SQL:
            return ttypes.TExecuteStatementResp(status=_OK, operationHandle=handle)
        return ttypes.TExecuteStatementResp(
            status=_OK, operationHandle=handle, directResults=_results(parts)
        )


def _identifier() -> Any:
    return ttypes.THandleIdentifier(guid=b"g" * 16, secret=b"s" * 16)


def _refused(message: str) -> Any:
    return ttypes.TStatus(
        statusCode=ttypes.TStatusCode.ERROR_STATUS, errorMessage=message, displayMessage=message
    )


def _results(parts: list[tuple[int, Any]]) -> Any:
    columns = [
        ttypes.TColumnDesc(
            columnName=f"c{place}",
            typeDesc=ttypes.TTypeDesc(
                types=[ttypes.TTypeEntry(primitiveEntry=ttypes.TPrimitiveTypeEntry(type=kind))]
            ),
            position=place + 1,
        )
        for place, (kind, _) in enumerate(parts)
    ]
    rows = ttypes.TRowSet(startRowOffset=0, rows=[], columns=[column for _, column in parts])
    return ttypes.TSparkDirectResults(
        operationStatus=ttypes.TGetOperationStatusResp(
            status=_OK, operationState=ttypes.TOperationState.FINISHED_STATE
        ),
        resultSetMetadata=ttypes.TGetResultSetMetadataResp(
            status=_OK,
            schema=ttypes.TTableSchema(columns=columns),
            resultFormat=ttypes.TSparkRowSetType.COLUMN_BASED_SET,
            lz4Compressed=False,
        ),
        resultSet=ttypes.TFetchResultsResp(status=_OK, hasMoreRows=False, results=rows),
        closeOperation=ttypes.TCloseOperationResp(status=_OK),
    )


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse()


@pytest.fixture
def shop(warehouse: Warehouse) -> Iterator[dict[str, Any]]:
    processor = TCLIService.Processor(warehouse)

    def answer(request: Request) -> Reply:
        if "t0ken" not in request.headers.get("authorization", ""):
            return Reply(b"", 403, {"x-thriftserver-error-message": "Invalid access token."})
        output = TMemoryBuffer()
        processor.process(TBinaryProtocol(TMemoryBuffer(request.body)), TBinaryProtocol(output))
        return Reply(output.getvalue(), 200, {"Content-Type": "application/x-thrift"})

    with serving(answer) as port:
        yield {
            "driver": "databricks",
            "host": f"http://127.0.0.1:{port}",
            "http_path": "/sql/1.0/warehouses/abc",
            "token": "t0ken",
        }


def test_values(shop: dict[str, Any]) -> None:
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == [
        ("number", "int", None),
        ("number", "bigint", 2**63 - 1),
        ("boolean", "boolean", True),
        ("text", "string", "Zürich"),
    ]


def test_a_query_is_limited_and_capped(shop: dict[str, Any], warehouse: Warehouse) -> None:
    answer = answer_of(shop, "SELECT n FROM t", max_rows=2, timeout_ms=6500)
    assert (answer["rows"], answer["truncated"]) == ([[0], [1]], True)
    assert warehouse.statements == ["SELECT n FROM t"]
    assert warehouse.configuration["STATEMENT_TIMEOUT"] == "7"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named: [TABLE_OR_VIEW_NOT_FOUND]"),
        ("SELECT a()", "refused the SQL: [PARSE_SYNTAX_ERROR]"),
        ("MERGE INTO t USING u ON 1 = 1 WHEN MATCHED THEN DELETE", "The SQL is not run."),
    ],
)
def test_statements_that_are_refused(shop: dict[str, Any], sql: str, message: str) -> None:
    assert message in refusal_of(shop, sql)["message"]


def test_a_token_that_is_not_taken(shop: dict[str, Any]) -> None:
    error = refusal_of(shop | {"token": "s3cret"}, "SELECT n FROM t")
    assert error["message"].startswith("The database refused the log-in")
    assert "s3cret" not in str(error)


def test_a_server_that_is_not_there(shop: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refusal_of(
        shop | {"host": f"http://127.0.0.1:{port}"}, "SELECT 1", connection_timeout_seconds=1
    )
    assert error["message"].startswith("The database could not be reached")
    assert "t0ken" not in str(error)


def test_an_interrupted_statement_is_ended_on_the_server(
    shop: dict[str, Any], warehouse: Warehouse
) -> None:
    interrupt(shop, Endless.SQL, warehouse.endless.running)
    assert warehouse.endless.cancelled.is_set()
