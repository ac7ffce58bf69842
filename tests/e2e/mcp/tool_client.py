"""Calls the tools of `ktx mcp stdio`, and checks of every answer what is true of all of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness import Ktx
from json_schema import conforms

LIMIT_SECONDS = 60
BYTES_PER_TOKEN = 3
DEFAULT_TOKENS = 8000


class ToolClient:
    """One client of a server on its stdin and stdout."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._number = 0
        self.ask("initialize", protocolVersion="2025-11-25", capabilities={})
        self.tools = {tool["name"]: tool for tool in self.ask("tools/list")["tools"]}

    def ask(self, method: str, **params: Any) -> Any:
        """Returns the result of a request."""
        self._number += 1
        message = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        while True:
            reply = json.loads(self._process.stdout.readline())
            if reply.get("id") == self._number:
                assert "result" in reply, reply
                return reply["result"]

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured answer, which must be no refusal."""
        result = self._result(tool, arguments)
        assert not result.get("isError"), result["structuredContent"]
        answer: dict[str, Any] = result["structuredContent"]
        return answer

    def refusal(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The error of a call that must be refused."""
        result = self._result(tool, arguments)
        assert result.get("isError"), result["structuredContent"]
        error: dict[str, Any] = result["structuredContent"]["error"]
        return error

    def whole(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What all pages of an answer say: lists and texts joined, pieces put together."""
        joined: dict[str, Any] = {}
        piece = ""
        while True:
            page = self.call(tool, **arguments)
            cut = page.pop("cut", None)
            part = page.pop("piece", None)
            for name, value in page.items():
                is_part = "default" not in name and isinstance(value, (list, str))
                fixed = name in _head_of(self.tools[tool])
                joined[name] = (
                    joined[name] + value if is_part and not fixed and name in joined else value
                )
            if part is not None:
                assert part["offset"] == len(piece.encode())
                piece += part["json"]
                if len(piece.encode()) == part["total_bytes"]:
                    joined.setdefault(part["part"], []).append(json.loads(piece))
                    piece = ""
            if cut is None:
                return joined
            arguments["cursor"] = cut["next_cursor"]

    def _result(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = self.ask("tools/call", name=tool, arguments=arguments)
        text = result["content"][0]["text"]
        structured = result["structuredContent"]
        assert json.loads(text) == structured
        tokens = max(arguments.get("max_tokens", DEFAULT_TOKENS), 200)
        assert len(text.encode()) <= tokens * BYTES_PER_TOKEN
        assert conforms(structured, self.tools[tool]["outputSchema"]), (tool, text)
        return result


def _head_of(tool: dict[str, Any]) -> list[str]:
    required: list[str] = tool["outputSchema"]["anyOf"][0]["required"]
    return required


@contextmanager
def tool_client(user: Ktx, project: Path, *more: str) -> Iterator[ToolClient]:
    """A client of a server of its own, which ends with its input."""
    process = user.start("mcp", "stdio", "--project-dir", project, *more, stdin=subprocess.PIPE)
    try:
        yield ToolClient(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(LIMIT_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
