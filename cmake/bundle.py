"""Lays out what ktx ships for its runtime: the wheel, the locked requirements, the manifest.

    bundle.py --uv UV --source python --locks cmake/requirements --out build/assets/python

The manifest names each file with its SHA-256 and size; ktx installs nothing whose bytes differ. A
lock that does not cover what the wheel requires stops the build, since an install would fail on the
user's machine instead.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LEVELS = ("core", "local-embeddings", "sentence-transformers")
# Each adds to core, whose lock holds what else it needs.
DRIVERS = ("bigquery", "clickhouse", "databricks", "snowflake", "spark", "sqlserver", "trino")
UV_LOCK = "bootstrap.lock"  # what ktx fetches on a machine without uv
NORMALIZED_NAME = "kaelio_ktx"


def build_wheel(uv: Path, source: Path, out: Path) -> Path:
    """Builds the wheel with the locked hatchling of this environment and returns its path."""
    # A copy, so that what tests leave beside the sources (byte code) never reaches the wheel.
    tree = out / "source"
    shutil.copytree(
        source,
        tree,
        ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "tests", ".*"),
    )
    command = [uv, "build", "--quiet", "--wheel", "--no-config", "--no-build-isolation"]
    command += ["--python", sys.executable, "--out-dir", out, tree]
    subprocess.run([str(word) for word in command], check=True)
    wheels = list(out.glob(f"{NORMALIZED_NAME}-*.whl"))
    if len(wheels) != 1:
        raise SystemExit("Missing Python artifact: kaelio-ktx runtime wheel")
    return wheels[0]


def wheel_metadata(wheel: Path) -> tuple[str, str, list[Requirement]]:
    """The wheel's distribution name, version and requirements."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        headers = HeaderParser().parsestr(archive.read(name).decode())
    requirements = [Requirement(text) for text in headers.get_all("Requires-Dist") or []]
    return headers["Name"], headers["Version"], requirements


def locked_versions(lock: Path) -> dict[str, set[str]]:
    """Name to versions of what a lock holds; several where they depend on the platform."""
    versions: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip("\\ "))
            name = canonicalize_name(requirement.name)
            versions.setdefault(name, set()).update(s.version for s in requirement.specifier)
    return versions


def held_versions(feature: str, locks: Path) -> dict[str, set[str]]:
    """What an install of the feature locks."""
    versions = locked_versions(locks / f"{feature}.lock")
    if feature not in DRIVERS:
        return versions
    core = locked_versions(locks / "core.lock")
    for name in versions.keys() & core.keys():
        if versions[name] != core[name]:
            raise SystemExit(f"{feature}.lock and core.lock differ about {name}: run make lock")
    return core | versions


def check_coverage(feature: str, locks: Path, requirements: list[Requirement]) -> None:
    """Stops the build when the lock lacks something that the wheel requires for the feature."""
    versions = held_versions(feature, locks)
    for requirement in requirements:
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": feature})
        if not wanted:
            continue
        held = versions.get(canonicalize_name(requirement.name), set())
        if not held or not all(requirement.specifier.contains(v) for v in held):
            raise SystemExit(
                f"{feature}.lock does not satisfy the wheel's requirement {requirement}: "
                "run make lock"
            )


def describe(path: Path) -> dict[str, str | int]:
    """A file's entry in the manifest."""
    data = path.read_bytes()
    return {
        "file": path.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
    }


def make_assets(uv: Path, source: Path, locks: Path, stage: Path) -> None:
    """Fills `stage` with the wheel, the requirement files and the manifest."""
    with tempfile.TemporaryDirectory() as scratch:
        wheel = shutil.copy(build_wheel(uv, source, Path(scratch)), stage)
    name, version, requirements = wheel_metadata(Path(wheel))
    entries = {}
    for feature in (*LEVELS, *DRIVERS):
        check_coverage(feature, locks, requirements)
        copy = shutil.copy(locks / f"{feature}.lock", stage / f"requirements-{feature}.txt")
        entries[feature] = describe(Path(copy))
    uv_list = shutil.copy(locks / UV_LOCK, stage / "requirements-uv.txt")
    if set(locked_versions(Path(uv_list))) != {"uv"}:
        raise SystemExit(f"{locks / UV_LOCK} must lock uv and nothing else")
    manifest = {
        "schemaVersion": 1,
        "distributionName": name,
        "normalizedName": NORMALIZED_NAME,
        "version": version,
        "wheel": describe(Path(wheel)),
        "requirements": entries,
        "tools": {"uv": describe(Path(uv_list))},
    }
    (stage / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main() -> None:
    """Builds beside the old assets and swaps, so that a failing build leaves them whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("uv", "source", "locks", "out"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")  # the same sources give the same bytes
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out.parent) as scratch:
        stage = Path(scratch) / "assets"
        stage.mkdir()
        make_assets(options.uv.absolute(), options.source, options.locks, stage)
        shutil.rmtree(options.out, ignore_errors=True)
        stage.rename(options.out)


if __name__ == "__main__":
    main()
