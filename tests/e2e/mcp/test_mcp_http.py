"""Agents over HTTP: both eras, streams, sessions, who may come in, and what nobody should send."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from mcp_talk import ENVELOPE, REVISION, Answer, Http, Wire, call, initialize, on_http, request

LONGEST = 16 << 20
JSON_ONLY = {"Accept": "application/json"}
ROUTED = {"MCP-Protocol-Version": REVISION, "Mcp-Method": "tools/call", "Mcp-Name": "test_wait"}


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    """The fixtures over HTTP; a signal must end them."""
    with on_http() as server:
        yield server


def text_of(answer: Answer) -> str:
    """The text of a tool's result."""
    return str(answer.json["result"]["content"][0]["text"])


def code_of(answer: Answer) -> int:
    """The code of an error."""
    return int(answer.json["error"]["code"])


def cancelled(http: Http) -> int:
    """How many calls were cancelled."""
    return int(text_of(http.ask(call(1, "test_cancelled"))))


def wait_for_cancelled(http: Http, count: int) -> None:
    """Until so many were; a call is cancelled soon after its client has gone."""
    deadline = time.monotonic() + 10
    while cancelled(http) < count:
        assert time.monotonic() < deadline, "nothing was cancelled"


def waiting(**meta: Any) -> bytes:
    """A call that waits until it is cancelled, and says so."""
    return json.dumps(call(1, "test_wait", _meta={"progressToken": "p"} | meta)).encode()


def modern_waiting() -> bytes:
    """The same in the newest era."""
    return waiting(**ENVELOPE)


def start_waiting(http: Http, body: bytes, headers: dict[str, str]) -> Wire:
    """A connection on which a call waits."""
    wire = http.wire()
    wire.post(body, http.headers(headers))
    assert wire.begin().headers["content-type"] == "text/event-stream"
    assert b"waiting" in wire.chunk()
    return wire


def test_a_reply_is_json_unless_something_comes_before_it(http: Http) -> None:
    """Progress, which is told to who asked, makes a stream of it."""
    plain = http.ask(call(1, "test_tool_with_progress"))
    assert plain.headers["content-type"] == "application/json"
    params = {"name": "test_tool_with_progress", "_meta": {"progressToken": 7}}
    streamed = http.ask(request(1, "tools/call", params))
    assert streamed.headers["content-type"] == "text/event-stream"
    assert [event.get("method") for event in streamed.events] == ["notifications/progress"] * 3 + [
        None
    ]
    quiet = http.ask(request(1, "tools/call", params), Accept="application/json")
    assert (quiet.headers["content-type"], quiet.json["id"]) == ("application/json", 1)
    only_stream = http.ask(request(1, "tools/list"), Accept="text/event-stream")
    assert len(only_stream.events) == 1
    assert http.ask(request(1, "tools/list"), Accept="text/html").status == 406


def test_the_newest_era_has_no_sessions(http: Http) -> None:
    """Its requests stand for themselves, in any order, on one connection or many."""
    answer = http.ask(request(1, "server/discover"))
    assert answer.json["result"]["supportedVersions"] == [REVISION]
    assert "mcp-session-id" not in answer.headers
    for method in ("GET", "DELETE"):
        refused = http.send(method, MCP_Protocol_Version=REVISION)
        assert (refused.status, refused.headers["allow"]) == (405, "POST")


def test_headers_of_the_newest_era_say_what_the_body_says(http: Http) -> None:
    """Or the request is refused, with its id."""
    listing = request(5, "tools/list")
    for headers in (
        {"MCP_Protocol_Version": "2027-01-01"},
        {"Mcp_Method": "tools/call"},
        {"Mcp_Method": ""},
    ):
        refused = http.ask(listing, **headers)
        assert (refused.status, code_of(refused), refused.json["id"]) == (400, -32020, 5)
    wrong_name = http.ask(call(6, "test_simple_text"), Mcp_Name="test_wait")
    assert (wrong_name.status, code_of(wrong_name)) == (400, -32020)
    # An envelope without any of the headers is not taken for an older client's.
    bare = http.post(
        request(7, "tools/list", {"_meta": json.loads(modern_waiting())["params"]["_meta"]})
    )
    assert (bare.status, code_of(bare)) == (400, -32020)


