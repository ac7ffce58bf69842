"""Each thing that can be wrong on a user's machine gives one clear error and its exit code."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from harness import Ktx, copy_package, query


def flip_a_bit(path: Path) -> None:
    """Changes one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_flipped_bit_in_the_wheel_is_found_before_anything_is_made(
    fresh: Ktx, tmp_path: Path
) -> None:
    """Nothing is installed from it, and nothing is left behind."""
    fresh.binary = copy_package(tmp_path / "package")
    wheel = next((tmp_path / "package" / "assets" / "python").glob("*.whl"))
    flip_a_bit(wheel)
    error = fresh.fails("runtime", "install", "--yes")
    assert error.splitlines()[0] == f"Bundled Python runtime wheel checksum mismatch: {wheel}"
    assert fresh.json("runtime", "status", "--json")["kind"] == "missing"


def test_a_flipped_bit_in_the_locked_requirements_is_found(fresh: Ktx, tmp_path: Path) -> None:
    """The lock decides what is installed, so it is verified like the wheel."""
    fresh.binary = copy_package(tmp_path / "package")
    lock = tmp_path / "package" / "assets" / "python" / "requirements-core.txt"
    flip_a_bit(lock)
    assert str(lock) in fresh.fails("runtime", "install", "--yes")


def test_a_missing_uv_says_how_to_go_on(fresh: Ktx, tmp_path: Path) -> None:
    """The contract's sentence; the working runtime, here none, is not touched."""
    empty = tmp_path / "empty"
    empty.mkdir()
    fresh.extra |= {"KTX_UV": "", "PATH": str(empty)}
    error = fresh.fails("runtime", "install", "--yes", "--offline")
    assert error.startswith(
        "uv is required to install the KTX Python runtime. "
        "Install uv and retry: ktx runtime install --yes\n"
    )


def test_a_python_that_is_too_old_is_refused_by_name(fresh: Ktx, tmp_path: Path) -> None:
    """What was found and why it does not fit."""
    old = tmp_path / "python3.8"
    old.write_text('#!/bin/sh\necho "SyntaxError: this is a Python from long ago" >&2\nexit 1\n')
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    real = sorted(pyenv.glob("versions/3.[6-9].*/bin/python3"))
    if real:
        old.unlink()
        old.symlink_to(real[-1])
    else:
        old.chmod(old.stat().st_mode | stat.S_IXUSR)
    error = fresh.fails("runtime", "install", "--yes", "--python", old)
    assert str(old) in error or str(old.resolve()) in error
    assert fresh.json("runtime", "status", "--json")["kind"] == "missing"


def test_a_libpython_that_is_gone_is_named(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """A Python that was removed after the install: named, with the command that mends it."""
    status = ready.json("runtime", "status", "--json")
    version = Path(status["layout"]["versionDir"])
    ready.runtime_root = tmp_path / "root"
    copy = ready.runtime_root / version.name
    copy.mkdir(parents=True)
    for entry in version.iterdir():
        (copy / entry.name).symlink_to(entry)
    receipt = json.loads((version / "manifest.json").read_text())
    receipt["interpreter"]["libpython"]["path"] = "/nonexistent/libpython3.13.so.1.0"
    (copy / "manifest.json").unlink()
    (copy / "manifest.json").write_text(json.dumps(receipt))
    error = ready.fails(*query(warehouse))
    assert "/nonexistent/libpython3.13.so.1.0" in error
    assert "ktx runtime install --yes" in error


def test_a_typo_in_the_yaml_is_shown_where_it_is(ready: Ktx, warehouse: Path) -> None:
    """file:line:column, what is wrong, what was meant."""
    source = warehouse / "semantic-layer" / "warehouse" / "orders.yaml"
    source.write_text(source.read_text().replace("measures:", "mesures:"))
    error = ready.fails(*query(warehouse))
    assert 'orders.yaml:8:1: error: unknown key "mesures"' in error
    assert 'did you mean "measures"?' in error


def test_an_unknown_measure_is_answered_with_the_nearest(ready: Ktx, warehouse: Path) -> None:
    """Did you mean."""
    error = ready.fails(
        "sl", "query", "--measure", "orders.order_cuont", "--project-dir", warehouse
    )
    assert "orders.order_cuont" in error
    assert "Did you mean order_count?" in error


def test_without_consent_nothing_is_installed(fresh: Ktx, warehouse: Path) -> None:
    """No terminal to ask on: the exact command, exit 1, nothing made."""
    error = fresh.fails(*query(warehouse))
    assert error == "The KTX Python runtime is not installed. Run: ktx runtime install --yes\n"
    assert fresh.fails(*query(warehouse, "--no-input")) == error
    assert not fresh.runtime_root.exists()


def test_yes_and_no_input_together_are_a_usage_error(fresh: Ktx, warehouse: Path) -> None:
    """The message, then the help."""
    error = fresh.fails(*query(warehouse, "--yes", "--no-input"), code=2)
    assert error.startswith("Choose only one runtime install mode: --yes or --no-input\n")


def test_a_relative_runtime_root_is_a_usage_error(fresh: Ktx) -> None:
    """It would mean another runtime in every folder."""
    fresh.extra["KTX_RUNTIME_ROOT"] = "relative/root"
    error = fresh.fails("runtime", "status", code=2)
    assert "KTX_RUNTIME_ROOT" in error
    assert "absolute" in error


def test_a_database_that_is_not_there_is_not_created(ready: Ktx, warehouse: Path) -> None:
    """SQLite would make an empty one."""
    database = warehouse / "warehouse.db"
    database.unlink()
    assert str(database) in ready.fails(*query(warehouse, "--execute"))
    assert not database.exists()


def test_outside_a_project_the_way_in_is_shown(ready: Ktx, tmp_path: Path) -> None:
    """No ktx.yaml from here upwards."""
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    result = ready.run("sl", "query", "--measure", "orders.order_count", cwd=nowhere)
    assert (result.returncode, result.stdout) == (1, "")
    assert "ktx.yaml" in result.stderr


def test_a_full_disk_on_stdout_is_an_error(ready: Ktx, warehouse: Path) -> None:
    """Half an answer must not look like one."""
    with Path("/dev/full").open("w") as full:
        result = ready.run(*query(warehouse), stdout=full)
    assert result.returncode == 1
    assert "No space left on device" in result.stderr


def test_a_reader_that_goes_away_ends_the_command_quietly(ready: Ktx, warehouse: Path) -> None:
    """As `ktx … | head -0` does."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = ready.run(*query(warehouse), stdout=writer)
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (141, "")
