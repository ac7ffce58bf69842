"""A package of ktx whose lock holds only what a query imports: its installs take a second."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from harness import BUILD, copy_package

QUERY_PACKAGES = (
    "annotated-types",
    "pydantic",
    "pydantic-core",
    "pyyaml",
    "sqlglot",
    "typing-extensions",
    "typing-inspection",
)

SERVER_PACKAGES = (
    *QUERY_PACKAGES,
    "annotated-doc",
    "anyio",
    "click",
    "fastapi",
    "h11",
    "httptools",
    "idna",
    "starlette",
    "uvicorn",
    "uvloop",
)


def keep_packages(lock: str, packages: tuple[str, ...]) -> str:
    """The lock's entries for these packages; an entry is a line and its indented hashes."""
    entries = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)
    return "".join(entry for entry in entries if re.split(r"[=\[]", entry)[0] in packages)


def small_package(
    target: Path,
    packages: tuple[str, ...] = QUERY_PACKAGES,
    program: Path = BUILD / "bin" / "ktx",
) -> Path:
    """Lays the package out with a manifest that fits, and returns its binary."""
    binary = copy_package(target, program)
    assets = target / "assets" / "python"
    lock = assets / "requirements-core.txt"
    lock.write_text(keep_packages(lock.read_text(), packages))
    manifest = json.loads((assets / "manifest.json").read_text())
    data = lock.read_bytes()
    manifest["requirements"]["core"] |= {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
    }
    (assets / "manifest.json").write_text(json.dumps(manifest))
    return binary
