"""An agent on stdin and stdout: framing, many calls, cancelling, and every way to end."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx
from mcp_talk import FIXTURES, Pipes, call, initialize, on_pipes, request

LONGEST = 16 << 20
ENDLESS = """\
name: endless
sql: "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"
grain: [id]
columns:
  - {name: id, type: number}
measures:
  - {name: rows, expr: count(*)}
"""


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    """The fixtures on pipes, after the handshake."""
    with on_pipes([str(FIXTURES), "stdio"]) as started:
        assert "result" in started.ask(initialize())
        yield started


def waiting(identifier: int) -> dict[str, Any]:
    """A call that waits until it is cancelled, and says when it does."""
    return dict(call(identifier, "test_wait", _meta={"progressToken": identifier}))


def start_waiting(pipes: Pipes, identifier: int) -> None:
    """Calls it, and returns once it waits."""
    told = pipes.ask(waiting(identifier))
    assert told["params"]["message"] == "waiting"


def cancelled(pipes: Pipes, identifier: int) -> str:
    """How many calls were cancelled, as a later call tells."""
    answer = pipes.ask(call(identifier, "test_cancelled"))
    return str(answer["result"]["content"][0]["text"])


def test_lines_end_with_lf_or_crlf_and_come_in_pieces(pipes: Pipes) -> None:
    """Byte by byte, with an empty line between."""
    text = json.dumps(request(1, "ping")) + "\r\n\r\n\n" + json.dumps(request(2, "ping")) + "\n"
    for byte in text.encode():
        pipes.write(bytes([byte]))
    assert [pipes.read(), pipes.read()] == [
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        {"jsonrpc": "2.0", "id": 2, "result": {}},
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"x", -32700),
        (b'{"jsonrpc": "2.0", "id": 1, "meth', -32700),
        (b"\xff\xfe", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', -32600),
        (b"null", -32600),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "ping"}', -32600),
    ],
)
def test_what_is_no_message_is_said_and_the_next_is_answered(
    pipes: Pipes, line: bytes, code: int
) -> None:
    """Nothing of it stays."""
    pipes.write(line + b"\n")
    answer = pipes.read()
    assert (answer["id"], answer["error"]["code"]) == (None, code)
    assert pipes.ask(request(1, "ping"))["result"] == {}


def test_messages_may_have_16_mib(pipes: Pipes) -> None:
    """One that is longer is refused, and read past."""
    frame = len(json.dumps(call(1, "test_length", {"text": ""})))
    answer = pipes.ask(call(1, "test_length", {"text": "x" * (LONGEST - frame)}))
    assert answer["result"]["content"][0]["text"] == str(LONGEST - frame)
    pipes.send(call(2, "test_length", {"text": "x" * (LONGEST - frame + 1)}))
    answer = pipes.read()
    assert (answer["id"], answer["error"]["code"]) == (None, -32700)
    assert "16 MiB" in answer["error"]["message"]
    assert pipes.ask(request(3, "ping"))["result"] == {}


def test_notifications_and_stray_replies_get_no_answer(pipes: Pipes) -> None:
    """The next answer is that of the request after them."""
    pipes.send(
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "method": "notifications/nobody/knows"},
        {"jsonrpc": "2.0", "id": 7, "result": {}},
        {"jsonrpc": "2.0", "id": 7, "error": {"code": 1, "message": "no"}},
    )
    assert pipes.ask(request(1, "ping")) == {"jsonrpc": "2.0", "id": 1, "result": {}}


def test_a_last_line_without_its_end_is_answered(pipes: Pipes) -> None:
    """So is what came before; then it ends by itself."""
    pipes.send(call(1, "test_tool_with_progress"))
    pipes.write(json.dumps(request(2, "ping")).encode())
    pipes.hang_up()
    assert {pipes.read()["id"], pipes.read()["id"]} == {1, 2}
    assert pipes.read() is None
    assert pipes.end() == 0


def test_the_end_in_the_middle_of_a_message_is_no_crash(pipes: Pipes) -> None:
    """What had begun is said to be no message."""
    pipes.write(b'{"jsonrpc": "2.0", "id": 1, "me')
    pipes.hang_up()
    assert pipes.read()["error"]["code"] == -32700
    assert pipes.read() is None
    assert pipes.end() == 0


def test_a_hundred_calls_at_once_are_all_answered(pipes: Pipes) -> None:
    """Each once, however many may run at a time; the order is theirs."""
    pipes.send(*(call(number, "test_tool_with_progress") for number in range(100)))
    assert sorted(pipes.read()["id"] for _ in range(100)) == list(range(100))


def test_a_call_is_cancelled_while_others_go_on(pipes: Pipes) -> None:
    """It gets no answer; the others do, though more are asked for than may run at once."""
    for number in range(16):
        start_waiting(pipes, number)
    pipes.send(waiting(16), waiting(17))  # these wait for a place
    gone = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
    pipes.send(gone | {"params": {"requestId": 16}}, gone | {"params": {"requestId": 3}})
    told = pipes.read()
    assert told["params"] == {"progressToken": 17, "progress": 0.0, "message": "waiting"}
    pipes.send(gone | {"params": {"requestId": 5}})
    # 3 and 5 were running; 16 had not begun.
    assert cancelled(pipes, 99) == "2"


def test_an_id_that_is_in_use_is_refused(pipes: Pipes) -> None:
    """The call that has it goes on."""
    start_waiting(pipes, 1)
    assert pipes.ask(waiting(1))["error"]["code"] == -32600
    pipes.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}})
    assert cancelled(pipes, 2) == "1"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_at_once(pipes: Pipes, number: signal.Signals) -> None:
    """Though a call runs, and stdin is open."""
    start_waiting(pipes, 1)
    pipes.process.send_signal(number)
    assert pipes.end() == 128 + number


def test_a_signal_ends_it_though_nobody_reads(pipes: Pipes) -> None:
    """An answer that fills the pipe keeps it from nothing."""
    pipes.send(call(1, "test_long_text", {"length": 4 << 20}))
    assert pipes.process.stdout is not None
    os.read(pipes.process.stdout.fileno(), 1)  # it writes
    pipes.process.send_signal(signal.SIGTERM)
    assert pipes.end() == 143


def test_a_slow_reader_gets_everything(pipes: Pipes) -> None:
    """Answers of many calls are whole lines."""
    pipes.send(*(call(number, "test_long_text", {"length": 1 << 20}) for number in range(8)))
    texts = [pipes.read()["result"]["content"][0]["text"] for _ in range(8)]
    assert texts == ["x" * (1 << 20)] * 8


def test_a_client_that_vanishes_ends_what_runs(pipes: Pipes) -> None:
    """Both of its ends are closed, as when it is killed."""
    start_waiting(pipes, 1)
    assert pipes.process.stdout is not None
    pipes.hang_up()
    pipes.process.stdout.close()
    assert pipes.end() == 0


def test_the_first_request_decides_the_era() -> None:
    """Of notifications before it, none does."""
    meta = {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    }
    with on_pipes([str(FIXTURES), "stdio"]) as pipes:
        pipes.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        answer = pipes.ask(request(1, "server/discover", meta))
        assert answer["result"]["supportedVersions"] == ["2026-07-28"]
        late = pipes.ask(initialize())["error"]
        assert (late["code"], late["data"]["supported"]) == (-32022, ["2026-07-28"])
        assert pipes.ask(request(2, "tools/list"))["error"]["code"] == -32602
        assert pipes.ask(request(3, "ping", meta))["error"]["code"] == -32601
    with on_pipes([str(FIXTURES), "stdio"]) as pipes:
        assert pipes.ask(initialize("2024-11-05"))["result"]["protocolVersion"] == "2024-11-05"
        assert pipes.ask(request(1, "server/discover", meta))["error"]["code"] == -32600


def test_a_client_is_asked_while_its_call_runs() -> None:
    """And its refusal is the tool's error."""
    with on_pipes([str(FIXTURES), "stdio"]) as pipes:
        pipes.ask(initialize(sampling={}))
        asked = pipes.ask(call(1, "test_sampling", {"prompt": "Hello?"}))
        assert asked["method"] == "sampling/createMessage"
        said = {"role": "assistant", "content": {"type": "text", "text": "Yes."}, "model": "m"}
        answer = pipes.ask({"jsonrpc": "2.0", "id": asked["id"], "result": said})
        assert answer["result"]["content"][0]["text"] == "LLM response: Yes."
        asked = pipes.ask(call(2, "test_sampling", {"prompt": "Hello?"}))
        refusal = {"code": -1, "message": "the user said no"}
        answer = pipes.ask({"jsonrpc": "2.0", "id": asked["id"], "error": refusal})
        assert answer["result"]["isError"]
        assert "the user said no" in answer["result"]["content"][0]["text"]
        # What it cannot, it is not asked.
        answer = pipes.ask(call(3, "test_elicitation", {"message": "Who?"}))
        assert "has no elicitation" in answer["result"]["content"][0]["text"]


