"""The installed-package smoke of the runtime contract, from an empty root to a pruned one."""

from __future__ import annotations

import json
import re
from pathlib import Path

from harness import Ktx, query


def test_from_missing_to_pruned(fresh: Ktx, warehouse: Path) -> None:
    """One user's first hour, in order; each step stands on the one before."""
    root = fresh.runtime_root
    status = fresh.json("runtime", "status", "--json")
    assert status["kind"] == "missing"
    assert status["layout"]["runtimeRoot"] == str(root)
    assert not root.exists(), "asking for the status must not create anything"

    first = fresh.run(*query(warehouse, "--format", "json", "--yes"))
    assert first.returncode == 0, first.stderr
    assert re.search(
        r"Installing KTX Python runtime \(core\) with uv[\s\S]*KTX Python runtime ready:",
        first.stderr,
    )
    assert '"mode": "compile_only"' in first.stdout
    assert "orders" in json.loads(first.stdout)["sql"]

    status = fresh.json("runtime", "status", "--json")
    assert (status["kind"], status["manifest"]["features"]) == ("ready", ["core"])
    assert status["layout"]["runtimeRoot"] == str(root)

    executed = fresh.json(*query(warehouse, "--format", "json", "--execute"))
    assert executed["rows"] == [[3]]
    assert executed["plan"]["execution"]["mode"] == "executed"

    doctor = fresh.ok("runtime", "doctor")
    for label in ("uv", "Bundled Python wheel", "Managed Python runtime"):
        assert f"PASS {label}" in doctor
    assert "FAIL" not in doctor

    stale = root / "0.0.0"
    stale.mkdir()
    preview = fresh.run("runtime", "prune", "--dry-run")
    assert preview.returncode == 0
    assert preview.stdout == f"Stale KTX Python runtimes\n{stale}\n"
    assert stale.is_dir()

    refused = fresh.run("runtime", "prune")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Refusing to prune without --yes" in refused.stderr

    assert fresh.ok("runtime", "prune", "--yes") == f"Removed stale KTX Python runtimes\n{stale}\n"
    assert not stale.exists()
    assert fresh.json("runtime", "status", "--json")["kind"] == "ready"
    left = sorted(entry.name for entry in root.iterdir())
    assert left == [".ktx", status["layout"]["cliVersion"]], (
        "ktx leaves versions and one folder of its own"
    )
