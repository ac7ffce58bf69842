"""Which Pythons the packages are for: those of the one list, and each alone on a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from harness import ALL_PYTHONS, newest_minor, query
from installed import Person, make_database, packed
from package_tree import pythons_of, read_tree
from test_contents import TREE, unpack

LIST = Path(__file__).parents[2] / "cmake" / "pythons.sh"


def supported() -> list[str]:
    """The minor versions that ktx is made for."""
    return subprocess.run([LIST], check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("kind", ["npm", "wheel", "deb", "tarball"])
def test_a_plugin_for_each(kind: str, tmp_path: Path) -> None:
    """Every kind of package has a plugin for each Python of the list, and no other."""
    names = [
        path.name
        for file in packed(kind)
        for path in unpack(file, tmp_path / file.name).rglob("ktx-plugin-*")
    ]
    plugins = [f"ktx-plugin-cp{minor.replace('.', '')}.so" for minor in supported()]
    assert sorted(names) == sorted(plugins)
    assert pythons_of(read_tree(TREE)) == supported()


def test_the_program_says_which(person: Person) -> None:
    """`ktx --version --json` and the doctor name those of the list."""
    program = person.folder / "unpacked"
    person.command = (str(unpacked_program(program)),)
    tags = [f"cp{minor.replace('.', '')}" for minor in supported()]
    assert person.json("--version", "--json")["python"] == tags
    doctor = person.run("runtime", "doctor").stdout
    assert f"PASS Interpreter plugins: CPython {', '.join(supported())}\n" in doctor


def unpacked_program(folder: Path) -> Path:
    """The program of the archive, unpacked into a folder."""
    return next(unpack(packed("tarball")[0], folder).glob("*/bin/ktx"))


def test_debian_suggests_each() -> None:
    """The newest first, which apt takes."""
    shown = subprocess.run(
        ["dpkg-deb", "--field", packed("deb")[0], "Suggests"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    suggested = re.findall(r"libpython(3\.\d+)", shown)
    assert suggested == supported()[::-1]


def test_on_a_machine_with_the_newest_alone(person: Person, warehouse: Path) -> None:
    """With nothing but that Python on PATH and in the home, the archive answers a query."""
    minor = newest_minor()
    machine = only_python(person, minor)
    person.command = (str(unpacked_program(person.folder / "unpacked")),)
    make_database(person, warehouse)
    person.extra |= machine
    asked = person.run(*query(warehouse, "--format", "json", "--execute", "--yes"))
    assert asked.returncode == 0, asked.stderr
    assert '"rows": [\n    [\n      3\n    ]\n  ]' in asked.stdout
    python = person.json("runtime", "status", "--json")["manifest"]["interpreter"]
    assert python["version"].startswith(minor + ".")


def only_python(person: Person, minor: str) -> dict[str, str]:
    """The variables of a shell on a machine whose one Python is that one; uv is there."""
    programs = person.home / "programs"
    programs.mkdir()
    (programs / "uv").symlink_to(person.tools / "uv")
    base = (ALL_PYTHONS / "versions" / minor).resolve()
    (programs / f"python{minor}").symlink_to(base / "bin" / f"python{minor}")
    return {"PATH": str(programs), "PYENV_ROOT": str(person.home / "no pyenv")}
