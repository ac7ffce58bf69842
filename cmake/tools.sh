#!/bin/sh
# Makes build/tools/venv: uv, pybind11 and what else the build needs of Python, at the locked versions; with the argument
# `tests`, the tools and libraries of the tests too. Idempotent: does nothing while the locks are those that it was made from.
#
#     cmake/tools.sh build/tools [tests]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$1
set=${2:-build}

# stamp_of <lock>…: what changes when one of the locks, or this script, does.
stamp_of() { (cd "$here/requirements" && cat "$@" "$here/tools.sh") | cksum; }
is_made() { [ "$(cat "$tools/$1.stamp" 2>/dev/null)" = "$2" ]; }
install() {
  "$tools/venv/bin/uv" pip install --quiet --no-config --python "$tools/venv/bin/python" --require-hashes \
    --no-deps --only-binary :all: -r "$here/requirements/$1"
}

stamp=$(stamp_of bootstrap.lock build.lock)
if ! is_made build "$stamp"; then
  python=$("$here/find-pythons.sh" | head -n 1)
  [ -n "$python" ] || { echo "No CPython of those that $here/pythons.sh lists with headers and a shared library: run make prerequisites" >&2; exit 1; }
  echo "Installing the build's tools into $tools"
  rm -rf "$tools/venv"
  mkdir -p "$tools"
  "$python" -m venv "$tools/venv"
  "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r "$here/requirements/bootstrap.lock"
  install build.lock
  printf '%s\n' "$stamp" > "$tools/build.stamp"
fi

[ "$set" = tests ] || exit 0
stamp=$(stamp_of dev.lock)
is_made tests "$stamp" && exit 0
echo "Installing the tests' tools into $tools"
install dev.lock
printf '%s\n' "$stamp" > "$tools/tests.stamp"
