"""The ktx under measurement, with a runtime, a cache and projects away from the user's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import projects
from machine import from_cmake_cache

UNCACHED = {"KTX_NO_CACHE": "1"}


def surroundings(root: Path, uv: Path) -> dict[str, str]:
    """The variables of every measured process; byte code is read and written as for a user."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KTX_"))
    }
    return kept | {
        "KTX_CACHE_DIR": str(root / "cache"),
        "KTX_RUNTIME_ROOT": str(root / "runtime"),
        "KTX_UV": str(uv),
    }


class Installation:
    """One built ktx. `root` is a folder of the benchmark; a runtime that is there is used.

    The runtime is in `root` too, unless another folder is given for it.
    """

    def __init__(self, ktx: Path, uv: Path, root: Path, runtime: Path | None = None) -> None:
        self.ktx = str(ktx.absolute())
        self.build = ktx.absolute().parent.parent
        self.root = root.absolute()
        self.root.mkdir(parents=True, exist_ok=True)
        self.variables = surroundings(self.root, uv.absolute())
        if runtime:
            self.variables["KTX_RUNTIME_ROOT"] = str(runtime.absolute())
        self.uncached = self.variables | UNCACHED
        shutil.rmtree(self.root / "cache", ignore_errors=True)

    def command(self, *words: str) -> list[str]:
        """The command line of ktx with these words."""
        return [self.ktx, *words]

    def json(self, *words: str) -> Any:
        """What ktx prints, which must succeed."""
        return json.loads(subprocess.check_output([self.ktx, *words], env=self.variables))

    def install(self, variables: Mapping[str, str] | None = None) -> None:
        """Installs the runtime where there is none."""
        subprocess.run(
            self.command("runtime", "install", "--yes"),
            env=variables or self.variables,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    @cache  # noqa: B019 - one installation a run
    def program(self, name: str) -> str:
        """Builds a small program of this folder, with the compiler that built ktx."""
        source, program = Path(__file__).with_name(f"{name}.cpp"), str(self.root / name)
        flags = ["-O2", "-std=c++20", str(source), "-o", program]
        subprocess.run([from_cmake_cache(self.build, "CMAKE_CXX_COMPILER"), *flags], check=True)
        return program

    @cache  # noqa: B019 - one installation a run
    def python(self) -> str:
        """The runtime's Python."""
        found: str = self.json("runtime", "status", "--json")["manifest"]["python"]["executable"]
        return found

    @cache  # noqa: B019 - one installation a run
    def project(self, size: int, kind: str = "plain") -> Path:
        """A project with so many sources."""
        return projects.of_size(self.root / "projects", size, kind)

    @cache  # noqa: B019 - one installation a run
    def broken_project(self, size: int, kind: str) -> Path:
        """The same with a file that is not YAML."""
        return projects.broken(self.root / "projects", size, kind)

    @cache  # noqa: B019 - one installation a run
    def project_with_rows(self) -> Path:
        """A project whose one table has rows."""
        return projects.with_rows(self.root / "projects")

    def query(self, size: int, kind: str = "plain", *more: str) -> list[str]:
        """The command line of a question about the last source of a project of so many."""
        words = projects.query_words(self.project(size, kind), size - 1, kind)
        return self.command(*words, *(more or ("--no-daemon",)))

    @contextmanager
    def daemon(self) -> Iterator[dict[str, Any]]:
        """Runs the daemon; gives its state, which has its port and its token."""
        self.json("runtime", "start", "--json")
        try:
            state = self.json("runtime", "status", "--json")["daemon"]["stateFile"]
            yield json.loads(Path(state).read_text())
        finally:
            subprocess.run(
                self.command("runtime", "stop"),
                env=self.variables,
                stdout=subprocess.DEVNULL,
                check=True,
            )
