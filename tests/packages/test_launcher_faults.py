"""What the launchers say where ktx cannot start: the true cause, and what helps against that."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import UV
from installed import Person, described, packed, tool

PLATFORM = "@kaelio/ktx-linux-x64-gnu"
MUSL = Path("/lib/ld-musl-x86_64.so.1")
BUSYBOX = Path("/bin/busybox")
NEEDS = f"ktx needs glibc {described()['glibc']} or later; this system has"
IMAGE = (
    "Fix: Use a system with glibc: an image of Debian, Ubuntu or Fedora,"
    " as node:24-slim in the place of node:24-alpine\n"
)


def by_npm(person: Person) -> Path:
    """A dependency of the project; returns the program."""
    person.does("npm", "install", *packed("npm"))
    person.command = (str(person.folder / "node_modules" / ".bin" / "ktx"),)
    return person.folder / "node_modules" / PLATFORM / "bin" / "ktx"


def by_yarn_like(person: Person) -> Path:
    """The same, started by Node.js."""
    program = by_npm(person)
    person.command = ("node", *person.command)
    return program


def by_wheel(person: Person) -> Path:
    """An environment of Python."""
    environment = person.folder / "environment"
    person.does(UV, "venv", "--no-config", environment)
    install = (UV, "pip", "install", "--no-config", "--offline", "--link-mode", "copy")
    person.does(*install, "--python", environment / "bin" / "python", packed("wheel")[0])
    person.command = (str(environment / "bin" / "ktx"),)
    return next(environment.glob("lib/python*/site-packages/kaelio_ktx_cli/ktx/bin/ktx"))


def by_module(person: Person) -> Path:
    """The same, started by Python."""
    program = by_wheel(person)
    person.command = (str(person.folder / "environment/bin/python"), "-m", "kaelio_ktx_cli")
    return program


EVERY_WAY = [by_npm, by_yarn_like, by_wheel, by_module]


@pytest.mark.parametrize("install", EVERY_WAY)
def test_a_lost_mode(person: Person, install: Callable[[Person], Path]) -> None:
    """As after actions/upload-artifact, or in a zip: the Fix mends it."""
    program = install(person)
    program.chmod(0o644)
    words = person.fails("--version")
    assert words.startswith(f"{program} is not executable: its mode was lost when it was copied.\n")
    fix = re.search(r"^Fix: Run: (.*)$", words, re.MULTILINE)
    assert fix, words
    person.does("/bin/sh", "-c", fix[1])
    assert person.ok("--version").strip() == described()["version"]


@pytest.mark.parametrize("install", [by_wheel, by_module])
def test_a_damaged_wheel(person: Person, install: Callable[[Person], Path]) -> None:
    """Without the program: one line that names it, and one that says what to do."""
    program = install(person)
    program.unlink()
    words = person.fails("--version").splitlines()
    assert words[0] == f"There is no {program}: the package kaelio-ktx-cli is damaged."
    assert words[1].startswith("Fix: Install kaelio-ktx-cli again: ")
    assert len(words) == 2


@pytest.fixture
def alpine(tmp_path: Path) -> Path:
    """The root of a system with musl and busybox, and with no ldd, as hardened images are."""
    if shutil.which("dpkg-query") is None:
        pytest.skip("musl and busybox are those of Debian's packages")
    root = tmp_path / "alpine"
    for folder in ("bin", "lib"):
        (root / folder).mkdir(parents=True)
    shutil.copy(BUSYBOX, root / "bin" / "busybox")
    shutil.copy(MUSL.resolve(), root / "lib" / MUSL.name)
    for applet in ("cat", "grep", "ls", "readlink", "sh", "uname"):
        (root / "bin" / applet).symlink_to("busybox")
    return root


def inside(root: Path, *command: str) -> str:
    """What a command says that must fail with 1 in a system of its own."""
    change = [tool("chroot")] if os.geteuid() == 0 else ["unshare", "--map-root-user", "chroot"]
    result = subprocess.run(
        [*change, root, *command],
        env={"PATH": "/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, ""), result
    return result.stderr


def test_modules_of_glibc_on_alpine(person: Person, alpine: Path) -> None:
    """node_modules of a stage with glibc, then without the program, as npm of Alpine leaves it."""
    program = by_npm(person)
    shutil.copytree(person.folder / "node_modules", alpine / "node_modules", symlinks=True)
    assert inside(alpine, "/node_modules/.bin/ktx", "--version") == f"{NEEDS} musl.\n{IMAGE}"
    (alpine / program.relative_to(person.folder)).unlink()
    assert inside(alpine, "/node_modules/.bin/ktx", "--version") == f"{NEEDS} musl.\n{IMAGE}"


def test_an_environment_of_glibc_on_alpine(person: Person, alpine: Path) -> None:
    """The wheel's launcher says the same."""
    by_wheel(person)
    shutil.copytree(person.folder / "environment", alpine / "environment", symlinks=True)
    assert inside(alpine, "/environment/bin/ktx", "--version") == f"{NEEDS} musl.\n{IMAGE}"


def test_a_system_with_neither(person: Person, alpine: Path) -> None:
    """As NixOS, which has its loader elsewhere."""
    by_npm(person)
    (alpine / "lib" / MUSL.name).unlink()
    shutil.copytree(person.folder / "node_modules", alpine / "node_modules", symlinks=True)
    words = inside(alpine, "/node_modules/.bin/ktx", "--version")
    assert words.startswith(f"{NEEDS} none at /lib64/ld-linux-x86-64.so.2.\nFix: ")
    assert "nix-ld" in words


def test_musl_beside_glibc_is_not_blamed(person: Person, alpine: Path) -> None:
    """Debian has a package of it: a missing program is missing there for another reason."""
    program = by_npm(person)
    shutil.copytree(person.folder / "node_modules", alpine / "node_modules", symlinks=True)
    shutil.rmtree(alpine / program.relative_to(person.folder).parents[1])
    (alpine / "lib64").mkdir()
    (alpine / "lib64" / "ld-linux-x86-64.so.2").touch()
    assert f"The package {PLATFORM}" in inside(alpine, "/node_modules/.bin/ktx", "--version")


def test_a_file_system_without_programs(person: Person, tmp_path: Path) -> None:
    """Mounted noexec, which only root may do: chmod would not help."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts")
    program = by_npm(person)
    shelf = program.parents[1]
    words = subprocess.run(
        [
            *["unshare", "--mount", "/bin/sh", "-c"],
            'mount --bind "$1" "$1" && mount -o remount,bind,noexec "$1" && shift && exec "$@"',
            *["sh", str(shelf), *person.command, "--version"],
        ],
        env=person.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert words.returncode == 1
    assert words.stderr.startswith(
        f"This user may not run {program}, or its file system is mounted noexec.\nFix: "
    )
    assert str(tmp_path) in words.stderr
