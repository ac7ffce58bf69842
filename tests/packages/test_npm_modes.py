"""Every way to install from npm, against a registry on this machine: npx, a dependency, global, two
versions at once.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from harness import query
from installed import Person, described, make_database, packed
from npm_registry import npm_registry

from conftest import has

PLATFORM = "@kaelio/ktx-linux-x64-gnu"


def test_npx_runs_it_without_installing(
    shared_runtime: Person, warehouse: Path, registry: str
) -> None:
    """`npx @kaelio/ktx` fetches both packages, answers, and leaves the project as it was."""
    person = shared_runtime
    person.registry = registry
    person.command = ("npx", "--yes", "@kaelio/ktx")
    assert person.ok("--version").strip() == described()["version"]
    make_database(person, warehouse)
    assert person.json(*query(warehouse, "--format", "json", "--execute"))["rows"] == [[3]]
    assert not (person.folder / "node_modules").exists()
    root = person.json("runtime", "status", "--json")["layout"]["runtimeRoot"]
    assert root == str(person.runtime_root), "the runtime is not in npm's cache"


def test_as_a_dependency_by_its_name(person: Person, registry: str) -> None:
    """`npm install @kaelio/ktx` brings the platform's package; `npm ci` with the lock file does
    too.
    """
    person.registry = registry
    person.does("npm", "install", "@kaelio/ktx")
    modules = person.folder / "node_modules"
    assert has(modules / "@kaelio" / "ktx") == has(modules / PLATFORM) == described()["version"]
    shutil.rmtree(modules)
    person.does("npm", "ci")
    person.command = ("npx", "ktx")
    assert person.ok("--version").strip() == described()["version"]


def test_global_and_gone_again(person: Person, registry: str) -> None:
    """`npm install -g` puts ktx and its manual on the person's paths; uninstalling leaves nothing
    of them.
    """
    person.registry = registry
    prefix = person.home / "global prefix"
    person.does("npm", "install", "--global", "--prefix", prefix, "@kaelio/ktx")
    person.command = (str(prefix / "bin" / "ktx"),)
    assert person.ok("--version").strip() == described()["version"]
    assert "PASS Bundled Python wheel" in person.run("runtime", "doctor").stdout
    person.does("npm", "uninstall", "--global", "--prefix", prefix, "@kaelio/ktx")
    assert [path for path in prefix.rglob("*") if "ktx" in path.name] == []


def test_two_versions_side_by_side(
    person: Person, next_packages: list[Path], next_version: str, tmp_path: Path
) -> None:
    """A project keeps its own version beside a newer global one; each has its own assets and
    runtime folder.
    """
    with npm_registry(*packed("npm"), *next_packages) as person.registry:
        person.does("npm", "install", "@kaelio/ktx")
        prefix = tmp_path / "prefix"
        person.does("npm", "install", "--global", "--prefix", prefix, "@kaelio/ktx@next")
    layouts = []
    for program in (person.folder / "node_modules" / ".bin" / "ktx", prefix / "bin" / "ktx"):
        person.command = (str(program),)
        layouts.append(person.json("runtime", "status", "--json")["layout"])
    assert [layout["cliVersion"] for layout in layouts] == [described()["version"], next_version]
    assert len({layout["versionDir"] for layout in layouts}) == 2
    assert len({layout["assetDir"] for layout in layouts}) == 2


def test_upgrading_takes_both_packages(
    person: Person, next_packages: list[Path], next_version: str
) -> None:
    """The platform's package is never of another version than the launcher."""
    with npm_registry(*packed("npm"), *next_packages) as person.registry:
        person.does("npm", "install", "@kaelio/ktx")
        person.does("npm", "install", "@kaelio/ktx@next")
    modules = person.folder / "node_modules"
    assert has(modules / "@kaelio" / "ktx") == has(modules / PLATFORM) == next_version
    person.command = ("npx", "ktx")
    assert person.ok("--version").strip() == next_version


def test_without_the_platform_package(person: Person, registry: str) -> None:
    """`--omit=optional` leaves the program out; the launcher says so and what to do, and that mends
    it.
    """
    person.registry = registry
    person.does("npm", "install", "--omit=optional", "@kaelio/ktx")
    person.command = (str(person.folder / "node_modules" / ".bin" / "ktx"),)
    words = person.fails("--version")
    assert f"The package {PLATFORM}, which holds ktx for this machine, is not installed." in words
    assert words.endswith("Fix: Run: npm install --include=optional @kaelio/ktx\n")
    person.does("npm", "install", "--include=optional", "@kaelio/ktx")
    assert person.ok("--version").strip() == described()["version"]


def test_on_another_kind_of_machine(locally: Person) -> None:
    """npm installs no platform package there; the launcher names the machine and what there is."""
    shutil.rmtree(locally.folder / "node_modules" / PLATFORM)
    uname = locally.tools / "uname"
    uname.write_text('#!/bin/sh\n[ "$1" = -s ] && echo Darwin || echo arm64\n')
    uname.chmod(0o755)
    assert locally.fails("--version") == (
        "ktx has no package for Darwin arm64; there is one for Linux x86_64.\n"
        "Fix: Build ktx from its source: https://github.com/kaelio/ktx\n"
    )
