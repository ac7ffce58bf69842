"""Which files were verified: a small JSON file of their sizes, times and inodes.

A stamp saves time and proves nothing: a file without a fitting one is hashed, and a stamps file
that cannot be read or written counts as empty.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


class Stamps:
    """The stamps in one file, none without a path; with `kept`, new ones are added to it."""

    def __init__(self, path: Path | None = None, *, kept: bool = False) -> None:
        self.path = path
        self.kept = kept

    def verified(self, file: Path, digest: str) -> bool:
        """Whether `file` has that SHA-256; the file is read unless its stamp says so.

        Raises OSError when it cannot be read.
        """
        with file.open("rb") as opened:
            stamp = _stamp(os.fstat(opened.fileno()), digest)
            known = self._read()
            if known.get(str(file)) == stamp:
                return True
            if hashlib.file_digest(opened, "sha256").hexdigest() != digest:
                return False
            # Changed while it was read: right now, and not known again.
            if _stamp(os.fstat(opened.fileno()), digest) == stamp:
                self._write(known | {str(file): stamp})
            return True

    def _read(self) -> dict[str, Any]:
        if self.path is None:
            return {}
        try:
            value = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def _write(self, stamps: dict[str, Any]) -> None:
        if self.path is None or not self.kept:
            return
        name = ""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.path.parent)
            os.chmod(name, 0o644)  # who runs the environment reads what its installer wrote
            with os.fdopen(descriptor, "w") as file:
                json.dump(stamps, file)
            os.replace(name, self.path)
        except OSError:
            if name:
                Path(name).unlink(missing_ok=True)


def _stamp(status: os.stat_result, digest: str) -> list[int | str]:
    return [status.st_size, status.st_mtime_ns, status.st_ino, digest]
