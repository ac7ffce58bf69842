"""The few messages of the Spark Connect protocol that reading takes, over gRPC.

Their names and numbers are those of Spark's released definitions (4.3.0), of which these are a
part: what is not named here is skipped when it is read.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    TIMEOUT,
    UNREACHABLE,
    category_by_state,
)

# What goes wrong is told by the exception; gRPC would tell it on stderr too.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
import grpc

_SERVICE = "/spark.connect.SparkConnectService/"
_CLIENT = "ktx"
_LARGEST_MESSAGE = 128 * 2**20
_OPERATION_ID = 3
"""Interrupts the operation of an id, and nothing else."""

_TEXT = FieldDescriptorProto.TYPE_STRING
_BYTES = FieldDescriptorProto.TYPE_BYTES
_INT32 = FieldDescriptorProto.TYPE_INT32
_INT64 = FieldDescriptorProto.TYPE_INT64

MESSAGES: dict[str, dict[str, tuple[int, int | str]]] = {
    "UserContext": {"user_id": (1, _TEXT), "user_name": (2, _TEXT)},
    "KeyValue": {"key": (1, _TEXT), "value": (2, _TEXT)},
    "SQL": {"query": (1, _TEXT)},
    "Limit": {"input": (1, "Relation"), "limit": (2, _INT32)},
    "Relation": {"limit": (8, "Limit"), "sql": (10, "SQL")},
    "Plan": {"root": (1, "Relation")},
    "ExecutePlanRequest": {
        "session_id": (1, _TEXT),
        "user_context": (2, "UserContext"),
        "plan": (3, "Plan"),
        "client_type": (4, _TEXT),
        "operation_id": (6, _TEXT),
    },
    "ArrowBatch": {"row_count": (1, _INT64), "data": (2, _BYTES)},
    "ExecutePlanResponse": {"arrow_batch": (2, "ArrowBatch")},
    "Set": {"pairs": (1, "*KeyValue")},
    "Operation": {"set": (1, "Set")},
    "ConfigRequest": {
        "session_id": (1, _TEXT),
        "user_context": (2, "UserContext"),
        "operation": (3, "Operation"),
        "client_type": (4, _TEXT),
    },
    "SparkVersion": {"version": (1, _TEXT)},
    "AnalyzePlanRequest": {
        "session_id": (1, _TEXT),
        "user_context": (2, "UserContext"),
        "client_type": (3, _TEXT),
        "spark_version": (10, "SparkVersion"),
    },
    "AnalyzePlanResponse": {"spark_version": (8, "SparkVersion")},
    "InterruptRequest": {
        "session_id": (1, _TEXT),
        "user_context": (2, "UserContext"),
        "client_type": (3, _TEXT),
        "interrupt_type": (4, _INT32),
        "operation_id": (6, _TEXT),
    },
    "ReleaseSessionRequest": {
        "session_id": (1, _TEXT),
        "user_context": (2, "UserContext"),
        "client_type": (3, _TEXT),
    },
    "Nothing": {},
    # Of google.rpc: what a failed call says beyond its text.
    "Any": {"type_url": (1, _TEXT), "value": (2, _BYTES)},
    "Status": {"details": (3, "*Any")},
    "ErrorInfo": {"reason": (1, _TEXT), "metadata": (3, "*KeyValue")},
}
"""Each message with its fields: number, and type; a `*` says that there may be several."""

_CATEGORIES = {
    grpc.StatusCode.UNAUTHENTICATED: AUTHENTICATION,
    grpc.StatusCode.PERMISSION_DENIED: FORBIDDEN,
    grpc.StatusCode.UNAVAILABLE: UNREACHABLE,
    grpc.StatusCode.UNIMPLEMENTED: UNREACHABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED: TIMEOUT,
}


def _message_classes() -> dict[str, Any]:
    file = FileDescriptorProto(name="ktx_spark_connect.proto", package="ktx", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            added = message.field.add(name=field, number=number)
            several = isinstance(kind, str) and kind.startswith("*")
            added.label = added.LABEL_REPEATED if several else added.LABEL_OPTIONAL
            if isinstance(kind, str):
                added.type, added.type_name = added.TYPE_MESSAGE, f".ktx.{kind.lstrip('*')}"
            else:
                added.type = kind
    pool = DescriptorPool()
    pool.Add(file)
    return {name: GetMessageClass(pool.FindMessageTypeByName(f"ktx.{name}")) for name in MESSAGES}


_CLASSES = _message_classes()


class Failed(Exception):
    """What the server, or the way to it, says about a call: a category of `failures`, and words."""

    def __init__(self, category: str, words: str) -> None:
        super().__init__(words)
        self.category = category


class Client:
    """One session on a server; every call may raise `Failed`."""

    def __init__(self, channel: Any, user: str, metadata: Sequence[tuple[str, str]] = ()) -> None:
        self._channel = channel
        self._metadata = list(metadata)
        self._common = {
            "session_id": str(uuid.uuid4()),
            "user_context": {"user_id": user, "user_name": user},
            "client_type": _CLIENT,
        }

    def configure(self, settings: dict[str, str], seconds: float) -> None:
        """Change settings of the session, which is made by it."""
        pairs = [{"key": key, "value": value} for key, value in settings.items()]
        self._ask("Config", "Nothing", seconds, operation={"set": {"pairs": pairs}})

    def version(self, seconds: float) -> str:
        """Return the server's version of Spark."""
        answer = self._ask("AnalyzePlan", "AnalyzePlanResponse", seconds, spark_version={})
        return str(answer.spark_version.version)

    def batches(
        self, sql: str, limit: int | None, operation: str, seconds: float
    ) -> Iterator[bytes]:
        """Run a statement and yield its rows, of many the first `limit`, as Arrow streams.

        `operation` is a UUID by which `interrupt` ends it.
        """
        root: dict[str, Any] = {"sql": {"query": sql}}
        if limit is not None:
            root = {"limit": {"input": root, "limit": limit}}
        request = self._request("ExecutePlan", plan={"root": root}, operation_id=operation)
        call = self._channel.unary_stream(
            f"{_SERVICE}ExecutePlan",
            request_serializer=_serialized,
            response_deserializer=_CLASSES["ExecutePlanResponse"].FromString,
        )
        try:
            for answer in call(request, timeout=seconds, metadata=self._metadata):
                if answer.HasField("arrow_batch"):
                    yield answer.arrow_batch.data
        except grpc.RpcError as error:
            failed = _failed(error)
        else:
            return
        raise failed

    def interrupt(self, operation: str, seconds: float) -> None:
        """End a statement on the server."""
        kind = {"interrupt_type": _OPERATION_ID, "operation_id": operation}
        self._ask("Interrupt", "Nothing", seconds, **kind)

    def close(self, seconds: float) -> None:
        """Let the server forget the session; it would keep it for an hour."""
        try:
            self._ask("ReleaseSession", "Nothing", seconds)
        except Failed:
            pass  # It is forgotten when its time is over.
        finally:
            self._channel.close()

    def _request(self, name: str, **fields: Any) -> Any:
        return _CLASSES[f"{name}Request"](**self._common, **fields)

    def _ask(self, name: str, answer: str, seconds: float, **fields: Any) -> Any:
        call = self._channel.unary_unary(
            f"{_SERVICE}{name}",
            request_serializer=_serialized,
            response_deserializer=_CLASSES[answer].FromString,
        )
        try:
            return call(self._request(name, **fields), timeout=seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            failed = _failed(error)
        # Without its chain: that may show the token.
        raise failed


def _serialized(message: Any) -> bytes:
    data: bytes = message.SerializeToString()
    return data


def _failed(error: Any) -> Failed:
    code, words = error.code(), error.details() or ""
    known = _told(error)
    category = _CATEGORIES.get(code) or category_by_state(known.get("sqlState")) or OTHER
    if re.match(r"\[\w*(?:NOT_FOUND|UNRESOLVED_(?:COLUMN|ROUTINE))", words):
        category = MISSING
    # What follows the state is the text of the statement, or Spark's plan of it.
    said = re.match(r".*?SQLSTATE: \w{5}", words, re.DOTALL)
    return Failed(category, said[0] if said else words.strip() or code.name)


def _told(error: Any) -> dict[str, str]:
    """Return what the server says of an error beside its text."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in _CLASSES["Status"].FromString(value).details:
                if detail.type_url.endswith("google.rpc.ErrorInfo"):
                    info = _CLASSES["ErrorInfo"].FromString(detail.value)
                    return {pair.key: pair.value for pair in info.metadata}
    return {}


def open_channel(address: str, *, secure: bool, certificates: bytes | None, seconds: int) -> Any:
    """Return a channel, which connects at its first call, within `seconds`.

    `certificates` are those to trust instead of the system's, as PEM.
    """
    options = [
        ("grpc.min_reconnect_backoff_ms", seconds * 1000),
        ("grpc.initial_reconnect_backoff_ms", seconds * 1000),
        ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
        ("grpc.primary_user_agent", _CLIENT),
    ]
    if not secure:
        return grpc.insecure_channel(address, options)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(certificates), options)
