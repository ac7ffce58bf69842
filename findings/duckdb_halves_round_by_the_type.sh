#!/bin/sh
# DuckDB 1.5.5: a half becomes the even whole number or the greater one, by the type that it is written in.
#
# CAST of a DOUBLE rounds halves to even, of a DECIMAL and of a text away from zero, and round() of a DOUBLE does the
# latter too. A literal such as 2.5 is a DECIMAL: what was tried with a literal is not what a column of doubles does.
#
# Seen: CAST(2.5 AS INTEGER) is 3, CAST(2.5::DOUBLE AS INTEGER) is 2, round(2.5::DOUBLE) is 3.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install duckdb==1.5.5
"$folder/venv/bin/python" - <<'PY'
import duckdb

print("DuckDB", duckdb.__version__)
SEEN = {
    "typeof(2.5)": "DECIMAL(2,1)",
    "CAST(2.5 AS INTEGER)": 3,
    "CAST('2.5' AS INTEGER)": 3,
    "CAST(2.5::DOUBLE AS INTEGER)": 2,
    "CAST(2.5::FLOAT AS INTEGER)": 2,
    "CAST(0.5::DOUBLE AS INTEGER)": 0,
    "CAST(3.5::DOUBLE AS INTEGER)": 4,
    "round(2.5::DOUBLE)": 3.0,
}
for expression, expected in SEEN.items():
    found = duckdb.sql(f"SELECT {expression}").fetchone()[0]
    print(expression, "->", found)
    assert found == expected, expression
PY
