#!/bin/sh
# DuckDB 1.5.5: count_if(...) of no rows is NULL, while every other count of no rows is 0.
#
# count(*), count(x), count(DISTINCT x) and count(*) FILTER (WHERE ...) give 0 where there is nothing
# to count, as the SQL standard has it for COUNT. count_if is written like one of them and is a sum.
# Its neighbour countif(...) is the same function.
#
# Seen: count_if NULL and countif NULL beside count(*) FILTER 0, count(x) 0 and count(*) 0.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install duckdb==1.5.5
"$folder/venv/bin/python" - <<'PY'
import duckdb

print("DuckDB", duckdb.__version__)
nothing = "(SELECT 1 AS x WHERE false) AS t"
shown = "count_if(x > 1), countif(x > 1), count(*) FILTER (WHERE x > 1), count(x), count(*)"
row = duckdb.sql(f"SELECT {shown} FROM {nothing}").fetchone()
print(shown, "->", row)
assert row == (None, None, 0, 0, 0), row
PY
