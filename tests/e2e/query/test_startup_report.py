"""`ktx --startup-report`: where the time of a command went."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx, query
from json_schema import SCHEMAS, conforms, read_schema

SCHEMA = read_schema(SCHEMAS / "startup-report.schema.json")
JSON = "--startup-report=json"
ROUNDING_MS = 0.01


@pytest.fixture
def serving(ready: Ktx) -> Iterator[Ktx]:
    """A user whose daemon runs."""
    ready.ok("runtime", "start")
    yield ready
    ready.ok("runtime", "stop")


def report(user: Ktx, *arguments: str | Path, code: int = 0) -> tuple[str, str, dict[str, Any]]:
    """What a command wrote to stdout, to stderr before the report, and the report."""
    result = user.run(*arguments, JSON)
    assert result.returncode == code, result.stderr
    *before, last = result.stderr.splitlines(keepends=True)
    document: dict[str, Any] = json.loads(last)
    assert conforms(document, SCHEMA)
    assert document["exitCode"] == code
    assert_plausible(document)
    return result.stdout, "".join(before), document


def assert_plausible(document: dict[str, Any]) -> None:
    """Phases lie in those that they are inside of, one after the other, and in the whole."""
    phases = document["phases"]
    whole = {"startMs": 0, "durationMs": document["totalMs"]}
    clocks: dict[int | None, float] = {}
    for index, phase in enumerate(phases):
        assert phase["thread"] == 0, "nothing here has threads"
        parent = phase["parent"]
        assert parent is None or parent < index
        around = whole if parent is None else phases[parent]
        assert phase["startMs"] >= clocks.get(parent, around["startMs"]) - ROUNDING_MS
        clocks[parent] = phase["startMs"] + phase["durationMs"]
        assert clocks[parent] <= around["startMs"] + around["durationMs"] + ROUNDING_MS
    outermost = sum(phase["durationMs"] for phase in phases if phase["parent"] is None)
    assert 0 < outermost <= document["totalMs"] + len(phases) * ROUNDING_MS


def names(document: dict[str, Any], parent: str | None = None) -> list[str]:
    """The phases directly inside another, in the order of their time."""
    phases = document["phases"]
    return [
        phase["name"]
        for phase in phases
        if (phase["parent"] is None and parent is None)
        or (phase["parent"] is not None and phases[phase["parent"]]["name"] == parent)
    ]


def test_a_cold_query(ready: Ktx, warehouse: Path) -> None:
    """Every phase, and the same answer."""
    words = query(warehouse, "--execute", "--format", "csv")
    out, err, document = report(ready, *words)
    assert (out, err) == (ready.ok(*words), "")
    assert document["command"] == "sl query"
    assert (document["python"], document["transport"]) == (True, "in-process")
    assert document["peakMemoryMiB"] > 10
    assert names(document) == [
        *("before main", "parse arguments", "read ktx.yaml", "load sources", "open database"),
        *("digest receipt", "find daemon", "ensure runtime", "ask planner"),
        *("decode reply", "execute", "render", "leave"),
    ]
    assert names(document, "ask planner") == [
        *("encode sources", "load libpython", "load plugin", "start interpreter"),
        *("import packages", "run operation"),
    ]


def test_a_query_that_a_daemon_answers(serving: Ktx, warehouse: Path) -> None:
    """It is asked, and Python is not started here."""
    words = query(warehouse, "--format", "sql")
    out, err, document = report(serving, *words)
    assert (out, err) == (serving.ok(*words), "")
    assert (document["python"], document["transport"]) == (False, "daemon")
    assert names(document, "find daemon") == ["connect and challenge"]
    assert set(names(document, "ask planner")) == {"encode sources", "exchange with daemon"}
    assert "leave" not in names(document)


def test_a_question_that_was_answered_before(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Nothing is asked, and no source is read beyond what tells whether it changed."""
    ready.extra |= {"KTX_NO_CACHE": "", "KTX_CACHE_DIR": str(tmp_path / "cache")}
    words = query(warehouse, "--format", "sql")
    answer = ready.ok(*words)
    out, err, document = report(ready, *words)
    assert (out, err) == (answer, "")
    assert (document["python"], document["transport"]) == (False, "cache")
    assert names(document) == [
        *("before main", "parse arguments", "read ktx.yaml", "look for changed files"),
        *("look for a kept answer", "decode reply", "render"),
    ]


def test_a_command_without_python(fresh: Ktx, warehouse: Path) -> None:
    """It is shorter."""
    words = ("sl", "list", "--project-dir", warehouse)
    out, err, document = report(fresh, *words)
    assert (out, err) == (fresh.ok(*words), "")
    assert (document["python"], document["transport"]) == (False, None)
    assert names(document) == [
        *("before main", "parse arguments", "read ktx.yaml", "load sources", "render")
    ]
    parts = ["find files", "read and parse files", "compose sources"]
    assert names(document, "load sources") == parts
    assert names(document, "compose sources") == ["check sources"]


def test_the_table_is_for_people(fresh: Ktx, warehouse: Path) -> None:
    """Before the command or behind it, and on stderr only."""
    words = ["sl", "list", "--project-dir", str(warehouse)]
    for order in (["--startup-report", *words], [*words, "--startup-report"]):
        result = fresh.run(*order)
        assert (result.returncode, result.stdout) == (0, fresh.ok(*words))
        lines = result.stderr.splitlines()
        assert lines[:2] == ["", "  start ms    used ms   share  phase"]
        assert [line.split("%  ")[1] for line in lines[2:-1]] == [
            *("before main", "parse arguments", "read ktx.yaml", "load sources", "  find files"),
            *("  read and parse files", "  compose sources", "    check sources"),
            *("render", "(in no phase)", "total"),
        ]
        assert lines[-1].endswith("Python not started, answered by ktx itself")


def test_an_error_has_one_too(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Behind the message, whatever failed."""
    out, err, document = report(ready, "sl", "list", "--project-dir", tmp_path, code=1)
    assert out == ""
    assert err.startswith("No ktx.yaml in ")
    assert names(document) == ["before main", "parse arguments", "read ktx.yaml"]

    out, err, document = report(ready, *query(warehouse, "--measure", "orders.nothing"), code=1)
    assert (out, document["python"]) == ("", True)
    assert "orders.nothing" in err
    assert names(document)[-1] == "leave"


def test_a_command_line_that_is_wrong_has_one_too(fresh: Ktx) -> None:
    """And so have --version and --help, which end the parsing."""
    _, err, document = report(fresh, "sl", "query", code=2)
    assert "at least one --measure" in err
    assert (document["command"], names(document)) == (
        "sl query",
        ["before main", "parse arguments"],
    )
    out, _, document = report(fresh, "--version")
    assert out == fresh.ok("--version")
    assert document["command"] == ""


def test_an_unknown_form_is_a_usage_error(fresh: Ktx) -> None:
    """The forms are in the message."""
    assert "json" in fresh.fails("sl", "list", "--startup-report=xml", code=2)


def test_nothing_is_said_unasked(fresh: Ktx, warehouse: Path) -> None:
    """Nor recorded."""
    result = fresh.run("sl", "list", "--project-dir", warehouse)
    assert (result.returncode, result.stderr) == (0, "")
