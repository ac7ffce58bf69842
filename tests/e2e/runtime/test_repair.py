"""A runtime that something happened to: named in one line, mended by the install policy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from golden import expect_message
from harness import Ktx, query

ROWS = [[3]]
MENDED = "The KTX Python runtime cannot be used and is repaired: "


def version_dir(user: Ktx) -> Path:
    """Where this version's runtime is."""
    return Path(user.json("runtime", "status", "--json")["layout"]["versionDir"])


def edit_receipt(user: Ktx, change: Callable[[dict[str, object]], None]) -> None:
    """Rewrites the receipt with a change."""
    path = version_dir(user) / "manifest.json"
    receipt = json.loads(path.read_text())
    change(receipt)
    path.write_text(json.dumps(receipt))


def dangle_python(user: Ktx) -> None:
    """As after the base Python was upgraded away."""
    python = next(version_dir(user).glob("env-*/bin/python"))
    python.unlink()
    python.symlink_to("/nonexistent/python")


def lose_planner(user: Ktx) -> None:
    """A package's file and its byte code are gone; nothing but its import tells."""
    for path in version_dir(user).glob("env-*/lib/python*/site-packages/sqlglot/parser*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in version_dir(user).glob("env-*/lib/python*/site-packages/sqlglot/*/parser.*"):
        path.unlink()


def truncate_byte_code(user: Ktx) -> None:
    """Half of a module's byte code, which Python cannot read."""
    pattern = "env-*/lib/python*/site-packages/sqlglot/__pycache__/generator.*.pyc"
    path = next(version_dir(user).glob(pattern))
    path.write_bytes(path.read_bytes()[:200])


def cut_receipt(user: Ktx) -> None:
    """Half-written, as a receipt never should be."""
    path = version_dir(user) / "manifest.json"
    path.write_text(path.read_text()[:20])


def lose_receipt(user: Ktx) -> None:
    """What is there without a receipt is not a runtime."""
    (version_dir(user) / "manifest.json").unlink()


def other_wheel(user: Ktx) -> None:
    """Installed by another build of the same version."""

    def change(receipt: dict[str, object]) -> None:
        receipt["asset"]["wheel"]["sha256"] = "0" * 64  # type: ignore[index]

    edit_receipt(user, change)


def other_version(user: Ktx) -> None:
    """A folder that was copied from another version."""
    edit_receipt(user, lambda receipt: receipt.update(cliVersion="0.0.7"))


def changed_library(user: Ktx) -> None:
    """Another file in libpython's place, as after a patch upgrade."""

    def change(receipt: dict[str, object]) -> None:
        receipt["interpreter"]["libpython"]["size"] += 1  # type: ignore[index]

    edit_receipt(user, change)


def lose_configuration(user: Ktx) -> None:
    """Without pyvenv.cfg the environment is none."""
    next(version_dir(user).glob("env-*/pyvenv.cfg")).unlink()


FAULTS: dict[Callable[[Ktx], None], tuple[str, set[str]]] = {
    dangle_python: ("Missing Python executable: ", {"runtime", "python", "receipt-files"}),
    lose_planner: ("missing ", {"receipt-files", "interpreter"}),
    truncate_byte_code: ("changed ", {"receipt-files", "interpreter"}),
    cut_receipt: ("Runtime manifest is invalid: ", {"runtime", "receipt"}),
    lose_receipt: ("", {"runtime"}),
    other_wheel: ("Runtime was installed from another wheel", {"runtime", "version"}),
    other_version: ("Runtime is for CLI 0.0.7, current CLI is ", {"runtime", "version"}),
    changed_library: (
        "Python's shared library is gone or has changed since the install: ",
        {"runtime", "libpython"},
    ),
    lose_configuration: ("missing ", {"receipt-files"}),
}


def failing(user: Ktx) -> set[str]:
    """The ids of the doctor's failing checks; each must say how it is mended."""
    checks = json.loads(user.run("runtime", "doctor", "--json").stdout)["checks"]
    assert all(check["fix"] for check in checks if check["status"] == "fail")
    return {check["id"] for check in checks if check["status"] == "fail"}


@pytest.mark.parametrize("damage", FAULTS, ids=lambda damage: damage.__name__)
def test_a_query_mends_what_it_finds(
    restored: Ktx, warehouse: Path, damage: Callable[[Ktx], None]
) -> None:
    """Named by doctor and verify; a query without consent says how, one with consent mends it."""
    damage(restored)
    words, ids = FAULTS[damage]
    assert ids <= failing(restored)
    assert restored.run("runtime", "verify").returncode == 1
    plain = restored.run(*query(warehouse, "--execute"))
    if plain.returncode != 0:
        assert plain.stdout == ""
        expect_message(restored, f"damage-{damage.__name__}", restored.home, plain.stderr)
        assert "ktx runtime install --yes" in plain.stderr
        result = restored.run(*query(warehouse, "--execute", "--yes"))
        assert (result.returncode, json.loads(result.stdout)["rows"]) == (0, ROWS), result.stderr
        mended = [line for line in result.stderr.splitlines() if line.startswith(MENDED)]
        assert len(mended) == (1 if words else 0)
        assert not words or mended[0].startswith(MENDED + words)
    else:  # CPython 3.13 and ktx need no pyvenv.cfg
        assert json.loads(plain.stdout)["rows"] == ROWS
        restored.ok("runtime", "repair")
    assert failing(restored) == set()
    assert restored.run(*query(warehouse, "--execute")).stderr == ""


def test_repair_mends_on_demand_and_says_what_was_wrong(restored: Ktx, warehouse: Path) -> None:
    """Nothing to do is said too, and a runtime that is not there is installed."""
    assert restored.ok("runtime", "repair").startswith(
        "Nothing to repair in the KTX Python runtime\n"
    )
    assert restored.json("runtime", "repair", "--json")["state"] == "ready"
    truncate_byte_code(restored)
    lines = restored.ok("runtime", "repair").splitlines()
    assert lines[0] == "Repaired KTX Python runtime"
    assert lines[1].startswith("damage: changed ")
    assert restored.json(*query(warehouse, "--execute"))["rows"] == ROWS
    lose_configuration(restored)
    answer = restored.json("runtime", "repair", "--json")
    assert (answer["state"], answer["damage"].split()[0]) == ("repaired", "missing")
    shutil.rmtree(restored.runtime_root)
    assert restored.ok("runtime", "repair").startswith("Installed KTX Python runtime\n")


def test_what_nobody_installed_is_found(restored: Ktx) -> None:
    """A start-up hook in the environment runs in its python and its scripts."""
    site = next(version_dir(restored).glob("env-*/lib/python*/site-packages"))
    hook = site / "hook.pth"
    hook.write_text("import os\n")
    verification = json.loads(restored.run("runtime", "verify", "--json").stdout)
    assert verification["differences"] == [{"subject": "file", "detail": f"added {hook}"}]
    assert failing(restored) == {"receipt-files"}
    restored.ok("runtime", "install", "--yes")
    assert not hook.exists()
    assert restored.json("runtime", "verify", "--json")["intact"]


def test_a_runtime_that_cannot_be_mended_is_not_tried_for_ever(
    user: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """With ktx's own wheel damaged there is nothing to mend with: one error that says so."""
    user.ok("runtime", "install", "--yes")
    lose_planner(user)
    wheel = next((tmp_path / "package" / "assets" / "python").glob("*.whl"))
    wheel.write_bytes(b"damaged")
    error = user.fails(*query(warehouse, "--execute", "--yes"))
    assert f"Bundled Python runtime wheel checksum mismatch: {wheel}\n" in error
    assert error.endswith("Fix: Reinstall ktx: its bundled wheel is missing or damaged\n")