def test_statuses_of_the_newest_era(http: Http) -> None:
    """As its text has them."""
    missing = http.post(request(1, "tools/list"), {"MCP-Protocol-Version": REVISION})
    assert (missing.status, code_of(missing)) == (400, -32602)
    unknown = http.ask(request(1, "nothing/here"))
    assert (unknown.status, code_of(unknown)) == (404, -32601)
    other = {"io.modelcontextprotocol/protocolVersion": "2027-01-01"}
    unsupported = http.ask(
        request(1, "tools/list", {"_meta": other}), MCP_Protocol_Version="2027-01-01"
    )
    assert (unsupported.status, code_of(unsupported)) == (400, -32022)
    assert unsupported.json["error"]["data"] == {"supported": [REVISION], "requested": "2027-01-01"}
    notification = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
    assert http.post(notification, {"MCP-Protocol-Version": REVISION}).status == 202
    assert http.post(notification, {"MCP-Protocol-Version": "2027-01-01"}).status == 400
    reply = http.post({"jsonrpc": "2.0", "id": 1, "result": {}}, {"MCP-Protocol-Version": REVISION})
    assert (reply.status, code_of(reply)) == (400, -32600)


def test_hanging_up_cancels_in_the_newest_era(http: Http) -> None:
    """The call ends; nothing of it is left."""
    before = cancelled(http)
    wire = start_waiting(http, modern_waiting(), ROUTED)
    assert cancelled(http) == before
    wire.close()
    wait_for_cancelled(http, before + 1)


def test_hanging_up_before_anything_was_said_cancels_too(http: Http) -> None:
    """A client that accepts no stream waits in silence."""
    before = cancelled(http)
    wire = http.wire()
    wire.post(modern_waiting(), http.headers(ROUTED | JSON_ONLY))
    wire.close()
    wait_for_cancelled(http, before + 1)


def test_a_session_is_begun_used_and_ended(http: Http) -> None:
    """Without one, or after it, nothing is answered."""
    session = http.session()
    assert len(session["Mcp-Session-Id"]) >= 32
    assert (
        http.post({"jsonrpc": "2.0", "method": "notifications/initialized"}, session).status == 202
    )
    assert "tools" in http.post(request(1, "tools/list"), session).json["result"]
    assert http.post(request(1, "tools/list")).status == 400
    assert http.post(request(1, "tools/list"), {"Mcp-Session-Id": "0" * 32}).status == 404
    other = http.session()
    assert other["Mcp-Session-Id"] != session["Mcp-Session-Id"]
    assert http.send("DELETE", Mcp_Session_Id=session["Mcp-Session-Id"]).status == 204
    assert http.post(request(1, "tools/list"), session).status == 404
    assert http.send("DELETE", Mcp_Session_Id=session["Mcp-Session-Id"]).status == 404
    assert http.send("DELETE").status == 400
    assert http.post(request(1, "ping"), other).json["result"] == {}


def test_a_failed_handshake_makes_no_session(http: Http) -> None:
    """It is answered, and that is all."""
    answer = http.post(request(1, "initialize", {}))
    assert code_of(answer) == -32602
    assert "mcp-session-id" not in answer.headers


