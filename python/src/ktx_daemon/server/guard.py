"""Who may ask: the checks that every request passes before anything else looks at it."""

from __future__ import annotations

import hashlib
import hmac
import re

from ktx_daemon.server.messages import Application, Message, Receive, Refusal, Scope, Send, refuse

OPEN_PATH = "/health"
"""The one path that is answered without the token."""
_HOST = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(?::([0-9]{1,5}))?", re.IGNORECASE)
_NONCE = re.compile(rb"[0-9a-fA-F]{16,128}")
_UNAUTHORIZED = (b"www-authenticate", b"Bearer")


class Guard:
    """Lets pass what comes from this machine, from no web page, and knows the token.

    A `Host` that is not this machine's is a web page whose name was rebound to it; an `Origin` is
    a web page too. A challenge is answered with a proof that this server knows the token, so that
    a client need not send it to whoever listens on the port.
    """

    def __init__(self, application: Application, token: str) -> None:
        self._application = application
        self._token = token.encode()
        self._authorization = hashlib.sha256(b"Bearer " + self._token).digest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        try:
            self._check(scope, headers)
        except Refusal as refusal:
            await refuse(send, refusal)
            return
        nonces = _values(headers, b"x-ktx-challenge")
        if len(nonces) == 1 and _NONCE.fullmatch(nonces[0]):
            send = self._proving(send, nonces[0])
        await self._application(scope, receive, send)

    def _check(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
        if not _is_own_host(_values(headers, b"host"), scope["server"]):
            raise Refusal(403, "The Host header is not this machine's.")
        if _values(headers, b"origin"):
            raise Refusal(403, "Requests of web pages are refused.")
        if scope["path"] != OPEN_PATH and not self._knows_token(headers):
            raise Refusal(401, "The bearer token is missing or wrong.", [_UNAUTHORIZED])
        if scope["method"] == "POST" and not _is_json(_values(headers, b"content-type")):
            raise Refusal(415, "The content type must be application/json.")

    def _knows_token(self, headers: list[tuple[bytes, bytes]]) -> bool:
        given = _values(headers, b"authorization")
        if len(given) != 1:
            return False
        scheme, _, token = given[0].partition(b" ")
        # Digests are compared, so that not even the token's length shows in the time it takes.
        digest = hashlib.sha256(scheme.capitalize() + b" " + token.strip()).digest()
        return hmac.compare_digest(digest, self._authorization)

    def _proving(self, send: Send, nonce: bytes) -> Send:
        proof = hmac.new(self._token, nonce, hashlib.sha256).hexdigest().encode()

        async def send_with_proof(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-ktx-proof", proof)]
            await send(message)

        return send_with_proof


def _values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key == name]


def _is_own_host(hosts: list[bytes], server: tuple[str, int | None] | None) -> bool:
    match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if match is None:
        return False
    port = match.group(2)
    return port is None or server is None or int(port) == server[1]


def _is_json(types: list[bytes]) -> bool:
    return len(types) == 1 and types[0].partition(b";")[0].strip().lower() == b"application/json"