@pytest.fixture
def endless(ready: Ktx, warehouse: Path) -> Iterator[Pipes]:
    """The product, for a project with a source whose statement never ends."""
    (warehouse / "semantic-layer" / "warehouse" / "endless.yaml").write_text(ENDLESS)
    command = [str(ready.binary), "mcp", "stdio", "--project-dir", str(warehouse)]
    with on_pipes(command, ready.environment()) as pipes:
        assert pipes.ask(initialize())["result"]["serverInfo"]["name"] == "ktx"
        yield pipes


def ask_endlessly(pipes: Pipes, identifier: int) -> None:
    """Asks for what takes forever."""
    pipes.send(call(identifier, "sl_query", {"measures": ["endless.rows"], "execute": True}))


def ask_quickly(pipes: Pipes, identifier: int) -> object:
    """Asks for what takes no time, and returns the next message."""
    return pipes.ask(call(identifier, "sl_query", {"measures": ["orders.revenue"]}))


def test_a_statement_ends_with_its_call(endless: Pipes) -> None:
    """A quick question is answered beside it, and after it."""
    ask_endlessly(endless, 1)
    assert "SUM" in str(ask_quickly(endless, 2)).upper()
    gone = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    endless.send(gone)
    assert "SUM" in str(ask_quickly(endless, 3)).upper()
    endless.hang_up()
    # At the end of the input it waits for what runs: this was ended.
    assert endless.read() is None
    assert endless.end() == 0


