"""LD_LIBRARY_PATH with other libraries, as conda and environment modules set it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import Ktx, minors, pyenv_root, query
from small_package import SERVER_PACKAGES, small_package

FIX = "Unset LD_LIBRARY_PATH, which puts other libraries into ktx, and run the command again"


def takes_openssl_from_the_system(minor: str) -> bool:
    """Whether the dynamic loader looks for the OpenSSL of this Python; others carry their own."""
    python = pyenv_root() / "versions" / minor / "bin" / f"python{minor}"
    code = "import _ssl; print(getattr(_ssl, '__file__', ''))"
    module = subprocess.check_output([python, "-c", code], text=True).strip()
    return bool(module) and "libssl.so.3 => /" in subprocess.check_output(
        ["ldd", module], text=True
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Ktx:
    """A user with a runtime that can serve, of a Python to which another OpenSSL matters."""
    fit = [minor for minor in minors() if takes_openssl_from_the_system(minor)]
    if not fit:
        pytest.skip(f"each Python that is tested carries its own OpenSSL: {', '.join(minors())}")
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "home").mkdir()
    binary = small_package(folder / "package", SERVER_PACKAGES)
    user = Ktx(home=folder / "home", runtime_root=folder / "root", binary=binary)
    user.ok("runtime", "install", "--yes", "--python", fit[-1])
    return user


@pytest.fixture
def misled(installed: Ktx, tmp_path: Path) -> Iterator[Ktx]:
    """A user whose variable leads to an OpenSSL that is none; the runtime itself is sound."""
    compiler = shutil.which("cc")
    assert compiler, "the tests are built with one"
    folder = tmp_path / "modules"
    folder.mkdir()
    for name in ("libssl.so.3", "libcrypto.so.3"):
        command = [compiler, "-shared", "-x", "c", "/dev/null", f"-Wl,-soname,{name}", "-o", name]
        subprocess.run(command, cwd=folder, check=True)
    installed.extra["LD_LIBRARY_PATH"] = str(folder)
    yield installed
    del installed.extra["LD_LIBRARY_PATH"]  # the user is shared between tests


def test_the_way_out_is_to_unset_it(misled: Ktx, warehouse: Path) -> None:
    """A reinstall cannot help: nothing installed is at fault, and a repair says so at once."""
    assert misled.run(*query(warehouse, "--execute")).returncode == 0
    doctor = misled.run("runtime", "doctor")
    assert doctor.returncode == 1
    lines = doctor.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("FAIL "))
    assert lines[at].endswith("(without LD_LIBRARY_PATH it works)")
    assert lines[at + 1] == f"  Fix: {FIX}"
    assert f"Fix: {FIX}\n" in misled.run("runtime", "verify").stdout
    repair = misled.fails("runtime", "repair")
    assert repair.endswith(f"Fix: {FIX}\n")
    assert "The new Python runtime" not in repair, "none was made"


def test_a_daemon_that_does_not_start_says_why_once(misled: Ktx) -> None:
    """One copy of the message, one of the fix."""
    error = misled.fails("runtime", "start")
    first, *details, fix = error.splitlines()
    assert first.startswith("The KTX Python daemon did not start: Cannot import ")
    assert fix.startswith(f"Fix: {FIX}")
    reason = first.removeprefix("The KTX Python daemon did not start: ")
    assert not [line for line in details if reason in line or "Fix:" in line], error
