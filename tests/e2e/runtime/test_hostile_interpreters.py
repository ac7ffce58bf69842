"""Pythons that cannot be embedded, and what became of one after the install: a message for each."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_python import fake_python, real_answer, script
from golden import expect_message
from harness import ALL_PYTHONS, Ktx, minors, pyenv_root, query
from small_package import small_package

Make = Callable[[Path], Path]


def library_of(make: Callable[[Path], object]) -> Make:
    """A Python whose shared library is what `make` puts there."""

    def python(folder: Path) -> Path:
        library = folder / "lib" / "libpython.so.1.0"
        library.parent.mkdir()
        make(library)
        return fake_python(folder / "python3", libraries=[str(library)])

    return python


def foreign_machine(library: Path) -> None:
    """The real library with the machine in its ELF header changed (to AArch64 or x86-64)."""
    data = bytearray(Path(real_answer()["libraries"][0]).read_bytes())
    data[18:20] = b"\x3e\x00" if data[18] == 0xB7 else b"\xb7\x00"
    library.write_bytes(data)


def cut_short(library: Path) -> None:
    """The first page of the real library."""
    library.write_bytes(Path(real_answer()["libraries"][0]).read_bytes()[:4096])


def loaded_library(name: str) -> str:
    """A library that this process has loaded."""
    maps = Path("/proc/self/maps").read_text().split()
    return next(word for word in maps if f"/{name}" in word)


def answering(**changes: object) -> Make:
    """A Python that answers like a sound one but for `changes`."""
    return lambda folder: fake_python(folder / "python3", **changes)


PYTHONS: dict[str, Make] = {
    "library-missing": library_of(lambda path: None),
    "library-dangling": library_of(lambda path: path.symlink_to("/nonexistent/libpython.so")),
    "library-empty": library_of(lambda path: path.write_bytes(b"")),
    "library-text": library_of(lambda path: path.write_text("This is no library.\n")),
    "library-foreign-machine": library_of(foreign_machine),
    "library-cut-short": library_of(cut_short),
    "library-of-something-else": library_of(
        lambda path: path.symlink_to(loaded_library("libc.so"))
    ),
    "no-shared-library": answering(libraries=[]),
    "free-threaded": answering(freeThreaded=True),
    "debug-build": answering(debug=True),
    "pypy": answering(implementation="pypy"),
    "too-old": answering(version="3.10.4", numbers=[3, 10, 4]),
    "too-new": answering(version="3.99.0", numbers=[3, 99, 0]),
    "crashes": lambda folder: script(folder / "python3", "kill -SEGV $$"),
    "prints-rubbish": lambda folder: script(folder / "python3", "echo welcome to python"),
    "missing-program": lambda folder: script(folder / "python3", "#").parent / "README",
    "half-an-answer": lambda folder: script(folder / "python3", 'echo \'{"version": "3.13.0"}\''),
}


@pytest.mark.parametrize("name", PYTHONS)
def test_each_unfit_python_is_rejected_for_its_reason(
    fresh: Ktx, tmp_path: Path, name: str
) -> None:
    """Named, with the reason; nothing is made and nothing is loaded into ktx."""
    folder = tmp_path / "py"
    folder.mkdir()
    python = PYTHONS[name](folder)
    error = fresh.fails("runtime", "install", "--offline", "--python", python)
    expect_message(fresh, f"python-{name}", folder, error)
    assert not (fresh.runtime_root / ".ktx" / "tools").exists()
    assert fresh.json("runtime", "status", "--json")["kind"] == "missing"


def test_a_python_is_used_where_it_is_installed(user: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """A link to it, as in /usr/local/bin, has no standard library beside it."""
    home = pyenv_root() / "versions" / minors()[-1]
    link = tmp_path / "bin" / "some-python"
    link.parent.mkdir()
    link.symlink_to((home / "bin" / "python3").resolve())
    user.ok("runtime", "install", "--yes", "--force", "--python", link)
    used = Path(
        user.json("runtime", "status", "--json")["manifest"]["interpreter"]["baseExecutable"]
    )
    assert used.parent == home.resolve() / "bin"
    assert used.samefile(link)
    assert user.ok(*query(warehouse, "--execute"))


def test_what_was_found_is_listed_when_nothing_fits(fresh: Ktx, tmp_path: Path) -> None:
    """Every Python that was looked at, with the reason for each."""
    fake_python(tmp_path / "one" / "python3.98", debug=True)
    fake_python(tmp_path / "two" / "python3.98", libraries=[])
    script(tmp_path / "three" / "python3.98", "exit 3")
    fresh.extra["PATH"] = ":".join(str(tmp_path / name) for name in ("one", "two", "three"))
    fresh.extra["KTX_PYTHON"] = "python3.98"
    error = fresh.fails("runtime", "install", "--offline")
    expect_message(fresh, "pythons-rejected", tmp_path, error)
    fresh.extra["KTX_PYTHON"] = "python3.97"
    expect_message(fresh, "python-not-found", tmp_path, fresh.fails("runtime", "install"))


@pytest.fixture
def user(user: Ktx) -> Ktx:
    """With the runtime installed."""
    user.ok("runtime", "install", "--yes")
    return user


def receipt_path(user: Ktx) -> Path:
    """The receipt of the installed runtime."""
    return Path(user.json("runtime", "status", "--json")["layout"]["manifestPath"])


ASK_LIBRARY = (
    "import sys, sysconfig; name = sysconfig.get_config_var('INSTSONAME');"
    "print(sys.version_info[1], sys.base_prefix + '/lib/' + name)"
)


def another_library(folder: Path) -> str | None:
    """A libpython of another minor version than the real one, if this machine has one."""
    for python in sorted(ALL_PYTHONS.glob("versions/*/bin/python3")):
        command = [str(python), "-c", ASK_LIBRARY]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        minor, library = answer.split()
        if int(minor) != real_answer()["numbers"][1] and Path(library).exists():
            return str(shutil.copy(library, folder))
    return None


def test_a_library_of_another_version_is_refused_not_run(
    user: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """The receipt names it with the right identity: only its own word tells."""
    library = another_library(tmp_path)
    assert library is not None, "the machine has two fit Pythons"
    receipt = json.loads(receipt_path(user).read_text())
    stat = Path(library).stat()
    receipt["interpreter"]["libpython"] = {
        "path": library,
        "inode": stat.st_ino,
        "size": stat.st_size,
        "mtimeNs": stat.st_mtime_ns,
    }
    receipt_path(user).write_text(json.dumps(receipt))
    error = user.fails(*query(warehouse)).replace(str(tmp_path), "<folder>")
    assert "Cannot load the Python library <folder>/libpython3" in error
    assert f"not {real_answer()['version']}" in error
    assert error.splitlines()[-1] == "Fix: Run: ktx runtime repair"
    assert user.ok("runtime", "repair").startswith("Repaired KTX Python runtime\n")
    user.ok(*query(warehouse))


def test_a_library_put_before_ours_is_refused(user: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Two interpreters in one process would call into each other."""
    library = another_library(tmp_path)
    assert library is not None
    user.extra["LD_PRELOAD"] = library
    error = user.fails(*query(warehouse)).replace(str(tmp_path), "<folder>")
    assert error.startswith(
        "This process already holds another Python library: <folder>/libpython3"
    )
    assert "unset LD_PRELOAD" in error.splitlines()[-1]
    checks = json.loads(user.run("runtime", "doctor", "--json").stdout)["checks"]
    assert {"interpreter": "fail", "environment": "warn"}.items() <= {
        check["id"]: check["status"] for check in checks
    }.items()


