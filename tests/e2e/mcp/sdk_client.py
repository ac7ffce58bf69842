"""Drives a server with the official SDK for Python, in that SDK's own environment.

Reads from stdin what to do, {"command": [...], "env": {}, "cwd": …} or {"url": …, "token": …}, with
"mode" (the era, as the SDK calls it) and "calls" ([tool, arguments] each), and prints what came.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from typing import Any

import httpx2
from mcp.client import Client  # type: ignore[import-not-found]
from mcp.client.stdio import StdioServerParameters  # type: ignore[import-not-found]
from mcp.client.streamable_http import streamable_http_client  # type: ignore[import-not-found]


async def target(request: dict[str, Any], stack: AsyncExitStack) -> Any:
    """What the SDK's client connects to."""
    if "url" not in request:
        program, *arguments = request["command"]
        return StdioServerParameters(
            command=program, args=arguments, env=request["env"], cwd=request["cwd"]
        )
    headers = {"Authorization": f"Bearer {request['token']}"}
    http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=60))
    return streamable_http_client(request["url"], http_client=http)


async def talk(request: dict[str, Any]) -> dict[str, Any]:
    """Lists everything, then makes the calls, and says what came."""
    async with AsyncExitStack() as stack:
        server = await target(request, stack)
        client = await stack.enter_async_context(Client(server, mode=request["mode"]))
        tools = (await client.list_tools()).tools
        results = {}
        for name, arguments in request["calls"]:
            # The SDK compares what comes with the tool's output schema.
            result = await client.call_tool(name, arguments)
            results[name] = result.model_dump(mode="json", by_alias=True)
        resources = (await client.list_resources()).resources
        read = [await client.read_resource(str(item.uri)) for item in resources]
        prompts = (await client.list_prompts()).prompts
        return {
            "protocol": client.protocol_version,
            "tools": [item.name for item in tools],
            "results": results,
            "resources": [str(item.uri) for item in resources],
            "read": [len(item.contents) for item in read],
            "prompts": [item.name for item in prompts],
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(talk(json.load(sys.stdin)))))
