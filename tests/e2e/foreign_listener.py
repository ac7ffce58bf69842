"""Somebody else who listens on the port that a state names."""

from __future__ import annotations

import socket
import threading


class ForeignListener:
    """Answers every request as a healthy host would, and remembers what it heard."""

    def __init__(self) -> None:
        self.heard = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> ForeignListener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                while received := connection.recv(65536):
                    self.heard += received
                    body = b'{"status":"healthy","version":"0.1.0"}'
                    head = b"HTTP/1.1 200 OK\r\nX-Ktx-Proof: 00\r\nContent-Length: %d\r\n\r\n"
                    connection.sendall(head % len(body) + body)
