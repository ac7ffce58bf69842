#!/bin/sh
# Resolves the lock files: complete, hashed, for every supported Python and platform, wheels only, and
# without the address of the index that they were resolved from.
set -eu
uv=$1
cd "$(dirname "$0")/.."
locks=cmake/requirements
pythons=$(cmake/pythons.sh)
oldest=$(echo "$pythons" | head -n 1)
all=$(mktemp -d)
trap 'rm -rf "$all"' EXIT

compile() {
  output=$1
  shift
  echo "Locking $output"
  "$uv" pip compile --quiet --config-file $locks/uv.toml --universal --python-version "$oldest" --only-binary :all: \
    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
    --output-file "$output" "$@"
}

compile $locks/bootstrap.lock $locks/bootstrap.in

# One set of everything first: the features are installed in any combination, so they agree on every version.
drivers="bigquery clickhouse databricks snowflake spark sqlserver trino"
set --
for driver in $drivers; do set -- "$@" --extra "$driver"; done
compile "$all/all.lock" python/pyproject.toml --extra local-embeddings --extra sentence-transformers "$@" \
  $locks/local-embeddings.in
compile $locks/dev.lock python/pyproject.toml $locks/dev.in "$@" --constraint "$all/all.lock"
compile $locks/build.lock $locks/build.in --constraint $locks/dev.lock
compile $locks/core.lock python/pyproject.toml --constraint "$all/all.lock"
compile $locks/local-embeddings.lock python/pyproject.toml --extra local-embeddings $locks/local-embeddings.in \
  --constraint "$all/all.lock"
compile $locks/sentence-transformers.lock python/pyproject.toml --extra local-embeddings --extra sentence-transformers \
  $locks/local-embeddings.in --constraint "$all/all.lock"
for driver in $drivers; do
  # What the driver adds to core, and nothing of core itself.
  compile "$all/$driver.lock" python/pyproject.toml --extra "$driver" --constraint "$all/all.lock"
  python3 cmake/own_requirements.py "$all/$driver.lock" $locks/core.lock >"$locks/$driver.lock"
done
compile $locks/bench.lock $locks/bench.in
compile $locks/docs.lock $locks/docs.in
compile $locks/managers.lock $locks/managers.in
# Of another version than the rest is locked to, so without the constraint.
compile $locks/new-duckdb.lock $locks/new-duckdb.in --no-config
compile $locks/clickhouse-engine.lock $locks/clickhouse-engine.in --no-config
# There is no wheel of Spark, so that the search for wheels below leaves its lock out.
compile $locks/spark-engine.lock $locks/spark-engine.in --no-config --no-binary pyspark

for packages in managers conformance; do
  echo "Locking $locks/$packages/package-lock.json"
  npm install --prefix "$locks/$packages" --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --silent
done

# A resolution for the oldest Python does not look for wheels of the newest.
for python in $pythons; do
  for lock in $locks/*.lock; do
    [ "$lock" = $locks/spark-engine.lock ] && continue
    echo "Looking for the wheels of $lock for Python $python"
    "$uv" pip install --quiet --dry-run --no-config --python-version "$python" --target "$all/none" --require-hashes --no-deps \
      --only-binary :all: -r "$lock"
  done
done
