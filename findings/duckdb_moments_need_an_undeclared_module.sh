#!/bin/sh
# DuckDB 1.5.5 for Python: no row with a TIMESTAMPTZ can be fetched unless pytz is there, which nothing installs.
#
# The package declares no dependency, and Python's own zoneinfo would do. The same value is fetched as text, and
# a TIMESTAMP without a zone needs nothing. It works in most environments, because pandas used to bring pytz.
#
# Seen: InvalidInputException, "Required module 'pytz' failed to import"; with pytz the same statement answers.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install duckdb==1.5.5
cat >"$folder/ask.py" <<'PY'
import importlib.metadata
import sys

import duckdb

MOMENT = "SELECT TIMESTAMPTZ '2026-03-01 12:00:00+00'"
print("DuckDB", duckdb.__version__, "requires", importlib.metadata.requires("duckdb"))
assert not [need for need in importlib.metadata.requires("duckdb") or [] if "extra" not in need]
print(duckdb.sql("SELECT TIMESTAMP '2026-03-01 12:00:00'").fetchall())
print(duckdb.sql(f"SELECT CAST(m AS VARCHAR) FROM ({MOMENT}) t(m)").fetchall())
try:
    print(duckdb.sql(MOMENT).fetchall())
    found = "answers"
except duckdb.InvalidInputException as error:
    print(str(error).splitlines()[0])
    found = "pytz" if "pytz" in str(error) else "another error"
assert found == sys.argv[1], found
PY
"$folder/venv/bin/python" "$folder/ask.py" pytz
"$folder/venv/bin/pip" -q install pytz==2025.2
"$folder/venv/bin/python" "$folder/ask.py" answers
