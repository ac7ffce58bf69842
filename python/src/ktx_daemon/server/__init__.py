"""The HTTP server of a process that stays: what the interpreter plugin starts with two calls.

`prepare` builds the server and loads what it wants warm; `serve` then answers on a socket that
already listens, on the calling thread, until the server's end. Both take the JSON of `Settings`
and return a tagged reply as `ktx_daemon.dispatch` does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ktx_daemon.dispatch import encode, error_of
from ktx_daemon.server.readiness import warm_up
from ktx_daemon.server.runner import Runner
from ktx_daemon.server.settings import Settings

_prepared: list[tuple[bytes, Runner]] = []


def prepare(config: bytes) -> bytes:
    """Build the server and load what `warm` names: `{"ok":{}}`, or an error."""

    def work() -> dict[str, Any]:
        _prepared[:] = [(config, _built(config))]
        return {}

    return _tagged(work)


def serve(config: bytes) -> bytes:
    """Serve until the end: `{"ok":{"reason","signal"}}`, or an error."""

    def work() -> dict[str, Any]:
        known = [runner for prepared, runner in _prepared if prepared == config]
        _prepared.clear()
        runner = known[0] if known else _built(config)
        return runner.run()._asdict()

    return _tagged(work)


def _built(config: bytes) -> Runner:
    runner = Runner(Settings.from_json(config))
    runner.start_log()
    warm_up(runner.settings.warm)
    return runner


def _tagged(work: Callable[[], dict[str, Any]]) -> bytes:
    try:
        return encode({"ok": work()})
    except MemoryError:
        raise
    except Exception as error:
        return encode({"error": error_of(error)})