@pytest.mark.parametrize("revision", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_each_revision_with_a_handshake(http: Http, revision: str) -> None:
    """Agreed on, and used."""
    answer = http.post(initialize(revision))
    assert answer.json["result"]["protocolVersion"] == revision
    session = {"Mcp-Session-Id": answer.headers["mcp-session-id"], "MCP-Protocol-Version": revision}
    assert text_of(http.post(call(1, "test_simple_text"), session)).startswith("This is a simple")


def test_a_call_of_a_session_is_cancelled_by_its_notification(http: Http) -> None:
    """Hanging up is none: the client may have lost its connection."""
    before = cancelled(http)
    session = http.session()
    wire = start_waiting(http, waiting(), session)
    other = start_waiting(http, waiting().replace(b'"id": 1', b'"id": 2'), session)
    other.close()
    gone = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    assert http.post(gone, session).status == 202
    last = json.loads(wire.chunk().decode().splitlines()[1][6:])
    assert (last["id"], last["error"]["code"]) == (1, -32800)
    assert wire.chunk() == b""
    assert cancelled(http) == before + 1
    # The end of the session is the end of the other.
    http.send("DELETE", Mcp_Session_Id=session["Mcp-Session-Id"])
    wait_for_cancelled(http, before + 2)


def test_another_session_cancels_nothing(http: Http) -> None:
    """Ids are of their session."""
    before = cancelled(http)
    session = http.session()
    wire = start_waiting(http, waiting(), session)
    gone = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    assert http.post(gone, http.session()).status == 202
    assert cancelled(http) == before
    http.send("DELETE", Mcp_Session_Id=session["Mcp-Session-Id"])
    assert json.loads(wire.chunk().decode().splitlines()[1][6:])["error"]["code"] == -32800


def test_a_client_is_asked_on_the_stream_of_its_call(http: Http) -> None:
    """It answers by a POST of its own."""
    session = http.session(sampling={})
    wire = http.wire()
    body = json.dumps(call(1, "test_sampling", {"prompt": "Hello?"})).encode()
    wire.post(body, http.headers(session))
    assert wire.begin().status == 200
    asked = json.loads(wire.chunk().decode().splitlines()[1][6:])
    said = {"role": "assistant", "content": {"type": "text", "text": "Yes."}, "model": "m"}
    reply = {"jsonrpc": "2.0", "id": asked["id"], "result": said}
    # Not by way of another session, which has asked nothing.
    assert http.post(reply, http.session()).status == 202
    assert http.post(reply, session).status == 202
    result = json.loads(wire.chunk().decode().splitlines()[1][6:])["result"]
    assert result["content"][0]["text"] == "LLM response: Yes."


def test_the_stream_of_a_session_stays_open_until_its_end(http: Http) -> None:
    """There is one; another client's is its own."""
    session = http.session()
    named = {"Mcp-Session-Id": session["Mcp-Session-Id"], "Accept": "text/event-stream"}
    wire = http.wire()
    wire.send(wire.head("GET", "/mcp", named))
    assert wire.begin().headers["content-type"] == "text/event-stream"
    assert http.send("GET", **named).status == 409
    assert http.send("GET", **(named | {"Accept": "application/json"})).status == 406
    assert http.send("GET", Accept="text/event-stream").status == 400
    http.send("DELETE", Mcp_Session_Id=session["Mcp-Session-Id"])
    assert wire.chunk() == b""


def test_a_connection_is_used_again_and_again(http: Http) -> None:
    """For replies and streams, as long as both want it."""
    session = http.session()
    wire = http.wire()
    progress = call(2, "test_tool_with_progress", _meta={"progressToken": 1})
    for message in (request(1, "ping"), progress, request(3, "ping")):
        wire.post(json.dumps(message).encode(), http.headers(session))
        assert wire.answer().json["id"] == message["id"]
    # Two requests at once are answered in order.
    body = json.dumps(request(4, "ping")).encode()
    for _ in range(2):
        wire.post(body, http.headers(session))
    assert [wire.answer().json["id"], wire.answer().json["id"]] == [4, 4]
    wire.post(body, http.headers(session | {"Connection": "close"}))
    answer = wire.answer()
    assert (answer.headers["connection"], answer.json["id"]) == ("close", 4)
    assert wire.is_closed()


def test_a_call_with_connection_close_is_not_taken_for_a_client_that_has_gone(http: Http) -> None:
    """Its reply comes, be it late."""
    wire = http.wire()
    body = json.dumps(call(1, "test_tool_with_progress", _meta={"progressToken": 1})).encode()
    wire.post(body, http.headers(http.session() | {"Connection": "close"}))
    assert wire.answer().events[-1]["result"]["content"][0]["text"] == "Reported three times"


def test_bodies_may_have_16_mib(http: Http) -> None:
    """One that is longer is refused before it is sent whole."""
    session = http.session()
    frame = len(json.dumps(call(1, "test_length", {"text": ""})))
    whole = http.post(call(1, "test_length", {"text": "x" * (LONGEST - frame)}), session)
    assert text_of(whole) == str(LONGEST - frame)
    wire = http.wire()
    wire.send(wire.head("POST", "/mcp", session | {"Content-Length": str(LONGEST + 1)}))
    assert wire.begin().status == 413


def test_a_body_may_come_in_chunks_and_after_consent(http: Http) -> None:
    """As curl sends a long one."""
    body = json.dumps(request(1, "ping")).encode()
    headers = http.session() | {"Content-Type": "application/json"}
    wire = http.wire()
    wire.send(wire.head("POST", "/mcp", headers | {"Transfer-Encoding": "chunked"}))
    for byte in body:
        wire.send(b"1\r\n" + bytes([byte]) + b"\r\n")
    wire.send(b"0\r\n\r\n")
    assert wire.answer().json["result"] == {}
    expecting = {"Expect": "100-continue", "Content-Length": str(len(body))}
    wire.send(wire.head("POST", "/mcp", headers | expecting))
    assert wire.begin().status == 100
    wire.send(body)
    assert wire.answer().json["result"] == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"x", -32700),
        (b"\xff", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', -32600),
        (b"7", -32600),
        (b"null", -32600),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"MCP-Protocol-Version": REVISION}])
