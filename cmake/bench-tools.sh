#!/bin/sh
# Makes the environment of `make bench`: what draws its chart, at the locked versions.
# Idempotent: does nothing while the lock is the one that it was made from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$1
venv=$2
lock="$here/requirements/bench.lock"
stamp=$(cat "$lock" "$0" | cksum)
[ "$(cat "$venv/stamp" 2>/dev/null)" = "$stamp" ] && exit 0

echo "Installing the benchmark's tools into $venv"
rm -rf "$venv"
"$tools/uv" venv --quiet --no-config --python "$tools/python" "$venv"
"$tools/uv" pip install --quiet --no-config --python "$venv/bin/python" --require-hashes \
  --no-deps --only-binary :all: -r "$lock"
printf '%s\n' "$stamp" > "$venv/stamp"
