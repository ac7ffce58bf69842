"""ktx as installed from a package: a user with a home, an npm cache and a runtime root of their
own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import BUILD, LIMIT_SECONDS, UV, Ktx

PACKAGES = BUILD / "packages"
DEAD = "http://127.0.0.1:9"


def described() -> dict[str, Any]:
    """What `make package` says that it made."""
    assert (PACKAGES / "packages.json").is_file(), "run make package, which says why it makes none"
    document: dict[str, Any] = json.loads((PACKAGES / "packages.json").read_text())
    return document


def packed(kind: str) -> list[Path]:
    """The packages of a kind; a missing one fails the test by its name."""
    files = [PACKAGES / entry["file"] for entry in described()["packages"] if entry["kind"] == kind]
    for file in files:
        assert file.is_file(), f"{file.name} {kind} package"
    assert files, f"make package made no {kind} package"
    return files


def tool(name: str) -> str:
    """Where this machine has a program; without it nothing can be shown."""
    found = shutil.which(name)
    assert found is not None, f"{name} is missing: run make prerequisites"
    return found


@dataclass
class Person(Ktx):
    """Someone whose tools are node, npm and uv, with a folder to work in."""

    folder: Path = Path()
    command: tuple[str, ...] = ()
    registry: str = DEAD
    tools: Path = field(init=False)

    def __post_init__(self) -> None:
        """Makes the home and a folder of tools; the rest of PATH is the system's."""
        self.tools = self.home / "tools"
        self.tools.mkdir(parents=True, exist_ok=True)
        for name in ("node", "npm", "npx"):
            self._add_tool(name, tool(name))
        self._add_tool("uv", str(UV))

    def _add_tool(self, name: str, program: str) -> None:
        if not (self.tools / name).is_symlink():
            (self.tools / name).symlink_to(program)

    def environment(self) -> dict[str, str]:
        """npm's cache and settings are the person's own; without a registry nothing answers it."""
        variables = super().environment()
        del variables["KTX_UV"]
        return (
            variables
            | {
                "PATH": f"{self.tools}:/usr/bin:/bin",
                "XDG_DATA_HOME": str(self.home / "share"),
                "npm_config_audit": "false",
                "npm_config_fetch_retries": "0",
                "npm_config_cache": str(self.home / "npm-cache"),
                "npm_config_fund": "false",
                "npm_config_registry": self.registry,
                "npm_config_update_notifier": "false",
                "npm_config_userconfig": str(self.home / "npmrc"),
            }
            | self.extra
        )

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Starts ktx as this person does: by `command`, in their folder."""
        first, *more = self.command
        program = shutil.which(first, path=self.environment()["PATH"])
        assert program is not None, f"{first} is not on the person's PATH"
        self.binary = Path(program)
        return super().start(*more, *arguments, **({"cwd": self.folder} | options))

    def does(self, *command: str | Path) -> str:
        """Runs another program than ktx, which must succeed."""
        result = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
        return result.stdout


def new_person(place: Path, *command: str) -> Person:
    """Someone who has never used ktx, at work in an empty Node.js project. Its path has a space."""
    folder = place / "a project"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "shop", "private": true}\n')
    (place / "home").mkdir()
    return Person(
        home=place / "home",
        runtime_root=place / "managed-runtime",
        folder=folder,
        command=command,
    )


def make_database(person: Person, project: Path) -> None:
    """The three orders of the smallest project, by SQLite's own program."""
    (project / "warehouse.db").unlink(missing_ok=True)
    script = (
        "DROP TABLE IF EXISTS orders;"
        "CREATE TABLE orders"
        " (id INTEGER PRIMARY KEY, status TEXT NOT NULL, amount INTEGER NOT NULL);"
        "INSERT INTO orders (status, amount) VALUES ('paid', 20), ('paid', 30), ('open', 10);"
    )
    person.does("sqlite3", project / "warehouse.db", script)


def processes_from(folder: Path) -> list[int]:
    """The processes that run a program below the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                program = os.readlink(entry / "exe")
            except OSError:
                continue
            if program.startswith(str(folder)):
                found.append(int(entry.name))
    return found
