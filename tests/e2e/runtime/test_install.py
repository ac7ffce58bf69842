"""Installing: once, again, by two at a time, interrupted, and after damage."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from harness import Ktx, query


def leftovers(user: Ktx) -> list[str]:
    """What lies in the version folder beside what belongs there."""
    version = next(entry for entry in user.runtime_root.iterdir() if entry.name != ".ktx")
    receipt = json.loads((version / "manifest.json").read_text())
    expected = {"manifest.json", "install.log", ".venv", receipt["environment"]}
    return sorted({entry.name for entry in version.iterdir()} - expected)


def test_the_second_install_is_the_first(user: Ktx, warehouse: Path) -> None:
    """Seven lines each time; the second does nothing. Then `--force` replaces the environment."""
    lines = user.ok("runtime", "install", "--yes").splitlines()
    keys = [line.split(":")[0] for line in lines]
    assert keys == [
        "Installed KTX Python runtime",
        "version",
        "features",
        "python",
        "daemon",
        "manifest",
        "install log",
    ]
    again = user.ok("runtime", "install", "--yes").splitlines()
    assert again == ["Using existing KTX Python runtime", *lines[1:]]
    before = user.json("runtime", "status", "--json")["manifest"]
    assert user.ok("runtime", "install", "--force").splitlines() == lines
    after = user.json("runtime", "status", "--json")["manifest"]
    assert before["environment"] != after["environment"]
    assert leftovers(user) == []
    assert user.json(*query(warehouse, "--execute"))["rows"] == [[3]]


def test_two_installs_at_once_make_one_runtime(user: Ktx, warehouse: Path) -> None:
    """The second waits for the first, then finds its work done."""
    users = [user.start("runtime", "install", "--yes") for _ in range(2)]
    outputs = [user.communicate(timeout=300) for user in users]
    assert [user.returncode for user in users] == [0, 0], outputs
    assert sorted(out.splitlines()[0] for out, _ in outputs) == [
        "Installed KTX Python runtime",
        "Using existing KTX Python runtime",
    ]
    assert leftovers(user) == []
    assert user.json(*query(warehouse, "--execute"))["rows"] == [[3]]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interrupted_install_leaves_nothing(
    user: Ktx, number: signal.Signals, code: int
) -> None:
    """Interrupted while packages are fetched: no runtime, and the next run installs."""
    process = user.start("runtime", "install", "--yes")
    log = user.runtime_root
    while process.poll() is None and not any(
        "uv pip install" in path.read_text() for path in log.glob("*/install.log")
    ):
        pass
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == code
    assert user.json("runtime", "status", "--json")["kind"] == "missing"
    assert not list(user.runtime_root.glob("*/env-*"))
    assert user.ok("runtime", "install", "--yes").startswith("Installed KTX Python runtime\n")
    assert leftovers(user) == []


def test_damage_is_named_by_doctor_and_mended_by_install(user: Ktx, warehouse: Path) -> None:
    """A file of a package was edited, then one deleted, then the receipt was cut short."""
    user.ok("runtime", "install", "--yes")
    version = Path(user.json("runtime", "status", "--json")["layout"]["versionDir"])
    module = next(version.glob("env-*/lib/python3.*/site-packages/semantic_layer/planner.py"))
    module.write_text("raise SystemExit('tampered')\n")
    result = user.run("runtime", "doctor", "--json")
    failing = [check for check in json.loads(result.stdout)["checks"] if check["status"] == "fail"]
    assert result.returncode == 1
    assert any("semantic_layer/planner.py" in check["detail"] for check in failing)
    assert all(check["fix"] for check in failing)
    user.ok("runtime", "install", "--yes")
    assert user.run("runtime", "doctor").returncode == 0

    receipt = version / "manifest.json"
    receipt.write_text(receipt.read_text()[:100])
    assert user.json("runtime", "status", "--json")["kind"] == "broken"
    assert user.ok("runtime", "install", "--yes").startswith("Installed KTX Python runtime\n")
    assert leftovers(user) == []
    assert user.json(*query(warehouse, "--execute"))["rows"] == [[3]]
