"""The daemon over HTTP: questions about a model that it knows, and `/health` under full load."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from figures import Figure, percentile
from http_connection import Connection
from installation import Installation
from models import model, question
from rows import Round, absolute

SOURCES = 1000
BLOCKS, QUESTIONS = 10, 200
LOAD_SECONDS, WARM_UP_SECONDS = 25, 8
CLIENTS = 64
PROBES, PAUSE, PARTS = 200, 0.005, 5
HEALTH = "/health on the same connection"


def server(bench: Installation) -> list[Figure]:
    """Latencies in blocks; a block's percentiles are one round."""
    with bench.daemon() as state:
        address: tuple[str, str] = f"http://127.0.0.1:{state['port']}", state["token"]
        found = [figure for kind in ("plain", "realistic") for figure in _questions(address, kind)]
        return [*found, _health_under_load(bench.root, address)]


def _questions(address: tuple[str, str], kind: str) -> list[Figure]:
    connection = Connection(*address)
    sources = list(model(SOURCES, kind).values())
    known = connection.call("semantic-register-model", {"sources": sources})["model"]
    limits = count(1)
    first, *rounds = [_block(connection, known, kind, limits) for _ in range(BLOCKS + 1)]
    connection.close()
    title = f"HTTP query, known model of {SOURCES} sources, {kind}"
    rows = [
        absolute(f"http.p50.{kind}", f"{title}, p50", "ms", 2, HEALTH),
        absolute(f"http.p99.{kind}", f"{title}, p99", "ms", 5, HEALTH),
    ]
    touched = absolute(f"http.p50.{kind}", f"{title}, a source's first, p50", "ms", None, HEALTH)
    return [
        touched.called(f"http.first.{kind}").figure("HTTP", [first]),
        *(row.figure("HTTP", rounds) for row in rows),
    ]


def _block(connection: Connection, known: str, kind: str, limits: count[int]) -> Round:
    """The same sources in every block, each once, by questions with a limit that no other has."""
    asked, health = [], []
    for number in range(0, SOURCES, SOURCES // QUESTIONS):
        query: dict[str, Any] = question(number, kind) | {"limit": next(limits)}
        request = {"model": known, "query": query, "dialect": "postgres"}
        asked.append(connection.timed_call("semantic-query", request)[0])
        health.append(connection.health())
    return {
        f"http.p50.{kind}": percentile(asked, 50),
        f"http.p99.{kind}": percentile(asked, 99),
        HEALTH: percentile(health, 50),
    }


def _health_under_load(root: Path, address: tuple[str, str]) -> Figure:
    """Another process loads the server; this one only looks at `/health`."""
    url, token = address
    token_file = root / "token"
    token_file.touch(mode=0o600)
    token_file.write_text(token)
    script = str(Path(__file__).with_name("load.py"))
    options = ["--url", url, "--token-file", str(token_file), "--seconds", str(LOAD_SECONDS)]
    connection = Connection(url, token)
    idle = percentile([connection.health() for _ in range(PROBES)], 50)
    load = subprocess.Popen(
        [sys.executable, script, *options, "--clients", str(CLIENTS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(WARM_UP_SECONDS)  # until the clients are all at work
    probes = list(_probes_until_the_end(connection, load))
    said = load.communicate()[0]
    broken = [] if load.returncode == 0 else [f"the load failed: {said.strip()[-300:]}"]
    row = absolute("health", f"/health p99 while {CLIENTS} clients ask", "ms", 10, HEALTH)
    rounds = [{"health": percentile(part, 99), HEALTH: idle} for part in parts(probes, PARTS)]
    return row.noting(said.partition("\n")[0]).figure("HTTP", rounds, broken)


def _probes_until_the_end(connection: Connection, load: subprocess.Popen[str]) -> Iterator[float]:
    while load.poll() is None:
        yield connection.health()
        time.sleep(PAUSE)  # the rate of the probes, no wait for anything


def parts(values: Sequence[float], number: int) -> list[Sequence[float]]:
    """The values in so many consecutive parts of equal length; what is left over is left out."""
    length = len(values) // number
    return [values[start : start + length] for start in range(0, length * number, length)]
