"""Many clients at once against a running server: how quick it is, and whether it stays as it was.

    load.py --url http://127.0.0.1:8765 --token-file FILE [--seconds 60] [--clients 64]

Each client keeps its connection and asks mixed questions about a model of 100 sources, through
both APIs, by content and by digest. Prints latencies, errors, and the server's memory after the
warming-up and at the end; exits with 1 on any error, and when the memory grew by more than
`--growth` MiB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from figures import percentile
from models import model

SOURCES = 100
WARM_UP_SHARE = 0.2


@dataclass
class Request:
    """One kind of question: its path, its body, and what its answer must begin with."""

    path: str
    body: bytes
    begins: bytes = b'{"ok":'


@dataclass
class Tally:
    """What the clients saw; times in milliseconds."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Client:
    """One connection that is kept, and asked over one request at a time."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._address = host, port
        self._head = (
            f"Host: {host}:{port}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\n"
        )

    async def connect(self) -> None:
        """Open the connection."""
        self._reader, self._writer = await asyncio.open_connection(*self._address)

    async def ask(self, request: Request) -> tuple[int, bytes]:
        """Send one request; its status and its body."""
        line = f"POST {request.path} HTTP/1.1\r\nContent-Length: {len(request.body)}\r\n"
        self._writer.write(f"{line}{self._head}\r\n".encode() + request.body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return int(head.split(b" ", 2)[1]), await self._reader.readexactly(length)

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()


def questions() -> list[dict[str, Any]]:
    """Queries of one source, of joins, of filters and of derived measures."""
    found: list[dict[str, Any]] = []
    for number in range(0, SOURCES, 7):
        source, parent = f"s{number}", f"s{(number - 1) // 3 if number else 0}"
        found += [
            {"measures": [f"{source}.n"]},
            {"measures": [f"{source}.mean"], "dimensions": [f"{source}.kind"]},
            {
                "measures": [f"{source}.total"],
                "dimensions": [
                    f"{parent}.kind",
                    {"field": f"{source}.at", "granularity": "month"},
                ],
                "filters": [f"{source}.amount > {number}"],
                "limit": 10,
            },
        ]
    return found


def requests_about(sources: list[dict[str, Any]], digest: str) -> list[Request]:
    """Mix of requests: mostly by digest, some by content, some through the other API."""
    found = []
    for index, query in enumerate(questions()):
        asked = {"query": query, "dialect": ("postgres", "sqlite", "duckdb")[index % 3]}
        by_digest = json.dumps({"model": digest, **asked}).encode()
        by_content = json.dumps({"sources": sources, **asked}).encode()
        found += [Request("/call/semantic-query", by_digest)] * 6
        found.append(Request("/call/semantic-query", by_content))
        found.append(Request("/semantic-layer/query", by_digest, b'{"sql":'))
    wrong = json.dumps({"model": digest, "query": {"measures": ["s1.nothing"]}}).encode()
    found.append(Request("/call/semantic-query", wrong, b'{"error":{"kind":"invalid_query"'))
    return found


async def run_client(client: Client, requests: list[Request], seed: int, end: float) -> Tally:
    """Ask until the end."""
    choices = random.Random(seed)
    tally = Tally()
    await client.connect()
    while (started := time.monotonic()) < end:
        request = choices.choice(requests)
        try:
            status, body = await client.ask(request)
        except (OSError, asyncio.IncompleteReadError) as error:
            tally.errors.append(f"{request.path}: {type(error).__name__}: {error}")
            return tally
        tally.milliseconds.append((time.monotonic() - started) * 1000)
        if status != 200 or not body.startswith(request.begins):
            tally.errors.append(f"{request.path}: {status} {body[:200]!r}")
    client.close()
    return tally


def server_memory(host: str, port: int) -> float:
    """MiB of resident memory of the process that answers there, which must be one of yours."""
    with socket.create_connection((host, port)) as connection:
        connection.sendall(f"GET /health HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        connection.recv(65536)  # somebody has accepted it by now
        inode = _inode_of(port, connection.getsockname()[1])
        for folder in Path("/proc").glob("[0-9]*/fd"):
            try:
                if any(link.readlink().name == f"socket:[{inode}]" for link in folder.iterdir()):
                    status = (folder.parent / "status").read_text()
                    return int(status.split("VmRSS:")[1].split()[0]) / 1024
            except OSError:
                continue
    sys.exit(f"No process of yours answers on {host}:{port}")


def _inode_of(local: int, remote: int) -> str:
    """The server's end of a connection; others may hold the listening socket too."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{local:04X}") and fields[2].endswith(f":{remote:04X}"):
            return fields[9]
    sys.exit(f"There is no connection from port {local} to {remote}")


async def drive(options: argparse.Namespace, host: str, port: int, token: str) -> Tally:
    """One round of all clients; what they saw together."""
    sources = list(model(SOURCES).values())
    registration = json.dumps({"sources": sources}).encode()
    first = Client(host, port, token)
    await first.connect()
    _, body = await first.ask(Request("/call/semantic-register-model", registration))
    first.close()
    requests = requests_about(sources, json.loads(body)["ok"]["model"])
    end = time.monotonic() + options.seconds
    clients = [Client(host, port, token) for _ in range(options.clients)]
    tallies = await asyncio.gather(
        *(run_client(client, requests, seed, end) for seed, client in enumerate(clients))
    )
    return Tally(
        [value for tally in tallies for value in tally.milliseconds],
        [error for tally in tallies for error in tally.errors],
    )


def main() -> int:
    """Warms the server up, loads it and judges."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--token-file", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--growth", type=float, default=16, help="MiB that memory may grow by")
    options = parser.parse_args()
    url = urlsplit(options.url)
    host, port = url.hostname or "127.0.0.1", url.port or 80
    token = options.token_file.read_text().strip()
    total = options.seconds
    options.seconds = total * WARM_UP_SHARE
    errors = asyncio.run(drive(options, host, port, token)).errors
    before = server_memory(host, port)
    options.seconds = total - options.seconds
    tally = asyncio.run(drive(options, host, port, token))
    after = server_memory(host, port)
    errors += tally.errors
    times = tally.milliseconds
    print(f"{len(times)} answers, {len(times) / options.seconds:.0f} a second")
    print(f"p50 {percentile(times, 50):.1f} ms, p99 {percentile(times, 99):.1f} ms")
    print(f"memory {before:.1f} MiB after the warming-up, {after:.1f} MiB at the end")
    print(f"{len(errors)} errors", *errors[:5], sep="\n  ")
    return 1 if errors or after - before > options.growth else 0


if __name__ == "__main__":
    sys.exit(main())
