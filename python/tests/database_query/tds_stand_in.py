"""A local server that speaks TDS 7.4, as much of it as the real driver needs for questions.

It logs in, begins and rolls back transactions, answers statements with rows or with errors, runs
one that ends by an attention only, and keeps what it was told.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

from database_query.stand_in import Endless
from database_query.tds_values import Table, table_tokens

_BATCH, _ATTENTION, _TRANSACTION, _LOGIN, _PRELOGIN, _REPLY = 0x01, 0x06, 0x0E, 0x10, 0x12, 0x04
_LAST, _BLOCK = 0x01, 4096
_ERROR, _COUNT, _CANCELLED = 0x02, 0x10, 0x20
_ENCRYPTION_IS_NOT_SUPPORTED = b"\x02"
_PRELOGIN_REPLY = (
    b"\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff"  # VERSION, ENCRYPTION, the end of the list
    + b"\x10\x00\x10\x00\x00\x00"
    + _ENCRYPTION_IS_NOT_SUPPORTED
)
_BEGIN, _ENV_BEGIN, _ENV_END = 5, 8, 10


class Refusal(NamedTuple):
    """An error of SQL Server."""

    number: int
    message: str
    severity: int = 16


class Service:
    """What the server answers to each statement, and what it was told."""

    def __init__(
        self, answers: Mapping[str, Table | Refusal], login_refusal: Refusal | None = None
    ) -> None:
        self.answers = answers
        self.login_refusal = login_refusal
        self.login = b""
        self.statements: list[str] = []
        self.transactions: list[int] = []
        self.endless = Endless()

    def reply_to(self, kind: int, data: bytes) -> bytes | None:
        """Return the tokens to answer a message with; None: there is no answer yet."""
        if kind == _PRELOGIN:
            return _PRELOGIN_REPLY
        if kind == _LOGIN:
            self.login = data
            refusal = self.login_refusal
            return _login_tokens() if refusal is None else _error_tokens(refusal)
        if kind == _TRANSACTION:
            return self._transaction(data)
        if kind == _ATTENTION:
            self.endless.cancelled.set()
            return _done(_CANCELLED)
        return self._answer(data[_header_size(data) :].decode("utf-16-le"))

    def _transaction(self, data: bytes) -> bytes:
        (request,) = struct.unpack_from("<H", data, _header_size(data))
        self.transactions.append(request)
        number = struct.pack("<Q", 7)
        if request == _BEGIN:
            return _changed(_ENV_BEGIN, bytes([8]) + number + b"\x00") + _done()
        return _changed(_ENV_END, b"\x00" + bytes([8]) + number) + _done()

    def _answer(self, sql: str) -> bytes | None:
        self.statements.append(sql)
        if sql == Endless.SQL:
            self.endless.running.set()
            return None
        answer = self.answers.get(sql, Refusal(2812, f"Not known here: {sql}"))
        if isinstance(answer, Refusal):
            return _error_tokens(answer)
        return table_tokens(answer) + _done(_COUNT, len(answer.rows))


def _header_size(data: bytes) -> int:
    return int(struct.unpack_from("<I", data)[0])


def _login_tokens() -> bytes:
    name = "Microsoft SQL Server".encode("utf-16-le")
    body = b"\x01\x74\x00\x00\x04" + bytes([len(name) // 2]) + name + b"\x10\x00\x10\x00"
    return b"\xad" + struct.pack("<H", len(body)) + body + _done()


def _error_tokens(refusal: Refusal) -> bytes:
    text = refusal.message.encode("utf-16-le")
    body = struct.pack("<iBBH", refusal.number, 1, refusal.severity, len(refusal.message))
    body += text + b"\x00\x00" + struct.pack("<I", 1)
    return b"\xaa" + struct.pack("<H", len(body)) + body + _done(_ERROR)


def _changed(kind: int, values: bytes) -> bytes:
    return b"\xe3" + struct.pack("<HB", len(values) + 1, kind) + values


def _done(status: int = 0, count: int = 0) -> bytes:
    return b"\xfd" + struct.pack("<HHQ", status, 0xC1, count)


@contextmanager
def serving(service: Service) -> Iterator[int]:
    """Serve on a port of this machine; at the end every connection is closed by its driver."""
    threads: list[threading.Thread] = []

    def accept() -> None:
        with suppress(OSError):  # The listener was closed: the end.
            while True:
                client, _ = listener.accept()
                threads.append(threading.Thread(target=_converse, args=(client, service)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "a connection was left open"


def _converse(client: socket.socket, service: Service) -> None:
    with client, suppress(ConnectionError):
        while (message := _message(client)) is not None:
            reply = service.reply_to(*message)
            if reply is not None:
                _send(client, reply)


def _message(client: socket.socket) -> tuple[int, bytes] | None:
    """Return the kind and the data of a whole message, which may come in several packets."""
    data = b""
    while True:
        header = client.recv(8, socket.MSG_WAITALL)
        if len(header) < 8:
            return None
        kind, status, size = struct.unpack(">BBH", header[:4])
        data += client.recv(size - 8, socket.MSG_WAITALL) if size > 8 else b""
        if status & _LAST:
            return kind, data


def _send(client: socket.socket, data: bytes) -> None:
    room = _BLOCK - 8
    for start in range(0, len(data), room):
        part = data[start : start + room]
        last = _LAST if start + room >= len(data) else 0
        client.sendall(struct.pack(">BBHHBB", _REPLY, last, len(part) + 8, 0, 1, 0) + part)