def test_what_is_no_message_is_refused(
    http: Http, body: bytes, code: int, headers: dict[str, str]
) -> None:
    """In both eras, with or without a session."""
    answer = http.post(body, headers)
    assert (answer.status, code_of(answer), answer.json["id"]) == (400, code, None)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"x\r\n\r\n", 400),
        (b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
        (
            b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/json\r\n\r\nzz\r\n",
            400,
        ),
        (b"GET /mcp HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", 431),
        (b"GET /mcp HTTP/1.1\r\n\r\n", 421),
        (b"GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"PUT /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n", 405),
        (b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 415),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ],
)
def test_what_is_no_request_is_refused(http: Http, sent: bytes, status: int) -> None:
    """And never with a 500."""
    wire = http.wire()
    wire.send(sent)
    assert wire.answer().status == status
    assert http.ask(request(1, "tools/list")).status == 200


def test_names_and_origins_of_others_are_refused(http: Http) -> None:
    """A page of another machine cannot speak to a server on this one."""
    assert http.post(initialize(), {"Host": "evil.example"}).status == 421
    assert http.post(initialize(), {"Origin": "http://evil.example"}).status == 403
    assert (
        http.post(initialize(), {"Host": "localhost", "Origin": "http://localhost:3000"}).status
        == 200
    )


def test_many_clients_at_once(http: Http) -> None:
    """Each has its own answers."""

    def ask(number: int) -> int:
        answer = http.ask(call(number, "test_length", {"text": "x" * number}))
        return int(text_of(answer))

    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(ask, range(200))) == list(range(200))


def test_a_signal_ends_it_in_the_middle_of_everything() -> None:
    """Of calls, of streams, and of connections on which nothing happens."""
    with on_http() as http:
        session = http.session()
        start_waiting(http, waiting(), session)
        start_waiting(http, modern_waiting(), ROUTED)
        stream = http.wire()
        stream.send(stream.head("GET", "/mcp", session | {"Accept": "text/event-stream"}))
        assert stream.begin().status == 200
        http.wire()


def test_connections_beyond_the_limit_are_refused() -> None:
    """Until one of the others goes."""
    with on_http() as http:
        wires = [http.wire() for _ in range(128)]
        body = json.dumps(initialize()).encode()
        for wire in wires:
            wire.post(body, http.headers({}))
            assert wire.answer().status == 200
        refused = http.wire()
        assert refused.begin().status == 503
        wires[0].close()
        deadline = time.monotonic() + 10
        while True:
            wire = http.wire()
            wire.post(body, http.headers({}))
            if wire.begin().status == 200:
                break
            assert time.monotonic() < deadline
