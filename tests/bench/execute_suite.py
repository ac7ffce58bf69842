"""`sl query --execute` on SQLite: what running the SQL adds, beside SQLite's own shell."""

from __future__ import annotations

import subprocess

import projects
from figures import Figure
from installation import Installation
from processes import process
from rows import added_ratio
from timing import measure

ROUNDS = 21
SHELL = "sqlite3, the same SQL"


def execute(bench: Installation) -> list[Figure]:
    """Compiling is taken off: both ask the same question, which the plan cache knows."""
    project = bench.project_with_rows()
    compiled = projects.query_words(project, 0, "plain")
    asked = bench.command(*compiled, "--no-daemon")
    sql = subprocess.check_output(asked, env=bench.variables, text=True)
    run = [word if word != "sql" else "json" for word in asked] + ["--execute"]
    database = str(project / "bench.db")
    timers = {
        "execute": process(run, bench.variables),
        "compile": process(asked, bench.variables),
        SHELL: process(["sqlite3", "-readonly", "-json", database, sql], bench.variables),
    }
    title = f"sl query --execute, beyond compiling, {projects.ROWS:,} rows"
    row = added_ratio("execute", title, "compile", SHELL, 1.5)
    return [row.figure("Running on SQLite", measure(timers, ROUNDS))]
