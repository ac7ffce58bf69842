#!/bin/sh
# ClickHouse 26.9.2.1 (chdb 4.4.0): a correlated EXISTS never finds a NULL of the row outside, whatever its condition says.
#
# `NOT EXISTS (SELECT 1 FROM sales WHERE sales.region IS NOT DISTINCT FROM regions.region)` is how one asks for
# values without a partner when NULL counts as a value. The same condition finds the pair of NULLs in a join.
# In EXISTS it does not, and neither does `sales.region IS NULL AND regions.region IS NULL`: the row outside is
# matched to the inner one by equality, before the condition is asked. There is no error and no warning.
#
# Seen: a join finds 2 pairs (north and NULL); EXISTS finds north alone, NOT EXISTS gives south and NULL, and an
# EXISTS whose condition is only that both are NULL finds nothing.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install chdb==4.4.0
"$folder/venv/bin/python" - <<'PY'
from chdb import session

clickhouse = session.Session()


def ask(sql: str) -> list[str]:
    return clickhouse.query(sql, "TabSeparated").bytes().decode().splitlines()


clickhouse.query("CREATE TABLE regions (region Nullable(String)) ENGINE = Memory")
clickhouse.query("INSERT INTO regions VALUES ('north'), ('south'), (NULL)")
clickhouse.query("CREATE TABLE sales (region Nullable(String)) ENGINE = Memory")
clickhouse.query("INSERT INTO sales VALUES ('north'), (NULL)")
same = "sales.region IS NOT DISTINCT FROM regions.region"
both = "sales.region IS NULL AND regions.region IS NULL"
found = {
    "join": ask(f"SELECT regions.region FROM regions JOIN sales ON {same} ORDER BY 1"),
    "EXISTS": ask(f"SELECT region FROM regions WHERE EXISTS (SELECT 1 FROM sales WHERE {same}) ORDER BY 1"),
    "NOT EXISTS": ask(f"SELECT region FROM regions WHERE NOT EXISTS (SELECT 1 FROM sales WHERE {same}) ORDER BY 1"),
    "both NULL": ask(f"SELECT region FROM regions WHERE EXISTS (SELECT 1 FROM sales WHERE {both})"),
}
print("ClickHouse", *ask("SELECT version()"), found)
assert found == {
    "join": ["north", "\\N"],
    "EXISTS": ["north"],
    "NOT EXISTS": ["south", "\\N"],
    "both NULL": [],
}, found
PY
