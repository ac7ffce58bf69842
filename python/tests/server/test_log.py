"""The log turns over, only its owner can read it, and there is no secret in it."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ktx_daemon.server.logs import FILE_BYTES, FILES, LOGGERS, start_log
from support.servers import TOKEN, running_server


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "server.log"
    yield path
    for name in LOGGERS:
        logger = logging.getLogger(name)
        for handler in logger.handlers[:]:
            logger.removeHandler(handler)
            handler.close()


def test_it_turns_over(log: Path) -> None:
    start_log(str(log), "info", TOKEN)
    line = "x" * 1000
    for _ in range((FILES + 1) * FILE_BYTES // len(line)):
        logging.getLogger("ktx_daemon").info(line)
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == [
        "server.log",
        *(f"server.log.{number}" for number in range(1, FILES)),
    ]
    assert all(file.stat().st_size <= FILE_BYTES for file in files)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_the_secret_is_taken_out_of_every_line(log: Path) -> None:
    start_log(str(log), "info", TOKEN)
    for name in LOGGERS:
        try:
            raise ValueError(f"in a traceback: {TOKEN}")
        except ValueError:
            logging.getLogger(name).exception("in a message: %s", TOKEN)
    text = log.read_text()
    assert text.count("[token]") == 2 * len(LOGGERS)
    assert TOKEN not in text


def test_a_link_is_not_followed(log: Path) -> None:
    log.symlink_to(log.with_name("elsewhere"))
    with pytest.raises(ValueError, match="cannot write its log"):
        start_log(str(log), "info", TOKEN)
    assert not log.with_name("elsewhere").exists()


def test_a_server_writes_what_it_did_and_nothing_that_it_was_told(log: Path) -> None:
    secrets = ["in-a-body", "in-a-query-string", "in-a-header", TOKEN]
    with running_server(log_file=str(log), log_level="debug") as server:
        body = b'{"sources":[{"name":"in-a-body"}]}'
        server.ask("POST", "/call/semantic-validate?x=in-a-query-string", body)
        server.ask("POST", "/semantic-layer/validate?x=in-a-query-string", body)
        server.ask("GET", "/nothing%0Aforged", headers={"x-test": "in-a-header"})
        server.ask("GET", f"/{TOKEN}", headers={"authorization": f"Bearer {TOKEN}"})
        server.ask("GET", "/health", headers={"authorization": f"Basic {TOKEN}"})
        server.call("test-break", {"why": "in-a-body"})
        server.ask("POST", "/shutdown")
        server.wait()
    text = log.read_text()
    assert "POST /call/semantic-validate 200" in text
    assert "GET /nothing%0Aforged 404" in text
    assert "GET /[token] 404" in text
    assert "ended: shutdown" in text
    assert [secret for secret in secrets if secret in text] == []
