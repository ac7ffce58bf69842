"""What a cold query imports, module by module: a new one is a visible change of a list."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import sqlglot

from support.shop import MODEL

SOURCE_ROOT = Path(__file__).parents[2] / "src"
LIST = Path(__file__).with_name("query_modules.txt")
OURS = ("semantic_layer", "ktx_daemon", "sqlglot")
REQUEST = {
    "sources": list(MODEL.values()),
    "query": {"measures": ["orders.revenue"], "dimensions": ["customers.name"]},
    "dialect": "sqlite",
}
PROGRAM = """
import sys
at_start = set(sys.modules)
sys.path += sys.argv[2:]
from ktx_daemon.dispatch import dispatch
with open(sys.argv[1], "rb") as file:
    reply = dispatch("semantic-query", file.read())
assert reply.startswith(b'{"ok"'), reply
print("\\n".join(set(sys.modules) - at_start))
"""


def listed() -> set[str]:
    """The modules that a query may import."""
    lines = LIST.read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def imported(folder: Path) -> set[str]:
    """The modules that a query imports, in the order and the kind of interpreter of the plugin."""
    request = folder / "request.json"
    request.write_text(json.dumps(REQUEST))
    paths = [str(SOURCE_ROOT), str(Path(sqlglot.__file__).parents[1])]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROGRAM, str(request), *paths],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def is_detail(name: str, allowed: set[str]) -> bool:
    """Whether a module is private, or part of a listed one: Python versions differ in those."""
    package, _, last = name.rpartition(".")
    if last.startswith("_"):
        return True
    return package in allowed and not name.startswith(OURS)


def test_a_query_imports_exactly_what_is_listed(tmp_path: Path) -> None:
    allowed, found = listed(), imported(tmp_path)
    assert {name for name in found - allowed if not is_detail(name, allowed)} == set()
    # Of the standard library each version of Python needs a little more or less.
    assert {name for name in allowed - found if name.startswith(OURS)} == set()


def test_the_list_has_nothing_heavy() -> None:
    heavy = """pandas requests lkml fastapi pydantic yaml numpy importlib.metadata zipfile tempfile
        asyncio concurrent multiprocessing inspect unittest email http socket dataclasses
        pathlib difflib argparse subprocess sqlite3 orjson psycopg""".split()
    assert {name for name in listed() if name.split(".")[0] in heavy or name in heavy} == set()
