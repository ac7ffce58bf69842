"""Adds a server's token to requests, for clients that know none, such as the conformance suite."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from mcp_talk import Http


def copy(source: socket.socket, target: socket.socket) -> None:
    """Passes bytes on until either end has gone, which is then passed on too."""
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    for end, how in ((source, socket.SHUT_RD), (target, socket.SHUT_WR)):
        with suppress(OSError):
            end.shutdown(how)


def serve(client: socket.socket, server: Http) -> None:
    """One request of one connection: what follows would lack the token."""
    place = urlsplit(server.url)
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(1 << 16)
        if not data:
            client.close()
            return
        head += data
    first, rest = head.split(b"\r\n", 1)
    added = f"\r\nAuthorization: Bearer {server.token}\r\nConnection: close\r\n".encode()
    lines = rest.split(b"\r\n\r\n", 1)
    kept = [line for line in lines[0].split(b"\r\n") if not line.lower().startswith(b"connection:")]
    with socket.create_connection((place.hostname, place.port)) as upstream:
        upstream.sendall(first + added + b"\r\n".join(kept) + b"\r\n\r\n" + lines[1])
        sending = threading.Thread(target=copy, args=(client, upstream), daemon=True)
        sending.start()
        copy(upstream, client)
    client.close()


@contextmanager
def without_token(server: Http) -> Iterator[str]:
    """The address at which the server can be asked without its token."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=serve, args=(client, server), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    finally:
        listener.close()