def test_a_library_path_changes_nothing(user: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """The library is loaded by its path, whatever the loader would look for first."""
    expected = user.ok(*query(warehouse))
    assert another_library(tmp_path) is not None
    user.extra["LD_LIBRARY_PATH"] = str(tmp_path)
    assert user.ok(*query(warehouse)) == expected


CONFIGURATIONS: dict[str, Callable[[bytes], bytes | None]] = {
    "absent": lambda text: None,
    "empty": lambda text: b"",
    "wrong-home": lambda text: b"home = /nonexistent/bin\n",
    "crlf": lambda text: text.replace(b"\n", b"\r\n"),
    "no-spaces": lambda text: text.replace(b" = ", b"="),
    "minor-version-only": lambda text: text + b"version_info = 3.13\n",
    "version-instead": lambda text: text.replace(b"version_info", b"version"),
    "not-utf8": lambda text: text + b"prompt = \xff\xfe\n",
    "system-packages": lambda text: text.replace(b"= false", b"= true"),
}


@pytest.mark.parametrize("minor", sorted({minors()[0], minors()[-1]}))
def test_a_changed_configuration_is_found_and_never_crashes(
    fresh: Ktx, warehouse: Path, tmp_path: Path, minor: str
) -> None:
    """Up to Python 3.12 it decides where the standard library is; verify names each change."""
    fresh.binary = small_package(tmp_path / "package")
    fresh.ok("runtime", "install", "--python", minor)
    expected = fresh.ok(*query(warehouse))
    file = next(receipt_path(fresh).parent.glob("env-*/pyvenv.cfg"))
    sound = file.read_bytes()
    for change in CONFIGURATIONS.values():
        changed = change(sound)
        file.unlink()
        if changed is not None:
            file.write_bytes(changed)
        result = fresh.run(*query(warehouse))
        if result.returncode == 0:
            assert (result.stdout, result.stderr) == (expected, "")
        else:
            assert (result.returncode, result.stdout) == (1, "")
            assert "pyvenv.cfg" in result.stderr
            assert "Fix: Run: ktx runtime install --yes" in result.stderr
        if changed != sound:
            differences = json.loads(fresh.run("runtime", "verify", "--json").stdout)["differences"]
            assert {"subject": "file", "detail": differences[0]["detail"]} == differences[0]
            assert str(file) in differences[0]["detail"]
        file.write_bytes(sound)
    assert fresh.run("runtime", "verify").returncode == 0
