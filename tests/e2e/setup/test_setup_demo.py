"""`ktx setup demo`: the demo shop in one command, anywhere."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from harness import Ktx
from person import Person

DEMO = Path(__file__).parents[3] / "docs" / "demo"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def commands_in(out: str) -> list[str]:
    """The things to try."""
    return [line.strip() for line in out.partition("Try:\n")[2].splitlines()]


def test_the_demo_is_what_docs_have(fresh: Ktx, tmp_path: Path) -> None:
    """Made without Python and without the program sqlite3: the same rows, the same files."""
    fresh.extra |= {"PATH": str(tmp_path / "empty")}
    out = fresh.ok("setup", "demo", cwd=tmp_path)
    folder = tmp_path / "ktx-demo"
    assert f"Made the demo shop in {folder}" in out
    assert not fresh.runtime_root.exists()
    for source in [*DEMO.rglob("*.yaml"), *DEMO.rglob("*.md")]:
        assert (folder / source.relative_to(DEMO)).read_bytes() == source.read_bytes()
    with (
        sqlite3.connect(":memory:") as expected,
        sqlite3.connect(folder / "shop.db") as made,
    ):
        expected.executescript((DEMO / "shop.sql").read_text())
        assert list(made.iterdump()) == list(expected.iterdump())
    made.close()
    expected.close()
    assert not (folder / ".claude").exists()
    assert not (folder / "AGENTS.md").exists()


@pytest.mark.parametrize("name", ["-x", "-", "--", "~"])
def test_a_folder_that_looks_like_something_else(fresh: Ktx, tmp_path: Path, name: str) -> None:
    """The first thing to try leads there in a shell."""
    out = fresh.ok("setup", "demo", f"./{name}", cwd=tmp_path)
    there = subprocess.run(
        ["/bin/sh", "-c", f"{commands_in(out)[0]} && pwd"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert there.stdout.strip() == str(tmp_path / name)


def test_each_thing_to_try_works(ready: Ktx, tmp_path: Path) -> None:
    """Typed one after the other into a shell, from where setup was started."""
    commands = commands_in(ready.ok("setup", "demo", "my shop", cwd=tmp_path))
    assert commands[0] == 'cd "my shop"'
    assert len(commands) == 5
    assert all(len(command) <= 78 for command in commands)
    binary = f"PATH={ready.binary.parent}:$PATH"
    script = " && ".join([binary, *commands])
    result = subprocess.run(
        ["/bin/sh", "-c", script],
        env=ready.environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "Bavaria" in result.stdout


def test_the_install_comes_first_where_it_is_missing(fresh: Ktx, tmp_path: Path) -> None:
    """By the command that the policy names."""
    commands = commands_in(fresh.ok("setup", "demo", cwd=tmp_path))
    assert commands[:2] == ["cd ktx-demo", "ktx runtime install --yes"]


def test_a_second_time_only_what_is_missing_is_made(fresh: Ktx, tmp_path: Path) -> None:
    """Changes stay until --force; files of one's own stay always."""
    fresh.ok("setup", "demo", cwd=tmp_path)
    folder = tmp_path / "ktx-demo"
    original = files_of(folder)
    orders = folder / "semantic-layer/shop/orders.yaml"
    orders.write_text(orders.read_text() + "# mine\n")
    (folder / "notes.txt").write_text("mine")
    (folder / "shop.db").unlink()
    changed = files_of(folder)
    fresh.ok("setup", "demo", cwd=tmp_path)
    assert files_of(folder) == changed | {"shop.db": original["shop.db"]}
    assert "is there already" in fresh.ok("setup", "demo", cwd=tmp_path)
    fresh.ok("setup", "demo", "--force", cwd=tmp_path)
    assert files_of(folder) == original | {"notes.txt": b"mine"}


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_folder_of_others_is_left_alone(fresh: Ktx, tmp_path: Path, force: list[str]) -> None:
    """Whatever is in it: files, or another project."""
    folder = tmp_path / "ktx-demo"
    folder.mkdir()
    (folder / "ktx.yaml").write_text("project: other\n")
    error = fresh.fails("setup", "demo", str(folder), *force)
    assert f"{folder} has files in it, and is not the demo" in error
    assert files_of(folder) == {"ktx.yaml": b"project: other\n"}
    (tmp_path / "file").write_text("")
    assert "is a file" in fresh.fails("setup", "demo", str(tmp_path / "file"), *force)


def test_a_place_where_nothing_can_be_made(fresh: Ktx) -> None:
    """The path and the system's reason."""
    error = fresh.fails("setup", "demo", "/proc/ktx-demo")
    assert error.startswith("Cannot make /proc/ktx-demo: ")


def test_a_package_without_the_demo(user: Ktx, tmp_path: Path) -> None:
    """Says what is missing beside ktx."""
    shutil.rmtree(user.binary.parent.parent / "assets" / "demo")
    error = user.fails("setup", "demo", str(tmp_path / "shop"))
    assert "The files of the demo are missing" in error
    assert not (tmp_path / "shop").exists()


def test_on_a_narrow_terminal(fresh: Ktx, tmp_path: Path) -> None:
    """No word is broken, and a command that goes on in the next line is one to the shell."""
    with Person(fresh, "setup", "demo", "shop", folder=tmp_path, columns=60) as person:
        assert person.ends() == 0
        lines = person.text().splitlines()
    query = lines.index("  ktx sl query --measure orders.order_count \\")
    assert lines[query + 1] == "      --dimension regions.name --execute"
    assert "Nine sources and three wiki pages about a small outdoor" in lines
