"""What ktx says of itself, and of a command line that it does not understand."""

from __future__ import annotations

import subprocess

import pytest
from harness import BUILD, Ktx
from json_schema import SCHEMAS, conforms, read_schema


def test_the_version_for_a_program(fresh: Ktx) -> None:
    """The same version as for people, and which plugins lie beside the program."""
    version = fresh.json("--version", "--json")
    assert conforms(version, read_schema(SCHEMAS / "version.schema.json"))
    assert version["version"] == fresh.ok("--version").strip()
    plugins = (BUILD / "plugins").glob("ktx-plugin-*.so")
    tags = {path.stem.removeprefix("ktx-plugin-") for path in plugins}
    assert tags
    assert set(version["python"]) == tags


@pytest.mark.parametrize("words", ["", "sl", "sl query", "runtime install"])
def test_help_is_the_same_in_each_of_its_forms(fresh: Ktx, words: str) -> None:
    """`ktx help sl query` and `ktx sl query --help`; bare `ktx` is `ktx --help`."""
    assert fresh.ok("help", *words.split()) == fresh.ok(*words.split(), "--help")
    assert fresh.ok() == fresh.ok("--help")


def test_a_mistake_gets_the_help_of_its_command(fresh: Ktx) -> None:
    """The message first, on stderr, with exit code 2."""
    wrong = fresh.run("sl", "query", "--mesure", "orders.revenue")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    message, _, help_text = wrong.stderr.partition("\n\n")
    assert message == 'ktx sl query has no option "--mesure"; did you mean "--measure"?'
    assert help_text == fresh.ok("sl", "query", "--help")


def test_man_pages_are_without_fault() -> None:
    """Each command has one, and mandoc has nothing to say about any."""
    pages = sorted((BUILD / "share" / "man" / "man1").glob("*.1"))
    assert "ktx-sl-query.1" in {page.name for page in pages}
    lint = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (lint.returncode, lint.stdout + lint.stderr) == (0, "")
