#!/bin/sh
# DuckDB 1.5.5 for Python: 'infinity' is fetched as the last day that Python has, and other far days as texts.
#
# A column of dates so has values of two Python types, by row, and "never ends" cannot be told from 31 December
# 9999, which many tables use for the same: the two are different in the database and equal in Python.
#
# Seen: date(9999, 12, 31) for both, '10000-01-01' and '0044-03-15 (BC)' as str, timedelta(days=30) for a month.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install duckdb==1.5.5
"$folder/venv/bin/python" - <<'PY'
import datetime

import duckdb

print("DuckDB", duckdb.__version__)


def fetched(expression: str) -> object:
    value = duckdb.sql(f"SELECT {expression}").fetchone()[0]
    print(expression, "->", repr(value))
    return value


last = datetime.date(9999, 12, 31)
assert fetched("DATE 'infinity' = DATE '9999-12-31'") is False
assert fetched("DATE '9999-12-31'") == last
assert fetched("DATE 'infinity'") == last
assert fetched("TIMESTAMP 'infinity'") == datetime.datetime.max
assert fetched("TIMESTAMP '-infinity'") == datetime.datetime.min
assert fetched("DATE '10000-01-01'") == "10000-01-01"
assert fetched("DATE '0044-03-15 (BC)'") == "0044-03-15 (BC)"
assert fetched("INTERVAL 1 MONTH") == fetched("INTERVAL 30 DAY") == datetime.timedelta(days=30)
PY
