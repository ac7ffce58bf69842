"""Runtime roots on every kind of place: each works, or one message says why not and what to do."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from golden import expect_message
from harness import Ktx, copy_package, query
from mounts import ROOT_USER, run_in_mount

NOBODY = 65534


def writable_by_others(root: Path) -> list[Path]:
    """Everything below that somebody else than its owner may write to."""
    entries = (entry for entry in root.rglob("*") if not entry.is_symlink())
    return [entry for entry in entries if entry.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("ro", "its file system is mounted read-only"),
        ("noexec", "its file system is mounted noexec"),
        ("size=9m", "Not enough room for the KTX Python runtime"),
        ("size=600m,nr_inodes=100", "Not enough inodes for the KTX Python runtime"),
    ],
)
def test_a_mount_that_does_not_fit_is_named_before_anything_is_made(
    fresh: Ktx, tmp_path: Path, options: str, message: str
) -> None:
    """Each with its own message; the way out is another root."""
    point = tmp_path / "mounted"
    fresh.runtime_root = point / "root"
    result = run_in_mount(fresh, point, options, "runtime", "install")
    assert (result.returncode, result.stdout) == (1, "")
    expect_message(fresh, f"place-{options.split(',')[-1].split('=')[0]}", tmp_path, result.stderr)
    error, fix = result.stderr.splitlines()
    assert message in error
    assert str(point) in error
    assert "KTX_RUNTIME_ROOT" in fix


def test_a_disk_that_fills_up_meanwhile_is_named(fresh: Ktx, tmp_path: Path) -> None:
    """Here uv's cache is on one that is too small for the packages."""
    cache = tmp_path / "cache"
    fresh.extra["UV_CACHE_DIR"] = str(cache)
    result = run_in_mount(fresh, cache, "size=1m", "runtime", "install")
    assert result.returncode == 1
    first, second, *_, fix = result.stderr.splitlines()
    assert first.startswith("Python runtime install failed. Install log: ")
    assert second == "  The disk is full (No space left on device)"
    assert "UV_CACHE_DIR" in fix


