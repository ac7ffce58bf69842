"""Addresses that lead nowhere: the errors, which never show a secret."""

from __future__ import annotations

import json
import socket

import pytest

from introspection.asking import reply_of

ADDRESSES = [
    "postgresql://walter:h%40rd-p4ss@127.0.0.1:1/x",
    "postgresql://walter:h@rd-p4ss@127.0.0.1:1/x",
    "postgresql://walter:h@rd-p4ss/tail@127.0.0.1:1/x",
    "postgresql://walter:rd-p4ss/tail@127.0.0.1:1/x",
    "postgres//walter:h@rd-p4ss@127.0.0.1:1/x",
    "host=127.0.0.1 port=1 user=walter password='h@rd-p4ss'",
    "host=127.0.0.1 port=1 user=walter password='h@rd-p4ss",
    "postgresql://walter@127.0.0.1:1/x?password=h%40rd-p4ss",
    "postgresql://[walter:h@rd-p4ss@127.0.0.1:1/x",
    "mysql://walter:h%40rd-p4ss@127.0.0.1:1/x",
    "mysql://walter:rd-p4ss/tail@127.0.0.1:1/x",
    "mysql://walter:h@rd-p4ss@127.0.0.1:1/x?secret_option=1",
    "mysql://[walter:h@rd-p4ss@127.0.0.1:1/x",
    "sqlite://walter:h@rd-p4ss@x",
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_no_error_shows_the_credentials(url: str) -> None:
    driver = url.split(":")[0] if url.startswith(("mysql", "sqlite")) else "postgres"
    reply = reply_of(driver, url, connection_timeout_seconds=2)
    assert reply["error"]["kind"] in ("database", "invalid_request")
    assert "p4ss" not in json.dumps(reply)
    assert "tail" not in json.dumps(reply)


@pytest.mark.parametrize("driver", ["postgres", "mysql"])
def test_a_server_that_never_speaks(driver: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{driver}://walter:secret@127.0.0.1:{silent.getsockname()[1]}/x"
        limits = {"connection_timeout_seconds": 2, "statement_timeout_ms": 3_600_000}
        assert reply_of(driver, url, **limits)["error"]["kind"] == "database"


def test_an_unknown_driver() -> None:
    error = reply_of("postgrse", "x")["error"]
    assert (error["kind"], error["suggestions"]) == ("unsupported", ["postgres", "postgresql"])
