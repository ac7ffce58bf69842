"""The driver for SQL Server: its log-in over a socket, and its answers from a stand-in session.

No server can be run here, and TDS is no HTTP: a small peer speaks as much of it as a log-in that
is refused needs.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from database_query.asking import refusal_of

_PRELOGIN, _LOGIN, _REPLY = 0x12, 0x10, 0x04
# Version, encryption (not supported) and the end of the list.
_OPTIONS = b"\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff"
_PRELOGIN_REPLY = _OPTIONS + b"\x10\x00\x10\x00\x00\x00" + b"\x02"
_DONE = b"\xfd\x02\x00\x00\x00" + bytes(8)


def refusal_token(number: int, message: str) -> bytes:
    """Return the token ERROR of TDS."""
    text = message.encode("utf-16-le")
    body = (
        struct.pack("<iBBH", number, 1, 14, len(message))
        + text
        + b"\x00\x00"
        + struct.pack("<I", 1)
    )
    return b"\xaa" + struct.pack("<H", len(body)) + body


class Peer:
    """Answers one log-in, and keeps what it was sent."""

    def __init__(self, number: int, message: str) -> None:
        self.login = b""
        self._reply = refusal_token(number, message) + _DONE

    def serve(self, client: socket.socket) -> None:
        with client:
            while (packet := self._packet(client)) is not None:
                kind, data = packet
                if kind == _LOGIN:
                    self.login = data
                body = _PRELOGIN_REPLY if kind == _PRELOGIN else self._reply
                client.sendall(struct.pack(">BBHHBB", _REPLY, 1, len(body) + 8, 0, 1, 0) + body)

    @staticmethod
    def _packet(client: socket.socket) -> tuple[int, bytes] | None:
        header = client.recv(8, socket.MSG_WAITALL)
        if len(header) < 8:
            return None
        size = struct.unpack(">H", header[2:4])[0] - 8
        return header[0], client.recv(size, socket.MSG_WAITALL)


@contextmanager
def listening(peer: Peer) -> Iterator[int]:
    """Let the peer answer who tries the port and then who logs in."""

    def serve() -> None:
        for _ in range(2):
            peer.serve(listener.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("number", "message", "beginning"),
    [
        (18456, "Login failed for user 'reader'.", "The database refused the log-in"),
        (18488, "Login failed. The password must be changed.", "The database refused the log-in"),
    ],
)
def test_a_login_that_is_refused(number: int, message: str, beginning: str) -> None:
    peer = Peer(number, message)
    with listening(peer) as port:
        connection: dict[str, Any] = {
            "driver": "mssql",
            "host": "127.0.0.1",
            "port": port,
            "user": "reader",
            "password": "s3cret",
            "database": "gone",
            "encrypt": False,
        }
        error = refusal_of(connection, "SELECT 1")
    assert error["message"].startswith(beginning)
    assert message.rstrip(".") in error["message"]
    assert "s3cret" not in str(error)
    # TypeFlags of the log-in: the bit of ApplicationIntent=ReadOnly.
    assert peer.login[26] & 0x20
    assert "ktx".encode("utf-16-le") in peer.login


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 DROP TABLE t",
        "SELECT * INTO x FROM t",
        "EXEC sp_who",
        "SELECT * FROM OPENROWSET('x', 'y', 'z')",
        "SELECT * FROM t WITH (UPDLOCK)",
        "WAITFOR DELAY '1'",
    ],
)
def test_what_is_written_is_not_sent(sql: str) -> None:
    # Nothing listens there: a statement that is refused connects to nowhere.
    error = refusal_of({"driver": "sqlserver", "host": "127.0.0.1", "port": 1, "user": "u"}, sql)
    assert error["message"].startswith("The SQL is not run.")


@pytest.mark.parametrize("encrypt", [True, False])
def test_a_server_that_is_not_there(encrypt: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"sqlserver://reader:s3cret@127.0.0.1:{port}/shop"
    connection = {"driver": "sqlserver", "url": url, "encrypt": encrypt}
    error = refusal_of(connection, "SELECT 1", connection_timeout_seconds=1)
    assert error["message"].startswith("The database could not be reached")
    assert "s3cret" not in str(error)
    assert "reader" not in str(error)


def test_a_user_is_needed() -> None:
    connection = {"driver": "sqlserver", "host": "127.0.0.1"}
    error = refusal_of(connection, "SELECT 1")
    assert error["fix"] == "Write `user: reader` under connections.shop in ktx.yaml."