def test_a_file_system_without_locks_is_named(fresh: Ktx) -> None:
    """As some network ones are."""
    command = ["strace", "-f", "-o", "/dev/null", "-e", "trace=flock"]
    command += ["-e", "inject=flock:error=ENOLCK", str(fresh.binary), "runtime", "install"]
    result = subprocess.run(
        command, env=fresh.environment(), capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    expect_message(fresh, "place-without-locks", fresh.home, result.stderr)
    error, fix = result.stderr.splitlines()
    assert error.endswith("No locks available (its file system does not support locks)")
    assert "KTX_RUNTIME_ROOT" in fix
    assert "local disk" in fix


@pytest.fixture
def public(fresh: Ktx) -> Iterator[Path]:
    """A folder that everybody can read, with a ktx in it."""
    with tempfile.TemporaryDirectory(prefix="ktx-public-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        fresh.binary = copy_package(folder / "package")
        yield folder


def test_a_folder_of_somebody_else_is_named(fresh: Ktx, public: Path) -> None:
    """No permission is another thing than a read-only file system."""
    theirs = public / "theirs"
    theirs.mkdir(mode=0o555)
    fresh.runtime_root = theirs / "root"
    fresh.extra |= {"KTX_UV": "", "PATH": str(theirs)}
    identity = {"user": NOBODY, "group": NOBODY} if os.geteuid() == ROOT_USER else {}
    result = fresh.run("runtime", "install", cwd=public, **identity)
    assert result.returncode == 1
    expect_message(fresh, "place-of-somebody-else", public, result.stderr)
    error, fix = result.stderr.splitlines()
    root = f"{theirs}/root (from KTX_RUNTIME_ROOT)"
    assert error == f"Cannot make {root}: {theirs} is not writable"
    assert "KTX_RUNTIME_ROOT" in fix


def test_a_line_break_in_the_root_is_a_usage_error(fresh: Ktx, tmp_path: Path) -> None:
    """It would be torn apart by scripts and logs."""
    fresh.runtime_root = tmp_path / "two\nlines"
    for command in ("install", "status", "doctor"):
        error = fresh.fails("runtime", command, code=2)
        assert error.startswith("KTX_RUNTIME_ROOT must not have a line break in it\n")


def test_a_name_that_is_too_long_is_named(fresh: Ktx, tmp_path: Path) -> None:
    """More than the 255 bytes that file systems allow."""
    fresh.runtime_root = tmp_path / ("x" * 300)
    message = fresh.fails("runtime", "install")
    expect_message(fresh, "place-with-a-long-name", tmp_path, message)
    error, fix = message.splitlines()
    assert error.endswith("File name too long")
    assert "KTX_RUNTIME_ROOT to a shorter path" in fix
    assert "File name too long" in fresh.json("runtime", "status", "--json")["detail"]
    assert "File name too long" in fresh.run("runtime", "doctor").stdout


def test_without_home_the_user_database_tells(fresh: Ktx) -> None:
    """As in a service or a container."""
    fresh.extra |= {"HOME": "", "KTX_RUNTIME_ROOT": "", "XDG_DATA_HOME": ""}
    root = fresh.json("runtime", "status", "--json")["layout"]["runtimeRoot"]
    assert root.startswith(pwd.getpwuid(os.geteuid()).pw_dir)


@pytest.mark.parametrize("name", ["C#", "a; b", "${HOME}", "x,y ?%20*:[z]@~&|'\""])
def test_no_character_of_the_root_means_anything(
    user: Ktx, warehouse: Path, tmp_path: Path, name: str
) -> None:
    """To uv a path is a requirement; to SQLite and git it could be an address or a pattern."""
    user.runtime_root = tmp_path / name / "rt"
    user.ok("runtime", "install", "--yes")
    assert user.run("runtime", "verify").returncode == 0
    project = warehouse.rename(tmp_path / name / "project")
    assert user.json(*query(project, "--execute"))["rows"] == [[3]]


def test_a_home_that_does_not_exist_is_named(fresh: Ktx, public: Path) -> None:
    """As system users and containers have; to make / writable would be bad advice."""
    home = public / "nonexistent"
    public.chmod(0o555)
    fresh.home = home
    fresh.extra |= {"KTX_RUNTIME_ROOT": "", "KTX_UV": "", "PATH": str(public), "KTX_NO_CACHE": ""}
    identity = {"user": NOBODY, "group": NOBODY} if os.geteuid() == ROOT_USER else {}
    result = fresh.run("runtime", "install", cwd=public, **identity)
    assert result.returncode == 1
    expect_message(fresh, "place-without-a-home", public, result.stderr)
    error, fix = result.stderr.splitlines()
    root = home / ".local" / "share" / "kaelio" / "ktx" / "runtime"
    assert error == f"Cannot make {root} (from HOME={home}): {public} is not writable"
    assert fix.startswith("Fix: Set KTX_RUNTIME_ROOT to a folder where you may write")
    cache = fresh.run("cache", "status", cwd=public, **identity).stdout.splitlines()
    assert cache[:2] == [
        f"cache: {home}/.cache/ktx",
        f"status: not used: the folder cannot be made: {public} is not writable",
    ]
    public.chmod(0o755)


def test_a_relative_home_makes_nothing_where_ktx_runs(
    ready: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """It would be another folder in every project; the user database tells the right one."""
    ready.extra |= {"HOME": "relhome", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    ready.extra |= {"KTX_NO_CACHE": ""}
    before = sorted(warehouse.rglob("*"))
    assert ready.json(*query(warehouse, "--execute"))["rows"] == [[3]]
    assert ready.run("sl", "list", cwd=warehouse).returncode == 0
    ready.extra |= {"XDG_CACHE_HOME": ""}
    shown = ready.ok("cache", "status", cwd=warehouse).splitlines()[0]
    assert shown == f"cache: {pwd.getpwuid(os.geteuid()).pw_dir}/.cache/ktx"
    made = set(warehouse.rglob("*")) - set(before)
    assert not [path for path in made if "relhome" in str(path)]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_an_odd_root_behind_a_link_works_under_any_umask(
    user: Ktx, warehouse: Path, tmp_path: Path, umask: int
) -> None:
    """Blanks and letters that are not ASCII; and nobody else may change what ktx will load."""
    real = tmp_path / "Räume mit Lücken 日本"
    real.mkdir()
    user.runtime_root = tmp_path / "a link"
    user.runtime_root.symlink_to(real)
    installed = user.run("runtime", "install", umask=umask)
    assert installed.returncode == 0, installed.stderr
    assert writable_by_others(real) == []
    assert user.json("runtime", "status", "--json")["kind"] == "ready"
    assert user.run("runtime", "doctor").returncode == 0
    assert user.json(*query(warehouse, "--execute"))["rows"] == [[3]]
