"""Packages that are not what was locked, in ktx's own package and on the index: never installed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from golden import expect_message
from harness import Ktx, query
from package_index import package_index


def assets(user: Ktx) -> Path:
    """The folder of the shipped wheel."""
    return user.binary.parent.parent / "assets" / "python"


def wheel(user: Ktx) -> Path:
    """The shipped wheel."""
    return next(assets(user).glob("*.whl"))


def edit_manifest(user: Ktx, **changes: object) -> None:
    """Changes members of the manifest; `wheel__file` is the member `file` of `wheel`."""
    path = assets(user) / "manifest.json"
    manifest = json.loads(path.read_text())
    for key, value in changes.items():
        *outer, last = key.split("__")
        target = manifest
        for name in outer:
            target = target[name]
        target[last] = value
    path.write_text(json.dumps(manifest))


def flip_a_bit(user: Ktx) -> None:
    """One bit in the middle."""
    data = bytearray(wheel(user).read_bytes())
    data[len(data) // 2] ^= 1
    wheel(user).write_bytes(data)


def folder_for_wheel(user: Ktx) -> None:
    """A folder under the wheel's name."""
    path = wheel(user)
    path.unlink()
    path.mkdir()


def manifest_text(text: str) -> Callable[[Ktx], object]:
    """Another text in the manifest's place."""
    return lambda user: (assets(user) / "manifest.json").write_text(text)


def wheel_outside(user: Ktx) -> None:
    """A wheel that is sound, but not in ktx's folder."""
    wheel(user).rename(assets(user).parent / wheel(user).name)
    edit_manifest(user, wheel__file="../" + next(assets(user).parent.glob("*.whl")).name)


PACKAGES: dict[str, Callable[[Ktx], object]] = {
    "wheel-flipped-bit": flip_a_bit,
    "wheel-cut-short": lambda user: os.truncate(wheel(user), 1000),
    "wheel-longer": lambda user: wheel(user).write_bytes(wheel(user).read_bytes() + b"\0"),
    "wheel-missing": lambda user: wheel(user).unlink(),
    "wheel-is-a-folder": folder_for_wheel,
    "size-wrong": lambda user: edit_manifest(user, wheel__bytes=1),
    "name-outside": wheel_outside,
    "name-absolute": lambda user: edit_manifest(user, wheel__file="/etc/hostname"),
    "name-with-backslash": lambda user: edit_manifest(user, wheel__file="a\\b.whl"),
    "name-empty": lambda user: edit_manifest(user, wheel__file=""),
    "manifest-missing": lambda user: (assets(user) / "manifest.json").unlink(),
    "manifest-empty": manifest_text(""),
    "manifest-cut-short": manifest_text('{"schemaVersion": 1, "distributionName"'),
    "manifest-no-object": manifest_text("[]"),
    "manifest-newer-schema": lambda user: edit_manifest(user, schemaVersion=2),
    "manifest-of-another-package": lambda user: edit_manifest(user, distributionName="evil"),
    "manifest-digest-upper-case": lambda user: edit_manifest(user, wheel__sha256="A" * 64),
    "manifest-negative-size": lambda user: edit_manifest(user, wheel__bytes=-1),
    "lock-flipped": lambda user: (assets(user) / "requirements-core.txt").write_text("evil==1\n"),
}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_damaged_package_installs_nothing(user: Ktx, name: str) -> None:
    """One error that names the file; a runtime that was there would stay as it was."""
    PACKAGES[name](user)
    error = user.fails("runtime", "install", "--yes")
    expect_message(user, f"package-{name}", user.home, error)
    assert not user.runtime_root.exists()


def test_a_linked_wheel_and_unknown_members_are_no_fault(
    user: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """Bytes count, not how they got there; a later ktx may say more in its manifest."""
    link = wheel(user)
    link.symlink_to(link.rename(tmp_path / "elsewhere.whl"))
    edit_manifest(user, comment="unknown")
    user.ok("runtime", "install", "--yes")
    assert user.json(*query(warehouse, "--execute"))["rows"] == [[3]]


def lock(user: Ktx, text: str) -> None:
    """Ships another locked list, described truly."""
    (assets(user) / "requirements-core.txt").write_text(text)
    data = text.encode()
    edit_manifest(
        user,
        requirements__core__sha256=hashlib.sha256(data).hexdigest(),
        requirements__core__bytes=len(data),
    )


def tiny_wheel(name: str, text: str = "") -> bytes:
    """A wheel with one module."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": text,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    return buffer.getvalue()


INDEXES = {
    "another-file": {"dependency-1.0-py3-none-any.whl": tiny_wheel("dependency", "evil = 1\n")},
    "source-only": {"dependency-1.0.tar.gz": b"not looked at"},
    "nothing": {},
}


@pytest.mark.parametrize("name", INDEXES)
def test_an_index_that_serves_something_else_installs_nothing(
    user: Ktx, tmp_path: Path, name: str
) -> None:
    """The lock's digests decide, and no source is built."""
    digest = hashlib.sha256(tiny_wheel("dependency")).hexdigest()
    lock(user, f"dependency==1.0 --hash=sha256:{digest}\n")
    user.extra["UV_CACHE_DIR"] = str(tmp_path / "cache")
    with package_index(INDEXES[name]) as address:
        user.extra |= {"UV_DEFAULT_INDEX": address, "NO_PROXY": "127.0.0.1"}
        user.extra["UV_INDEX_URL"] = address
        error = user.fails("runtime", "install", "--yes")
    lines = error.splitlines()
    assert lines[0].startswith("Python runtime install failed. Install log: ")
    assert "dependency" in error
    if name == "another-file":
        assert "Hash mismatch" in error
    assert lines[-1].startswith("Fix: ")
    assert user.json("runtime", "status", "--json")["kind"] == "missing"
    assert not list(user.runtime_root.glob("*/env-*"))
