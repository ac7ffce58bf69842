"""A package index on loopback that serves what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def package_index(files: dict[str, bytes]) -> Iterator[str]:
    """Serves `files` (name to bytes) for every project; yields the index's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """A file, or for any other path the list of all of them."""
            name = self.path.rsplit("/", 1)[-1]
            links = "".join(f'<a href="/files/{name}">{name}</a>' for name in files)
            body = files.get(name, f"<!DOCTYPE html><html><body>{links}</body></html>".encode())
            self.send_response(200)
            self.send_header(
                "Content-Type", "application/octet-stream" if name in files else "text/html"
            )
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
