#!/bin/sh
# sqlglot 30.30.0: a prefix operator of the database is taken for something else, without an error.
#
# PostgreSQL's `@ i` is the absolute value of a column. Read and written for PostgreSQL it is the
# parameter `$i`. DuckDB's `~ ~ i` is i with its bits turned twice; written again it is `~~i`, and
# `~~` is DuckDB's LIKE, which the database then looks for with one argument.
#
# Seen: 'SELECT $i FROM t' and 'SELECT ~~i FROM t'; DuckDB 1.5.5 answers 5 before, and
# "No function matches ... '~~(INTEGER)'" after.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install sqlglot==30.30.0 duckdb==1.5.5
"$folder/venv/bin/python" - <<'PY'
import duckdb, sqlglot

print("sqlglot", sqlglot.__version__, "DuckDB", duckdb.__version__)
absolute = sqlglot.transpile("SELECT @ i FROM t", read="postgres", write="postgres")[0]
print("PostgreSQL: SELECT @ i FROM t ->", absolute)
assert absolute == "SELECT $i FROM t", absolute

before = "SELECT ~ ~ i FROM (VALUES (5)) AS v(i)"
after = sqlglot.transpile(before, read="duckdb", write="duckdb")[0]
print("DuckDB:", before, "->", after)
assert "~~i" in after, after
assert duckdb.sql(before).fetchall() == [(5,)]
try:
    duckdb.sql(after).fetchall()
except duckdb.BinderException as error:
    print("DuckDB says:", str(error).splitlines()[0])
else:
    raise AssertionError("the text that came back runs now")
PY
