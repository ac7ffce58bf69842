#!/bin/sh
# DuckDB 1.5.5 and 2.0.0: the operator ~ (and !~) compares the whole text until 1.5, and any part of it from 2.0.
#
# A filter `name ~ 'rill'` on 'drill' is false in the one and true in the other, without a warning: a
# stored view or a query counts other rows after an upgrade. What the operator was until then,
# regexp_full_match, still compares the whole text. sqlglot, which reads and writes DuckDB, prints ~
# as REGEXP_MATCHES: the meaning of 2.0, and another one than the text that it read has on 1.5.
#
# Seen: 1.5.5 counts 1 of 3 names, 2.0.0 counts 2; regexp_full_match counts 1 in both;
# sqlglot 30.30.0 writes REGEXP_MATCHES(name, 'rill') for name ~ 'rill'.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cat > "$folder/count.py" <<'PY'
import sys

import duckdb

connection = duckdb.connect()
connection.execute("CREATE TABLE tools AS SELECT unnest(['drill', 'rill', 'saw']) AS name")
counts = [
    connection.execute(f"SELECT count(*) FROM tools WHERE {condition}").fetchone()[0]
    for condition in ("name ~ 'rill'", "name !~ 'rill'", "regexp_full_match(name, 'rill')")
]
print("DuckDB", duckdb.__version__, "~, !~, regexp_full_match:", counts)
assert counts == [int(word) for word in sys.argv[1:]], counts
PY
for case in "1.5.5 1 2 1" "2.0.0 2 1 1"; do
  # shellcheck disable=SC2086 # a version and three numbers
  set -- $case
  python3 -m venv "$folder/$1"
  "$folder/$1/bin/pip" -q install "duckdb==$1"
  "$folder/$1/bin/python" "$folder/count.py" "$2" "$3" "$4"
done
"$folder/2.0.0/bin/pip" -q install sqlglot==30.30.0
"$folder/2.0.0/bin/python" - <<'PY'
import sqlglot

written = sqlglot.transpile("SELECT name ~ 'rill'", read="duckdb", write="duckdb")
print("sqlglot", sqlglot.__version__, written)
assert written == ["SELECT REGEXP_MATCHES(name, 'rill')"], written
PY
