"""Runtimes in every state that `ktx runtime` tells apart, made from the shared one by links."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness import Ktx

Receipt = dict[str, Any]


class RuntimeCopy:
    """A runtime root of its own; its files are the shared runtime's, by hard links."""

    def __init__(self, shared: Path, root: Path) -> None:
        """Makes a sound copy; `write_receipt` and the methods below change it."""
        self.shared = shared
        self.version = root / shared.name
        self.version.mkdir(parents=True)
        text = (shared / "manifest.json").read_text()
        self.receipt: Receipt = json.loads(text.replace(str(shared), str(self.version)))
        environment = self.receipt["environment"]
        shutil.copytree(
            shared / environment, self.version / environment, symlinks=True, copy_function=os.link
        )
        (self.version / ".venv").symlink_to(environment)
        self.scripts = self.version / environment / "bin"
        (self.version / "install.log").write_text("")
        self.write_receipt()

    def write_receipt(self, **changes: Any) -> None:
        """Writes `receipt` as it is now, with other values for some of its members."""
        (self.version / "manifest.json").write_text(json.dumps(self.receipt | changes))

    def cut_receipt(self) -> None:
        """Leaves the beginning of a file."""
        (self.version / "manifest.json").write_text('{"schemaVersion": 1, "cliVersion"')

    def change_receipt(self, *path: str, value: Any) -> None:
        """Gives the member at `path` another value."""
        *above, last = path
        inner = self.receipt
        for key in above:
            inner = inner[key]
        inner[last] = value
        self.write_receipt()


State = Callable[[RuntimeCopy], None]

# What is done to a sound runtime, by the name that the golden files carry.
STATES: dict[str, State] = {
    "ready": lambda _: None,
    "mismatched-cli": lambda copy: copy.write_receipt(cliVersion="0.0.9"),
    "mismatched-wheel": lambda copy: copy.change_receipt(
        "asset", "wheel", "sha256", value="0" * 64
    ),
    "newer-receipt": lambda copy: copy.write_receipt(receiptVersion=2, cliVersion="9.9.9"),
    "invalid-receipt": lambda copy: copy.cut_receipt(),
    "missing-python": lambda copy: (copy.scripts / "python").unlink(),
    "missing-daemon": lambda copy: (copy.scripts / "ktx-daemon").unlink(),
    "changed-libpython": lambda copy: copy.change_receipt(
        "interpreter", "libpython", "size", value=1
    ),
}


def shared_version(user: Ktx) -> Path:
    """The version folder of the runtime that `user` has."""
    return Path(user.json("runtime", "status", "--json")["layout"]["versionDir"])


def enter(user: Ktx, state: str, root: Path) -> None:
    """Gives the user of the shared runtime one in `state`; "missing" is none at all."""
    shared = shared_version(user)
    user.runtime_root = root
    if state != "missing":
        STATES[state](RuntimeCopy(shared, root))