def test_a_statement_ends_with_its_client(endless: Pipes) -> None:
    """The process goes by itself."""
    ask_endlessly(endless, 1)
    ask_quickly(endless, 2)
    assert endless.process.stdout is not None
    endless.hang_up()
    endless.process.stdout.close()
    assert endless.end() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_statement_ends_with_a_signal(endless: Pipes, number: signal.Signals) -> None:
    """As Ctrl-C ends it on a terminal."""
    ask_endlessly(endless, 1)
    ask_quickly(endless, 2)
    endless.process.send_signal(number)
    assert endless.end() == 128 + number


def test_calls_that_come_before_python_is_there_are_all_answered(
    ready: Ktx, warehouse: Path
) -> None:
    """They load it at once; in ten rounds, because that may go well by chance."""
    command = [str(ready.binary), "mcp", "stdio", "--project-dir", str(warehouse)]
    asked = {"measures": ["orders.revenue"], "execute": True}
    for _ in range(10):
        with on_pipes(command, ready.environment()) as pipes:
            pipes.send(initialize(), *(call(number, "sl_query", asked) for number in range(4)))
            answers = [pipes.read() for _ in range(5)]
            assert not any(answer["result"].get("isError") for answer in answers), answers


def test_ktx_yaml_is_read_anew_for_each_call(endless: Pipes, warehouse: Path) -> None:
    """A connection that is added is there at once; a file that is broken is said to be."""
    config = warehouse / "ktx.yaml"
    before = endless.ask(call(1, "connection_list"))["result"]["structuredContent"]
    with config.open("a") as file:
        file.write("  another:\n    driver: sqlite\n    path: other.db\n")
    after = endless.ask(call(2, "connection_list"))["result"]["structuredContent"]
    assert len(after["connections"]) == len(before["connections"]) + 1
    config.write_text("project: [")
    broken = endless.ask(call(3, "connection_list"))["result"]
    assert broken["isError"]
    assert "ktx.yaml" in broken["content"][0]["text"]
