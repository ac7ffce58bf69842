#!/bin/sh
# Makes an environment of its own for what the build does without (`bench`, `docs`, `managers`), at the locked versions.
# Idempotent: does nothing while the lock is the one that it was made from.
#
#     cmake/locked-tools.sh build/tools/venv/bin docs build/docs/venv
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$1
task=$2
venv=$3
lock="$here/requirements/$task.lock"
stamp=$(cat "$lock" "$0" | cksum)
[ "$(cat "$venv/stamp" 2>/dev/null)" = "$stamp" ] && exit 0

echo "Installing the tools of $task into $venv"
rm -rf "$venv"
"$tools/uv" venv --quiet --no-config --python "$tools/python" "$venv"
# Spark comes as source only; its lock has what builds it.
sources=
[ "$task" = spark-engine ] && sources="--no-binary pyspark --build-constraints $lock"
# shellcheck disable=SC2086 # options, or none
"$tools/uv" pip install --quiet --no-config --python "$venv/bin/python" --require-hashes \
  --no-deps --only-binary :all: $sources -r "$lock"
printf '%s\n' "$stamp" > "$venv/stamp"
