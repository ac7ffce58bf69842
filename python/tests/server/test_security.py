"""Who is let in: the matrix of what a local process or a web page might send."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator

import pytest

from support.servers import TOKEN, ServerProcess, running_server

NONCE = "0123456789abcdef0123"
QUERY = "/call/semantic-validate"
AUTHORIZATION = f"Bearer {TOKEN}"


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with running_server() as running:
        yield running


def raw(server: ServerProcess, head: str, body: bytes = b"") -> tuple[int, bytes]:
    """Send a request as it is written here; status and what came."""
    text = head.replace("{port}", str(server.port)).replace("\n", "\r\n") + "\r\n\r\n"
    answer = server.exchange(text.encode("latin-1") + body)
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert match is not None, answer
    return int(match.group(1)), answer


def health(server: ServerProcess, headers: str) -> int:
    return raw(server, f"GET /health HTTP/1.1\nConnection: close{headers}")[0]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}"),
        *("127.0.0.1", "localhost", "[::1]", "LocalHost:{port}"),
    ],
)
def test_own_hosts(server: ServerProcess, host: str) -> None:
    assert health(server, f"\nHost: {host}") == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.test", "evil.test:{port}", "127.0.0.1.evil.test", "localhost.evil.test:{port}"),
        *("127.0.0.1:1", "127.0.0.1:{port}0", "127.0.0.1:", "127.0.0.1:{port}:{port}", ""),
        *("127.0.0.2", "0.0.0.0:{port}", "127.1", "2130706433", "::1", "[::1", "[::2]:{port}"),
        *("user@127.0.0.1", "127.0.0.1/evil", "127.0.0.1 evil", "localhost."),
    ],
)
def test_other_hosts(server: ServerProcess, host: str) -> None:
    assert health(server, f"\nHost: {host}") == 403


def test_no_host_and_two_hosts(server: ServerProcess) -> None:
    assert health(server, "") == 403
    assert health(server, "\nHost: localhost\nHost: evil.test") == 403
    assert raw(server, "GET /health HTTP/1.0")[0] == 403


def test_an_address_in_the_request_line_is_no_way_around(server: ServerProcess) -> None:
    head = "GET http://evil.test/health HTTP/1.1\nConnection: close\nHost: {}"
    assert raw(server, head.format("evil.test"))[0] == 403
    assert raw(server, head.format("localhost"))[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://localhost:{port}", ""])
@pytest.mark.parametrize("path", ["/health", QUERY, "/openapi.json", "/shutdown"])
def test_web_pages_are_refused_even_with_the_token(
    server: ServerProcess, path: str, origin: str
) -> None:
    head = f"POST {path} HTTP/1.1\nHost: localhost\nConnection: close\nOrigin: {origin}"
    head += f"\nAuthorization: {AUTHORIZATION}\nContent-Type: application/json\nContent-Length: 2"
    assert raw(server, head, b"{}")[0] == 403


def test_a_preflight_gets_no_permission(server: ServerProcess) -> None:
    head = f"OPTIONS {QUERY} HTTP/1.1\nHost: localhost\nConnection: close"
    head += "\nAccess-Control-Request-Method: POST"
    status, answer = raw(server, f"{head}\nOrigin: http://evil.test")
    assert status == 403
    assert b"access-control" not in answer.lower()
    assert raw(server, head)[0] == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN[:-1]}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN.upper()}",
        f"Bearer {TOKEN[:-1]}\N{LATIN SMALL LETTER E WITH ACUTE}",
    ],
)
def test_a_missing_or_wrong_token(server: ServerProcess, authorization: str) -> None:
    for path in (QUERY, "/shutdown", "/openapi.json", "/semantic-layer/query", "/nothing"):
        answer = server.ask("POST", path, b"{}", {"authorization": authorization})
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert set(answer.json()) == {"detail"}


def test_no_token_at_all_and_two_of_them(server: ServerProcess) -> None:
    head = f"POST {QUERY} HTTP/1.1\nHost: localhost\nConnection: close\nContent-Length: 2"
    head += "\nContent-Type: application/json"
    assert raw(server, head, b"{}")[0] == 401
    twice = f"\nAuthorization: {AUTHORIZATION}" * 2
    assert raw(server, head + twice, b"{}")[0] == 401


def test_a_token_in_the_query_string_or_path_is_none(server: ServerProcess) -> None:
    for path in (f"{QUERY}?token={TOKEN}", f"{QUERY}?access_token={TOKEN}", f"/{TOKEN}"):
        assert server.ask("POST", path, b"{}", {"authorization": ""}).status == 401


def test_health_is_the_only_open_path(server: ServerProcess) -> None:
    for path in ("/health/", "//health", "/health/../shutdown", "/HEALTH", "/health%2f"):
        assert server.ask("GET", path, headers={"authorization": ""}).status == 401


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain; application/json", 415),
        ("application/jsonp", 415),
        ("", 415),
    ],
)
def test_content_types(server: ServerProcess, content_type: str, status: int) -> None:
    answer = server.ask("POST", QUERY, b'{"sources":[]}', {"content-type": content_type})
    assert answer.status == status
    compatible = "/semantic-layer/validate"
    answer = server.ask("POST", compatible, b'{"sources":[]}', {"content-type": content_type})
    assert answer.status == status


def test_a_challenge_is_answered_with_a_proof(server: ServerProcess) -> None:
    proof = hmac.new(TOKEN.encode(), NONCE.encode(), hashlib.sha256).hexdigest()
    challenge = {"x-ktx-challenge": NONCE}
    for headers in (challenge | {"authorization": ""}, challenge):
        assert server.ask("GET", "/health", headers=headers).headers["x-ktx-proof"] == proof
    for path in (QUERY, "/semantic-layer/validate"):
        answer = server.ask("POST", path, b'{"sources":[]}', challenge)
        assert (answer.status, answer.headers["x-ktx-proof"]) == (200, proof)


@pytest.mark.parametrize("nonce", ["", "0" * 15, "0" * 129, "g" * 16, "0x" * 10, "0" * 16 + " 0"])
def test_other_challenges_are_ignored(server: ServerProcess, nonce: str) -> None:
    answer = server.ask("GET", "/health", headers={"x-ktx-challenge": nonce})
    assert answer.status == 200
    assert "x-ktx-proof" not in answer.headers


def test_nothing_is_proved_to_who_is_refused(server: ServerProcess) -> None:
    headers = {"x-ktx-challenge": NONCE}
    for change in ({"host": "evil.test"}, {"origin": "null"}):
        answer = server.ask("GET", "/health", headers=headers | change)
        assert answer.status == 403
        assert "x-ktx-proof" not in answer.headers
    answer = server.ask("POST", QUERY, b"{}", headers | {"authorization": "Bearer x"})
    assert (answer.status, "x-ktx-proof" in answer.headers) == (401, False)


def test_answers_say_nothing_of_the_server_and_are_not_kept(server: ServerProcess) -> None:
    answer = server.ask("GET", "/health")
    assert answer.headers["cache-control"] == "no-store"
    assert not {"server", "date", "access-control-allow-origin"} & set(answer.headers)
