"""What starts no Python: whole processes beside `true`, and that libpython is not mapped."""

from __future__ import annotations

from collections.abc import Mapping

from figures import Figure
from installation import Installation
from processes import Words, loads_python, process
from projects import settle
from rows import Row, ratio
from timing import measure

TRUE, HELLO = "/bin/true", "a C++ hello"
BARE_PYTHON, SQLGLOT = "python -I -S -c pass", "python -c 'import sqlglot'"
ROUNDS = 41


def floors(bench: Installation) -> dict[str, list[str]]:
    """The programs to compare with, by name."""
    return {
        TRUE: ["/bin/true"],
        HELLO: [bench.program("hello")],
        BARE_PYTHON: [bench.python(), "-I", "-S", "-c", "pass"],
        SQLGLOT: [bench.python(), "-c", "import sqlglot"],
    }


def commands(bench: Installation) -> dict[str, list[str]]:
    """What answers without Python, by the row's key; shared with the instruction counts."""
    listed = {size: ["sl", "list", "--project-dir", str(bench.project(size))] for size in (1, 1000)}
    return {
        "version": bench.command("--version"),
        "help": bench.command("--help"),
        "status": bench.command("runtime", "status", "--json"),
        "list.1": bench.command(*listed[1]),
        "list.1000": bench.command(*listed[1000]),
        "again.1": bench.query(1),
        "again.1000": bench.query(1000),
    }


def rows() -> list[Row]:
    """The budgets of what starts no Python."""
    return [
        ratio("version", "ktx --version", TRUE, 5),
        ratio("help", "ktx --help", TRUE, 5),
        ratio("status", "ktx runtime status --json", TRUE, 5),
        ratio("list.1", "ktx sl list, 1 source", TRUE, 5),
        ratio("list.1000", "ktx sl list, 1000 sources", TRUE, None),
        ratio("again.1", "sl query, same question again, 1 source", TRUE, 10),
        ratio("again.1000", "sl query, same question again, 1000 sources", TRUE, 15),
    ]


def fill_caches(bench: Installation) -> None:
    """Asks once what is asked again later, and lists once what is listed again."""
    asked = commands(bench)
    for size in (1, 1000):
        settle(bench.project(size))
    for key, words in asked.items():
        if key.startswith(("again", "list")):
            process(words, bench.variables)()


def native(bench: Installation) -> list[Figure]:
    """The floors and the commands without Python, in turns."""
    fill_caches(bench)
    measured: dict[str, list[str]] = floors(bench) | commands(bench)
    rounds = measure(
        {name: process(words, bench.variables) for name, words in measured.items()}, ROUNDS
    )
    named = {row.key: row for row in rows()}
    broken = {key: _python_is_not_loaded(measured[key], bench.variables) for key in named}
    shown = [ratio(name, name, TRUE, None) for name in floors(bench)]
    return [
        *(row.figure("Floors", rounds) for row in shown),
        *(row.figure("Without Python", rounds, broken[key]) for key, row in named.items()),
    ]


def _python_is_not_loaded(words: Words, variables: Mapping[str, str]) -> list[str]:
    return ["maps libpython"] if loads_python(words, variables) else []
