"""The wheel with the program: uvx, uv tool, a plain environment, and what it leaves behind."""

from __future__ import annotations

import sys
from pathlib import Path

from harness import UV, query
from installed import Person, described, make_database, packed


def test_uvx(shared_runtime: Person, warehouse: Path) -> None:
    """`uvx --from <wheel> ktx` answers a query."""
    person = shared_runtime
    person.command = (str(UV), "tool", "run", "--offline", "--from", str(packed("wheel")[0]), "ktx")
    assert person.ok("--version").strip() == described()["version"]
    make_database(person, warehouse)
    assert person.json(*query(warehouse, "--format", "json", "--execute"))["rows"] == [[3]]


def test_uv_tool_install(person: Person) -> None:
    """`uv tool install` puts ktx on the path; uninstalling takes it off."""
    programs, tools = person.home / "programs", person.home / "uv tools"
    person.extra |= {"UV_TOOL_BIN_DIR": str(programs), "UV_TOOL_DIR": str(tools)}
    person.does(UV, "tool", "install", "--offline", packed("wheel")[0])
    person.command = (str(programs / "ktx"),)
    assert person.ok("--version").strip() == described()["version"]
    assert "PASS Bundled Python wheel" in person.run("runtime", "doctor").stdout
    person.does(UV, "tool", "uninstall", "kaelio-ktx-cli")
    assert list(programs.iterdir()) == []


def test_pip_in_an_environment(person: Person) -> None:
    """pip, as pipx calls it: the program, the module and `find_ktx`; uninstalling removes every
    file.
    """
    environment = person.folder / "environment"
    person.does(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    before = files(environment)
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    person.does(*pip, "install", "--no-index", "--no-compile", packed("wheel")[0])
    version = described()["version"]
    person.command = (str(environment / "bin" / "ktx"),)
    assert person.ok("--version").strip() == version
    person.command = (str(python), "-m", "kaelio_ktx_cli")
    assert person.ok("--version").strip() == version
    found = person.does(
        python, "-B", "-c", "import kaelio_ktx_cli; print(kaelio_ktx_cli.find_ktx())"
    )
    module = next(environment.glob("lib/python*/site-packages/kaelio_ktx_cli"))
    assert found.strip() == str(module / "ktx" / "bin" / "ktx")
    person.does(*pip, "uninstall", "--yes", "kaelio-ktx-cli")
    assert [path for path in files(environment) - before if "ktx" in path] == []


def files(folder: Path) -> set[str]:
    """Every file below the folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_beside_the_bundled_wheel(person: Person) -> None:
    """The two distributions share no file and no name."""
    environment = person.folder / "both"
    person.does(UV, "venv", "--no-config", environment)
    python = environment / "bin" / "python"
    install = (UV, "pip", "install", "--no-config", "--offline", "--no-deps", "--python", python)
    person.does(*install, packed("wheel")[0])
    alone = files(environment)
    bundled = next(environment.rglob("kaelio_ktx_cli/ktx/assets/python/*.whl"))
    person.does(*install, bundled)
    names = person.does(UV, "pip", "list", "--format", "freeze", "--python", python)
    assert {line.split("==")[0] for line in names.splitlines()} == {"kaelio-ktx", "kaelio-ktx-cli"}
    person.does(UV, "pip", "uninstall", "--no-config", "--python", python, "kaelio-ktx")
    assert files(environment) >= {name for name in alone if not name.endswith(".pyc")}
