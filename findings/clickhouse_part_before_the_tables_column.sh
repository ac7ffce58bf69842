#!/bin/sh
# ClickHouse 26.9.2.1 (chdb 4.4.0): `orders.total` is the part `total` of a column `orders` before it is the column
# `total` of the table `orders`, and every column that can be NULL has a part `null`.
#
# A table that has a tuple called as the table itself answers with the tuple's part, whether the table has a column of
# that name or not. A column `null` cannot be read by its table's name where any table of FROM has a column called so:
# the flag of that column's NULLs (0 or 1) comes instead. There is no error and no warning; an alias that no column
# has gives the right column.
#
# Seen: 100 instead of 5, and 0 instead of 11, also through a sub-query; 5 and 11 under another alias.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install chdb==4.4.0
"$folder/venv/bin/python" - <<'PY'
from chdb import session

clickhouse = session.Session()


def ask(sql: str) -> str:
    return clickhouse.query(sql, "TabSeparated").bytes().decode().strip()


clickhouse.query("CREATE TABLE orders (orders Tuple(total Int32), total Int32) ENGINE = Memory")
clickhouse.query("INSERT INTO orders VALUES ((100), 5)")
clickhouse.query("CREATE TABLE visits (id Int32, lines Nullable(Int32)) ENGINE = Memory")
clickhouse.query("INSERT INTO visits VALUES (1, 3)")
clickhouse.query("CREATE TABLE lines (id Int32, `null` Int32) ENGINE = Memory")
clickhouse.query("INSERT INTO lines VALUES (1, 11)")
found = {
    "tuple": ask("SELECT orders.total FROM orders"),
    "tuple in a sub-query": ask("SELECT orders.total FROM (SELECT * FROM orders) AS orders"),
    "tuple, other alias": ask("SELECT o.total FROM orders AS o"),
    "null": ask("SELECT lines.`null` FROM visits JOIN lines ON visits.id = lines.id"),
    "null, other alias": ask("SELECT l.`null` FROM visits JOIN lines AS l ON visits.id = l.id"),
}
print("ClickHouse", ask("SELECT version()"), found)
assert found == {
    "tuple": "100",
    "tuple in a sub-query": "100",
    "tuple, other alias": "5",
    "null": "0",
    "null, other alias": "11",
}, found
PY
