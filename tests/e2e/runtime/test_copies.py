"""A runtime in a copied image, an archive or a restored cache: sound if its bytes are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx, query

ROWS = [[3]]


def receipt_path(user: Ktx) -> Path:
    """The receipt of the installed runtime."""
    return Path(user.json("runtime", "status", "--json")["layout"]["manifestPath"])


def recorded(user: Ktx) -> dict[str, Any]:
    """What the receipt says of libpython."""
    library: dict[str, Any] = json.loads(receipt_path(user).read_text())["interpreter"]["libpython"]
    return library


@pytest.fixture
def library(restored: Ktx, tmp_path: Path) -> Path:
    """A libpython of the test's own, which the runtime was installed with."""
    path = receipt_path(restored)
    receipt = json.loads(path.read_text())
    entry = receipt["interpreter"]["libpython"]
    own = tmp_path / "python" / "lib" / Path(entry["path"]).name
    own.parent.mkdir(parents=True)
    shutil.copy2(entry["path"], own)
    now = own.stat()
    entry |= {"path": str(own), "inode": now.st_ino, "mtimeNs": now.st_mtime_ns}
    path.write_text(json.dumps(receipt, indent=2, ensure_ascii=False) + "\n")
    return own


def copy(root: Path, library: Path) -> None:
    """As `docker pull` and rsync do: the same bytes and times, another inode."""
    script = 'cp -a "$1" "$1.new" && mv "$1.new" "$1"'
    subprocess.run(["sh", "-c", script, "sh", library], check=True)


def archive(root: Path, library: Path) -> None:
    """As a restored CI cache: tar keeps whole seconds."""
    os.utime(library, ns=(1_700_000_000_123_456_789,) * 2)
    script = 'tar c -C / "${1#/}" "${2#/}" > "$3" && rm -r "$1" "$2" && tar x -C / -f "$3"'
    target = library.parent.parent / "cache.tar"
    subprocess.run(["sh", "-c", script, "sh", root, library, target], check=True)


def touch(root: Path, library: Path) -> None:
    """As a careless script."""
    library.touch()


@pytest.mark.parametrize("move", [copy, archive, touch], ids=lambda move: move.__name__)
def test_a_copy_is_used_and_remembered(
    restored: Ktx, warehouse: Path, library: Path, move: Callable[[Path, Path], None]
) -> None:
    """Nothing is installed, nothing is said, and the next query needs one look again."""
    move(restored.runtime_root, library)
    assert restored.json("runtime", "verify", "--json")["intact"]
    assert restored.run("runtime", "doctor").returncode == 0
    assert restored.json("runtime", "status", "--json")["kind"] == "ready"
    before = recorded(restored)
    assert before["mtimeNs"] != library.stat().st_mtime_ns or move is copy
    result = restored.run(*query(warehouse, "--execute", "--no-input"))
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["rows"] == ROWS
    now = library.stat()
    expected = {"inode": now.st_ino, "mtimeNs": now.st_mtime_ns}
    assert recorded(restored) == before | expected
    assert restored.ok("runtime", "install", "--yes").startswith("Using existing ")


def test_other_bytes_of_the_same_size_are_a_change(
    restored: Ktx, warehouse: Path, library: Path
) -> None:
    """What the digest is for."""
    data = bytearray(library.read_bytes())
    data[-1] ^= 1
    library.write_bytes(data)
    error = restored.fails(*query(warehouse, "--execute", "--no-input"))
    assert "Python's shared library is gone or has changed since the install: " in error
    assert restored.run("runtime", "verify").returncode == 1
    assert restored.run("runtime", "doctor").returncode == 1


def test_an_answer_that_was_kept_is_found_again(
    restored: Ktx, warehouse: Path, library: Path, tmp_path: Path
) -> None:
    """A copy is the same planner: what it answered stays true."""
    restored.extra |= {"KTX_NO_CACHE": "", "KTX_CACHE_DIR": str(tmp_path / "cache")}
    restored.ok(*query(warehouse))
    entries = restored.json("cache", "status", "--json")["parts"]
    copy(restored.runtime_root, library)
    # Through the runtime, which remembers where libpython is now.
    restored.ok(*query(warehouse, "--no-cache"))
    restored.ok(*query(warehouse))
    assert restored.json("cache", "status", "--json")["parts"] == entries
