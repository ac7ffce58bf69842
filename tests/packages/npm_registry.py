"""A registry of npm on this machine that has the given packages, as `npm publish` would have left
them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote


def package_json(tarball: Path) -> dict[str, Any]:
    """What a packed package says of itself."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/package.json")
        assert member is not None
        document: dict[str, Any] = json.load(member)
        return document


@contextmanager
def npm_registry(*tarballs: Path) -> Iterator[str]:
    """The registry's address. The first version of a package is `latest`, the last one `next`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    address = f"http://127.0.0.1:{server.server_port}"
    answers = _answers(list(tarballs), address)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(unquote(self.path))
            self.send_response(200 if answer is not None else 404)
            self.send_header("Content-Length", str(len(answer or b"")))
            self.end_headers()
            self.wfile.write(answer or b"")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server.RequestHandlerClass = Handler
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


def _answers(tarballs: list[Path], address: str) -> dict[str, bytes]:
    documents: dict[str, Any] = {}
    answers = {}
    for tarball in tarballs:
        described, data = package_json(tarball), tarball.read_bytes()
        name, version = described["name"], described["version"]
        path = f"/{name}/-/{tarball.name}"
        answers[path] = data
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        entry = described | {"dist": {"tarball": address + path, "integrity": integrity}}
        document = documents.setdefault(
            name, {"name": name, "dist-tags": {"latest": version}, "versions": {}}
        )
        document["dist-tags"]["next"] = version
        document["versions"][version] = entry
    return answers | {f"/{name}": json.dumps(text).encode() for name, text in documents.items()}
