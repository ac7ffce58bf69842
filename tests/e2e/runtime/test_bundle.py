"""A bundle made where there is a network, installed where there is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from harness import Ktx, newest_minor, query
from json_schema import SCHEMAS, conforms, read_schema
from mounts import run_in_mount
from small_package import small_package


def make_bundle(folder: Path, user: Ktx) -> Path:
    """Made from the real index; a second one is not made in its place."""
    words = ["runtime", "bundle", str(folder / "made"), "--python", newest_minor()]
    words += ["--feature", "trino"]
    made = user.json(*words, "--json")
    assert conforms(made, read_schema(SCHEMAS / "runtime-bundle.schema.json"))
    assert made["path"] == str(folder / "made")
    assert made["bundle"]["pythons"] == [newest_minor()]
    assert made["bundle"]["features"] == ["core", "trino"]
    assert not user.runtime_root.exists(), "a bundle is not an install"
    assert "is there already" in user.fails(*words, code=2)
    return folder / "made"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, of everything that ktx installs."""
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "home").mkdir()
    made = make_bundle(folder, Ktx(home=folder / "home", runtime_root=folder / "root"))
    assert sorted(entry.name for entry in folder.iterdir()) == ["home", "made"]
    return made


@pytest.fixture(scope="module")
def small_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that installs quickly."""
    return small_package(tmp_path_factory.mktemp("small") / "package")


@pytest.fixture(scope="module")
def small_bundle(tmp_path_factory: pytest.TempPathFactory, small_program: Path) -> Path:
    """Made once, of what that package installs."""
    folder = tmp_path_factory.mktemp("small-bundle")
    (folder / "home").mkdir()
    user = Ktx(home=folder / "home", runtime_root=folder / "root", binary=small_program)
    return make_bundle(folder, user)


@pytest.fixture
def quick(isolated: Ktx, small_program: Path) -> Ktx:
    """Somebody without any network, with that package."""
    isolated.binary = small_program
    return isolated


def expect_install(user: Ktx, source: Path, warehouse: Path) -> None:
    """uv and every package come from the bundle; the runtime is as good as any."""
    assert user.ok("runtime", "install", "--from-bundle", source).startswith("Installed ")
    doctor = user.ok("runtime", "doctor")
    assert "FAIL" not in doctor
    assert user.json(*query(warehouse, "--execute"))["rows"] == [[3]]
    own = sorted(entry.name for entry in (user.runtime_root / ".ktx").iterdir())
    assert own == ["locks", "tools"]
    again = user.ok("runtime", "install", "--from-bundle", source)
    assert again.startswith("Using existing ")


def test_a_bundle_installs_without_any_network(
    isolated: Ktx, bundle: Path, warehouse: Path
) -> None:
    """Everything that there is."""
    expect_install(isolated, bundle, warehouse)


def test_an_archive_of_a_bundle_does_too(
    quick: Ktx, small_bundle: Path, warehouse: Path, tmp_path: Path
) -> None:
    """As it is carried from machine to machine."""
    archive = shutil.make_archive(str(tmp_path / "copied"), "zip", small_bundle)
    expect_install(quick, Path(archive), warehouse)


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


def test_the_wheels_alone_are_enough_offline(quick: Ktx, small_bundle: Path) -> None:
    """`--find-links` with `--offline`: that folder and nothing else."""
    out = quick.ok("runtime", "install", "--offline", "--find-links", small_bundle / "wheels")
    assert out.startswith("Installed ")


def test_a_bundle_that_does_not_fit_is_refused(
    quick: Ktx, small_bundle: Path, tmp_path: Path
) -> None:
    """A damaged wheel, another version, a missing feature: each by name, nothing installed."""
    copy = tmp_path / "copy"
    shutil.copytree(small_bundle, copy)
    wheel = next(copy.glob("wheels/sqlglot-*.whl"))
    data = bytearray(wheel.read_bytes())
    data[len(data) // 2] ^= 1
    wheel.write_bytes(data)
    start = f"Cannot install from the bundle {copy}: "
    error = quick.fails("runtime", "install", "--from-bundle", copy)
    assert error.startswith(f"{start}wheels/{wheel.name} is damaged")
    words = ["runtime", "install", "--feature", "local-embeddings", "--from-bundle"]
    assert f"{start}it has the features core, trino" in quick.fails(*words, copy)
    description = json.loads((copy / "bundle.json").read_text())
    (copy / "bundle.json").write_text(json.dumps(description | {"cliVersion": "9.9.9"}))
    error = quick.fails("runtime", "install", "--from-bundle", copy)
    assert error.startswith(f"{start}it is for ktx 9.9.9")
    assert quick.json("runtime", "status", "--json")["kind"] == "missing"


def test_a_full_disk_leaves_no_bundle(fresh: Ktx, tmp_path: Path) -> None:
    """Nothing is where it was to be, nor beside it."""
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
