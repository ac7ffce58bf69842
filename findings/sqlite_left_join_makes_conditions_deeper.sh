#!/bin/sh
# SQLite 3.51.1: a condition that a JOIN takes is "too large" for a LEFT JOIN.
#
# SQLite allows expressions of a depth of 1000. 1200 comparisons under AND, written in parentheses as a
# balanced tree, are 12 deep, and run in WHERE and in the ON of a JOIN. In the ON of a LEFT JOIN
# between the same two tables, which have no index, they end in "Expression tree is too large
# (maximum depth 1000)": there the balanced tree is taken apart and put together one by one.
#
# Seen: 900 run in both; 1200 run with JOIN, and with LEFT JOIN they are refused.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install pysqlite3-binary==0.5.4.post2
"$folder/venv/bin/python" - <<'PY'
import pysqlite3

print("SQLite", pysqlite3.sqlite_version)
connection = pysqlite3.connect(":memory:")
connection.execute("CREATE TABLE a (x)")
connection.execute("CREATE TABLE b (y, z)")


def balanced(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({balanced(parts[:half])} AND {balanced(parts[half:])})"


def runs(join: str, count: int) -> bool:
    condition = balanced([f"b.y <> {number}" for number in range(count)])
    try:
        connection.execute(f"SELECT count(*) FROM a {join} b ON a.x = b.z AND {condition}")
    except pysqlite3.OperationalError as error:
        print(join, count, "->", error)
        return False
    print(join, count, "-> runs")
    return True


assert runs("JOIN", 900) and runs("LEFT JOIN", 900)
assert runs("JOIN", 1200)
assert not runs("LEFT JOIN", 1200)
PY
