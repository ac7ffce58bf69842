"""`ktx-daemon serve-http`: for those who start the server from Python."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.servers import LIMIT, SOURCE_ROOT, TOKEN

READY = re.compile(r"serves (?:127\.0\.0\.1|::1):(\d+)")


@contextmanager
def serve_http(*words: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command on a free port, its standard error in a pipe."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ktx_daemon", "serve-http", "--port", "0", *words],
        env={"PYTHONPATH": str(SOURCE_ROOT), **variables},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def port_of(process: subprocess.Popen[str], seen: list[str]) -> int:
    """Read standard error until it says where the server is."""
    assert process.stderr is not None
    for line in iter(process.stderr.readline, ""):
        seen.append(line)
        if found := READY.search(line):
            return int(found.group(1))
    raise AssertionError("".join(seen))


def status(port: int, token: str, host: str = "127.0.0.1") -> int:
    connection = http.client.HTTPConnection(host, port, timeout=LIMIT)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    connection.request("POST", "/call/semantic-validate", b'{"sources":[]}', headers)
    answer = connection.getresponse().status
    connection.close()
    return answer


def test_the_token_is_made_and_printed_once() -> None:
    seen: list[str] = []
    with serve_http() as process:
        port = port_of(process, seen)
        (token,) = re.findall(r"^Token: (\S{32,})$", "".join(seen), re.MULTILINE)
        assert status(port, token) == 200
        assert status(port, TOKEN) == 401
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=LIMIT)
    assert process.returncode == 0
    assert token not in rest
    assert "ended: signal" in rest


def test_the_token_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("another-token-that-is-in-a-file-here\n")
    seen: list[str] = []
    with serve_http(KTX_DAEMON_TOKEN=TOKEN) as process:
        assert status(port_of(process, seen), TOKEN) == 200
    with serve_http("--token-file", str(file), KTX_DAEMON_TOKEN=TOKEN) as process:
        port = port_of(process, seen)
        assert [status(port, file.read_text().strip()), status(port, TOKEN)] == [200, 401]
    assert "Token:" not in "".join(seen)


def test_every_spelling_of_this_machine_is_served() -> None:
    with serve_http("--host", "localhost", KTX_DAEMON_TOKEN=TOKEN) as process:
        assert status(port_of(process, []), TOKEN, "localhost") == 200
    if Path("/proc/net/if_inet6").exists() and "lo" in Path("/proc/net/if_inet6").read_text():
        with serve_http("--host", "::1", KTX_DAEMON_TOKEN=TOKEN) as process:
            assert status(port_of(process, []), TOKEN, "::1") == 200


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--host", "0.0.0.0"], 2, "invalid choice: '0.0.0.0'"),
        (["--host", "192.0.2.1"], 2, "invalid choice"),
        (["--host", "::"], 2, "invalid choice"),
        (["--port", "65536"], 2, "'65536' is no port"),
        (["--port", "-1"], 2, "--port"),
        (["--port", "http"], 2, "'http' is no port"),
        (["--log-level", "loud"], 2, "invalid choice: 'loud'"),
        (["--token-file", "/nonexistent/token"], 1, "Cannot read the token file /nonexistent/"),
        (["--token-file", os.devnull], 1, "token must be at least 32"),
    ],
)
def test_what_cannot_be_served(words: list[str], code: int, message: str) -> None:
    with serve_http(*words) as process:
        _, error = process.communicate(timeout=LIMIT)
        assert process.returncode == code
        assert message in error


def test_a_port_in_use_is_said_so() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serve_http("--port", str(port), KTX_DAEMON_TOKEN=TOKEN) as process:
            _, error = process.communicate(timeout=LIMIT)
            assert process.returncode == 1
            assert f"Cannot listen on 127.0.0.1:{port}" in error
