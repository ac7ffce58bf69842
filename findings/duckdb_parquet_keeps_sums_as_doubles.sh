#!/bin/sh
# DuckDB 1.5.5: a sum of whole numbers loses digits when it is written to Parquet, and without a word.
#
# The sum of a BIGINT column is a HUGEINT, so that it cannot overflow. Parquet has no such type, and COPY writes a
# DOUBLE, though a DECIMAL(38, 0) would hold the number: that is what DuckDB's own Arrow export makes of it.
#
# Seen: 9007199254740993 in the answer and in Arrow (decimal128(38, 0)), 9007199254740992.0 in the file.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install duckdb==1.5.5 pyarrow==22.0.0
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import duckdb
import pyarrow.parquet

print("DuckDB", duckdb.__version__)
connection = duckdb.connect()
connection.execute("CREATE TABLE ledger(cents BIGINT)")
connection.execute("INSERT INTO ledger VALUES (9007199254740992), (1)")
question = "SELECT sum(cents) AS total FROM ledger"
answer = connection.execute(question).fetchone()[0]
arrow = connection.execute(question).to_arrow_table()
connection.execute(f"COPY ({question}) TO 'total.parquet'")
file = pyarrow.parquet.read_table("total.parquet")
print("answer", answer)
print("Arrow ", arrow.schema.field("total").type, arrow["total"][0])
print("file  ", file.schema.field("total").type, file["total"][0])
assert answer == 9007199254740993
assert str(arrow.schema.field("total").type) == "decimal128(38, 0)"
assert int(arrow["total"][0].as_py()) == answer
assert str(file.schema.field("total").type) == "double"
assert file["total"][0].as_py() == 9007199254740992.0
PY
