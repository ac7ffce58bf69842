"""A bundle made where there is a network, installed where there is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from harness import Ktx, newest_minor, query
from json_schema import SCHEMAS, conforms, read_schema


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, from the real index."""
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "home").mkdir()
    user = Ktx(home=folder / "home", runtime_root=folder / "root")
    words = ["runtime", "bundle", str(folder / "made"), "--python", newest_minor()]
    words += ["--feature", "trino"]
    made = user.json(*words, "--json")
    assert conforms(made, read_schema(SCHEMAS / "runtime-bundle.schema.json"))
    assert made["path"] == str(folder / "made")
    assert made["bundle"]["pythons"] == [newest_minor()]
    assert made["bundle"]["features"] == ["core", "trino"]
    assert not user.runtime_root.exists(), "a bundle is not an install"
    assert sorted(entry.name for entry in folder.iterdir()) == ["home", "made"]
    refused = user.fails(*words, code=2)
    assert "is there already" in refused
    return folder / "made"


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_a_bundle_installs_without_any_network(
    isolated: Ktx, bundle: Path, warehouse: Path, tmp_path: Path, kind: str
) -> None:
    """uv and every package come from it; the runtime is as good as any."""
    source = bundle
    if kind == "archive":
        source = Path(shutil.make_archive(str(tmp_path / "copied"), "zip", bundle))
    assert isolated.ok("runtime", "install", "--from-bundle", source).startswith("Installed ")
    doctor = isolated.ok("runtime", "doctor")
    assert "FAIL" not in doctor
    assert isolated.json(*query(warehouse, "--execute"))["rows"] == [[3]]
    own = sorted(entry.name for entry in (isolated.runtime_root / ".ktx").iterdir())
    assert own == ["locks", "tools"]
    again = isolated.ok("runtime", "install", "--from-bundle", source)
    assert again.startswith("Using existing ")


def test_a_drivers_feature_installs_from_a_bundle(
    isolated: Ktx, bundle: Path, tmp_path: Path
) -> None:
    """Without any network; the driver is there, and asks a server that is not."""
    feature = ("--feature", "trino", "--from-bundle", bundle)
    assert "features: core, trino\n" in isolated.ok("runtime", "install", *feature)
    (tmp_path / "ktx.yaml").write_text(
        "project: lake\nconnections:\n"
        "  lake: {driver: trino, host: 127.0.0.1, port: 9, catalog: hive, readonly: true}\n"
    )
    error = isolated.fails("sql", "-c", "lake", "SELECT 1", "--project-dir", tmp_path)
    assert error.startswith("The database could not be reached")


def test_the_wheels_alone_are_enough_offline(isolated: Ktx, bundle: Path) -> None:
    """`--find-links` with `--offline`: that folder and nothing else."""
    out = isolated.ok("runtime", "install", "--offline", "--find-links", bundle / "wheels")
    assert out.startswith("Installed ")


def test_a_bundle_that_does_not_fit_is_refused(isolated: Ktx, bundle: Path, tmp_path: Path) -> None:
    """A damaged wheel, another version, a missing feature: each by name, nothing installed."""
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    wheel = next(copy.glob("wheels/sqlglot-*.whl"))
    data = bytearray(wheel.read_bytes())
    data[len(data) // 2] ^= 1
    wheel.write_bytes(data)
    start = f"Cannot install from the bundle {copy}: "
    error = isolated.fails("runtime", "install", "--from-bundle", copy)
    assert error.startswith(f"{start}wheels/{wheel.name} is damaged")
    words = ["runtime", "install", "--feature", "local-embeddings", "--from-bundle"]
    assert f"{start}it has the features core, trino" in isolated.fails(*words, copy)
    description = json.loads((copy / "bundle.json").read_text())
    (copy / "bundle.json").write_text(json.dumps(description | {"cliVersion": "9.9.9"}))
    error = isolated.fails("runtime", "install", "--from-bundle", copy)
    assert error.startswith(f"{start}it is for ktx 9.9.9")
    assert isolated.json("runtime", "status", "--json")["kind"] == "missing"


def test_a_full_disk_leaves_no_bundle(fresh: Ktx, tmp_path: Path) -> None:
    """Nothing is where it was to be, nor beside it."""
    from test_places import run_in_mount

    point = tmp_path / "small"
    listing = tmp_path / "listing"
    words = ["runtime", "bundle", str(point / "b"), "--python", newest_minor()]
    wrapper = tmp_path / "wrapper"
    listed = f'ls -A "{point}" > "{listing}"'
    wrapper.write_text(f'#!/bin/sh\n"{fresh.binary}" "$@"\ncode=$?\n{listed}\nexit $code\n')
    wrapper.chmod(0o755)
    fresh.binary = wrapper
    result = run_in_mount(fresh, point, "size=3m", *words)
    assert (result.returncode, result.stdout) == (1, "")
    assert "No space left on device" in result.stderr
    assert listing.read_text() == ""
