"""Golden files of what `ktx` prints, with placeholders for what differs from machine to machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

from harness import SHARED_RUNTIME, Ktx

GOLDEN = Path(__file__).parent.parent / "golden"
FOLDER = GOLDEN / "runtime"

_NUMBERS = "files|bytes|inode|size|mtimeNs|startMs|importMs|probeMs|peakMemoryMiB"
_PATTERNS = [
    (r"uv \d+\.\d+\.\d+( \([^)]*\))?", "<uv>"),
    (r"\b\d+ (MiB|inodes)", r"<number> \1"),
    (r"parse error at[^\"\n]*", "<parse error>"),
    (r"OpenSSL \d[^\"\n]*", "<openssl>"),
    (r"\b[0-9a-f]{64}\b", "<sha256>"),
    (r"\benv-[0-9a-f]{12}\b", "env-<id>"),
    (r"(\.ktx/daemon/[^/\s\"]*)-[0-9a-f]{12}\b", r"\1-<machine>"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<time>"),
    (r"cpython-3\d+-[\w-]+", "<soabi>"),
    (r"cpython-3\d+\b", "<cache tag>"),
    (r"\bcp3\d+\b", "<tag>"),
    (r"\bCPython 3\.\d+(, 3\.\d+)*", "CPython <versions>"),
    (rf'("?\b(?:{_NUMBERS})"?: )[\d.e+]+', r"\1<number>"),
    (r"\b\d+( files are| installed files)", r"<number>\1"),
    (r"(\b(?:sqlglot|pydantic)(?:\": \"| ))[\d.]+\w*", r"\1<package version>"),
]


def _replacements(user: Ktx) -> list[tuple[str, str]]:
    """This machine's texts and what stands for them, the longest paths first."""
    shared = Ktx(home=user.home, runtime_root=SHARED_RUNTIME)
    status = shared.json("runtime", "status", "--json")
    python = status["manifest"]["interpreter"]
    paths = [
        (str(user.runtime_root), "<root>"),
        (str(user.binary.parent.parent), "<package>"),
        (str(user.home), "<home>"),
        (python["libpython"]["path"], "<libpython>"),
        (python["baseExecutable"], "<base python>"),
        (python["basePrefix"], "<base prefix>"),
    ]
    minor = ".".join(python["version"].split(".")[:2])
    versions = [
        (python["version"], "<python version>"),
        (f"python{minor}", "python<minor>"),
        (status["layout"]["cliVersion"], "<version>"),
    ]
    return sorted(paths, key=lambda pair: -len(pair[0])) + versions


def with_placeholders(user: Ktx, text: str) -> str:
    """The text as it would be on any machine."""
    for actual, placeholder in _replacements(user):
        text = re.sub(rf"{re.escape(actual)}(?![\w.]*\d)", placeholder, text)
    for pattern, placeholder in _PATTERNS:
        text = re.sub(pattern, placeholder, text)
    return text


def expect_message(user: Ktx, name: str, folder: Path, error: str) -> None:
    """Compares what a user sees of an error; `folder` is the test's own."""
    expect_golden(user, f"hostile/{name}.txt", error.replace(str(folder), "<folder>"))


def expect_golden(user: Ktx, name: str, text: str) -> None:
    """Compares with a golden file, after this machine's texts were replaced."""
    expect_text(FOLDER / name, with_placeholders(user, text))


def expect_text(file: Path, actual: str) -> None:
    """Compares with a golden file; KTX_UPDATE_GOLDEN=1 writes it, for the author to read."""
    if os.environ.get("KTX_UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(actual)
        return
    assert actual == file.read_text(), file
