"""What is too large, too slow or no HTTP: each is answered or cut off, and the server lives on."""

from __future__ import annotations

import json
import re
import select
from collections.abc import Iterator

import pytest

from support.servers import LIMIT, TOKEN, ServerProcess, read_all, running_server

BODY_LIMIT = 1_000_000
HEAD = (
    b"POST /call/semantic-validate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Authorization: Bearer " + TOKEN.encode() + b"\r\nContent-Type: application/json\r\n"
)
EMPTY = b'{"sources":[]}'


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with running_server(body_limit=BODY_LIMIT) as running:
        yield running


@pytest.fixture(scope="module")
def hasty() -> Iterator[ServerProcess]:
    with running_server(header_seconds=0.2, body_seconds=0.4) as running:
        yield running


def status(answer: bytes) -> int:
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert match is not None, answer
    return int(match.group(1))


def with_length(length: int) -> bytes:
    return HEAD + b"Content-Length: %d\r\n\r\n" % length


def padded(size: int) -> bytes:
    return EMPTY + b" " * (size - len(EMPTY))


def test_the_body_limit_is_exact(server: ServerProcess) -> None:
    for path in ("/call/semantic-validate", "/semantic-layer/validate"):
        assert server.ask("POST", path, padded(BODY_LIMIT)).status == 200
        assert server.ask("POST", path, padded(BODY_LIMIT + 1)).status == 413


def test_a_body_announced_too_large_is_refused_unread(server: ServerProcess) -> None:
    with server.connect() as connection:
        connection.sendall(with_length(100_000_000_000))
        assert status(connection.recv(65536)) == 413


def test_a_body_in_chunks_is_counted(server: ServerProcess) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with server.connect() as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall(chunk * (BODY_LIMIT // 0x10000 + 1))
        assert status(connection.recv(65536)) == 413


def test_a_body_of_100_megabytes_is_read() -> None:
    with running_server() as server:
        body = padded(100_000_000)
        answer = server.ask("POST", "/call/semantic-validate", body)
        assert answer.json()["ok"]["valid"] is True


def test_a_body_that_does_not_fit_beside_others_is_asked_to_come_again() -> None:
    with running_server(body_limit=BODY_LIMIT) as server:
        connections = [server.connect() for _ in range(3)]
        for connection in connections:
            connection.sendall(with_length(BODY_LIMIT) + padded(BODY_LIMIT - 1))
        (refused,), _, _ = select.select(connections, [], [], LIMIT)
        answer = refused.recv(65536)
        assert (status(answer), b"retry-after: 1" in answer) == (503, True)
        for connection in connections:
            with connection:
                if connection is not refused:
                    connection.sendall(b" ")
                    assert status(connection.recv(65536)) == 200


def test_a_header_that_does_not_end_is_cut_off(hasty: ServerProcess) -> None:
    answer = hasty.exchange(b"GET /health HTTP/1.1\r\nHost: local")
    assert status(answer) == 408


def test_a_connection_that_asks_nothing_is_closed(hasty: ServerProcess) -> None:
    assert hasty.exchange() == b""
    assert hasty.exchange(b"\r\n") == b""


def test_a_second_header_that_does_not_end_is_cut_off(hasty: ServerProcess) -> None:
    with hasty.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /he")
        answers = read_all(connection)
    assert [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+)", answers)] == [200, 408]


def test_empty_lines_do_not_keep_a_connection(hasty: ServerProcess) -> None:
    with hasty.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        first = connection.recv(65536)
        connection.sendall(b"\r\n")
        assert status(first + read_all(connection)) == 200


@pytest.mark.parametrize("sent", [0, 5])
def test_a_body_that_does_not_end_is_cut_off(hasty: ServerProcess, sent: int) -> None:
    assert status(hasty.exchange(with_length(len(EMPTY)) + EMPTY[:sent])) == 408
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status(hasty.exchange(chunked + b"5\r\n" + EMPTY[:sent])) == 408


def test_a_refused_body_that_does_not_end_is_cut_off(hasty: ServerProcess) -> None:
    answer = hasty.exchange(
        b"POST /shutdown HTTP/1.1\r\nHost: evil.test\r\nContent-Length: 9\r\n\r\n"
    )
    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"403"]


def test_a_header_that_is_too_large(server: ServerProcess) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n")
        line = b"X-Padding: " + b"x" * 1000 + b"\r\n"
        answer = b""
        try:
            for _ in range(1000):
                connection.sendall(line)
        except OSError:
            pass
        answer = read_all(connection)
    assert answer == b"" or status(answer) == 431


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
        b"\x00" * 100,
    ],
)
def test_what_is_no_http_is_a_400(server: ServerProcess, request_bytes: bytes) -> None:
    answer = server.exchange(request_bytes)
    assert status(answer) == 400
    assert b"ktx" not in answer.lower()


@pytest.mark.parametrize("chunk", [b"zz\r\n{}\r\n", b"-1\r\n{}\r\n", b"2\r\n{}xx0\r\n\r\n"])
def test_bad_chunks(server: ServerProcess, chunk: bytes) -> None:
    answer = server.exchange(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
    assert status(answer) == 400


def test_http_1_0_is_answered_and_closed(server: ServerProcess) -> None:
    answer = server.exchange(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert status(answer) == 200
    assert answer.endswith(b'{"status":"healthy","version":"1.2.3"}')


def test_an_upgrade_is_not_made(server: ServerProcess) -> None:
    answer = server.exchange(
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n"
    )
    assert status(answer) == 200


def test_requests_in_one_piece_are_answered_in_order(server: ServerProcess) -> None:
    ask = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
    answers = server.exchange(ask + b"\r\n" + ask + b"Connection: close\r\n\r\n")
    assert answers.count(b'{"status":"healthy"') == 2


def test_clients_that_go_away_do_no_harm(server: ServerProcess) -> None:
    for _ in range(20):
        with server.connect() as connection:
            connection.sendall(with_length(len(EMPTY)) + EMPTY)
        with server.connect() as connection:
            connection.sendall(with_length(BODY_LIMIT) + b"{")
    assert server.call("semantic-validate", json.loads(EMPTY))["ok"]["valid"] is True


def test_the_servers_are_still_there(server: ServerProcess, hasty: ServerProcess) -> None:
    assert server.process.poll() is None
    assert hasty.process.poll() is None
