#!/bin/sh
# sqlglot 30.30.0 reads SQLite and writes SQLite: the unary plus is gone, and with it the meaning.
#
# To SQLite, `+column` is no longer the column: it has no affinity, so that a text beside it is not
# made a number of. `+i = '7'` is false where `i = '7'` is true. (People write the plus on purpose,
# also to keep an index from being used.) A round trip within one dialect turns 0 into 1.
#
# Seen: 'SELECT +i = ''7'' FROM t' comes back as 'SELECT i = ''7'' FROM t'; rows 0 and 1 on SQLite 3.51.1.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install sqlglot==30.30.0 pysqlite3-binary==0.5.4.post2
"$folder/venv/bin/python" - <<'PY'
import pysqlite3, sqlglot

print("sqlglot", sqlglot.__version__, "SQLite", pysqlite3.sqlite_version)
before = "SELECT +i = '7' FROM t"
after = sqlglot.transpile(before, read="sqlite", write="sqlite")[0]
connection = pysqlite3.connect(":memory:")
connection.execute("CREATE TABLE t (i INTEGER)")
connection.execute("INSERT INTO t VALUES (7)")
rows = [connection.execute(text).fetchone()[0] for text in (before, after)]
print(before, "->", after, rows)
assert after == "SELECT i = '7' FROM t", after
assert rows == [0, 1], rows
PY
