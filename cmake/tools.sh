#!/bin/sh
# Makes build/tools/venv: uv, pybind11 and the Python development tools, at the locked versions.
# Idempotent: does nothing while the locks are those that it was made from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$1
locks="$here/requirements/bootstrap.lock $here/requirements/dev.lock"
# shellcheck disable=SC2086 # two words
stamp=$(cat $locks "$0" | cksum)
[ "$(cat "$tools/stamp" 2>/dev/null)" = "$stamp" ] && exit 0

python=$("$here/find-pythons.sh" | head -n 1)
[ -n "$python" ] || { echo "No CPython 3.11 or later with headers and a shared library: run make prerequisites" >&2; exit 1; }
echo "Installing the development tools into $tools"
rm -rf "$tools"
mkdir -p "$tools"
"$python" -m venv "$tools/venv"
"$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
  -r "$here/requirements/bootstrap.lock"
"$tools/venv/bin/uv" pip install --quiet --no-config --python "$tools/venv/bin/python" --require-hashes \
  --no-deps --only-binary :all: -r "$here/requirements/dev.lock"
printf '%s\n' "$stamp" > "$tools/stamp"
