"""Operations that only tests have: they wait for the test, or do what no operation should."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

from ktx_daemon import interruption
from ktx_daemon.operations import COMPUTE, OPERATIONS, WAITING, Operation


def wait_for_file(request: dict[str, Any]) -> dict[str, Any]:
    """Say `began` through a pipe, then wait until the test writes to another one."""
    Path(request["began"]).write_text("began")
    return {"told": Path(request["go_on"]).read_text()}


def wait_until_gone(request: dict[str, Any]) -> dict[str, Any]:
    """Say `began` through a pipe, and `ended` once nobody waits for the answer any more."""
    gone = threading.Event()
    with interruption.current().tells(gone.set):
        Path(request["began"]).write_text("began")
        gone.wait()
    Path(request["ended"]).write_text("ended")
    return {}


def end_process(request: dict[str, Any]) -> dict[str, Any]:
    """Raise what ends a process of its own."""
    raise {"exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "memory": MemoryError()}[
        request["how"]
    ]


def break_down(request: dict[str, Any]) -> dict[str, Any]:
    """Have a defect."""
    raise ZeroDivisionError(f"in {os.path.basename(sys.executable)[:6]}")


def _add(name: str, function: str, lane: str) -> None:
    handler = f"{__name__}:{function}"
    OPERATIONS[name] = Operation(name, handler, f"/test/{name}", "Test failed", lane)


_add("test-wait", "wait_for_file", COMPUTE)
_add("test-wait-aside", "wait_for_file", WAITING)
_add("test-until-gone", "wait_until_gone", WAITING)
_add("test-end", "end_process", COMPUTE)
_add("test-break", "break_down", COMPUTE)
