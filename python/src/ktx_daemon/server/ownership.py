"""Whether this server is still the one that clients are sent to."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable


class Ownership:
    """The state file that names this server, and the environment that it runs from.

    Only proof counts: a file that is there and cannot be read proves nothing.
    """

    def __init__(self, state_file: str | None, instance: str) -> None:
        self._state_file = state_file
        self._instance = instance
        self._seen: tuple[int, ...] | None = None

    def is_lost(self) -> bool:
        """Return whether the state file names another server, or the environment is gone."""
        return not os.path.isdir(sys.prefix) or self._is_disowned()

    def watch(self, seconds: float, lost: Callable[[], None]) -> None:
        """Look every so often, from the event loop, until ownership is lost."""

        def look() -> None:
            if self.is_lost():
                lost()
            else:
                asyncio.get_running_loop().call_later(seconds, look)

        look()

    def _is_disowned(self) -> bool:
        if self._state_file is None:
            return False
        try:
            now = os.stat(self._state_file)
            stamp = (now.st_dev, now.st_ino, now.st_mtime_ns, now.st_size)
            if stamp == self._seen:
                return False
            with open(self._state_file, "rb") as file:
                names_this = _instance(file.read()) == self._instance
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False
        self._seen = stamp if names_this else None
        return not names_this


def _instance(state: bytes) -> object:
    try:
        document = json.loads(state)
    except ValueError:
        return None
    return document.get("instance") if isinstance(document, dict) else None
