"""No package around the program, no /proc, no current folder, no package index."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from harness import LIMIT_SECONDS, Ktx, query
from mounts import ROOT_USER
from package_index import package_index


def test_a_program_without_its_package_says_so(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """As after `cp bin/ktx ~/bin`: a repair could not help."""
    (tmp_path / "bin").mkdir()
    ready.binary = Path(shutil.copy(ready.binary, tmp_path / "bin" / "ktx"))
    error, fix = ready.fails(*query(warehouse)).splitlines()
    plugins = tmp_path / "plugins"
    assert error == f"This ktx has no interpreter plugins: there is nothing in {plugins}"
    assert fix == (
        "Fix: Keep bin/ktx in its package: link to it (ln -s) instead of copying it, "
        "or reinstall ktx"
    )


@pytest.mark.skipif(os.geteuid() != ROOT_USER, reason="only root hides /proc")
def test_without_proc_ktx_finds_its_own_files(ready: Ktx, warehouse: Path) -> None:
    """As in a chroot or a build sandbox."""
    script = 'mount -t tmpfs tmpfs /proc && exec "$@"'
    words = [str(word) for word in (ready.binary, *query(warehouse, "--execute"))]
    result = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", *words],
        env=ready.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert '"rows": [' in result.stdout


def test_a_current_folder_that_is_gone_is_named(ready: Ktx, tmp_path: Path) -> None:
    """Not "No ktx.yaml in " with nothing behind it."""
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    command = ["sh", "-c", script, "sh", str(gone), str(ready.binary)]
    listed = subprocess.run(
        [*command, "sl", "list"],
        env=ready.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert (listed.returncode, listed.stdout) == (1, "")
    assert listed.stderr.splitlines() == [
        "The current folder is gone: it was removed or moved",
        "Fix: Change to a folder that is there, or name the project's with --project-dir",
    ]


def test_what_answers_and_is_no_index_is_named(fresh: Ktx, tmp_path: Path) -> None:
    """As a captive portal: every page is a page, and none has a package. Secrets stay out of it."""
    fresh.extra |= {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_HTTP_RETRIES": "0"}
    with package_index({}) as address:
        secret = address.replace("://", "://ann:secret@")
        fresh.extra |= {"UV_DEFAULT_INDEX": secret, "UV_INDEX_URL": ""}
        _, second, *_, fix = fresh.fails("runtime", "install").splitlines()
    assert second == (
        f"  The package index {address} has not every package, or what answers there is none, "
        "such as a login page"
    )
    assert "UV_DEFAULT_INDEX" in fix
    assert "secret" not in fix
