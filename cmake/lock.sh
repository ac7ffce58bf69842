#!/bin/sh
# Resolves the lock files: complete, hashed, for every supported Python and platform, wheels only, and
# without the address of the index that they were resolved from.
set -eu
uv=$1
cd "$(dirname "$0")/.."
locks=cmake/requirements

compile() {
  output=$1
  shift
  echo "Locking $output"
  "$uv" pip compile --quiet --config-file $locks/uv.toml --universal --python-version 3.11 --only-binary :all: \
    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
    --output-file "$output" "$@"
}

compile $locks/bootstrap.lock $locks/bootstrap.in
compile $locks/core.lock python/pyproject.toml
compile $locks/local-embeddings.lock python/pyproject.toml --extra local-embeddings $locks/local-embeddings.in \
  --constraint $locks/core.lock
compile $locks/sentence-transformers.lock python/pyproject.toml --extra local-embeddings --extra sentence-transformers \
  $locks/local-embeddings.in --constraint $locks/local-embeddings.lock
compile $locks/dev.lock python/pyproject.toml $locks/dev.in --constraint $locks/local-embeddings.lock
compile $locks/bench.lock $locks/bench.in
compile $locks/docs.lock $locks/docs.in
