#!/bin/sh
# Brings the CPythons that the build wants and this machine has not: those of fetched-pythons.txt whose minor version
# find-pythons.sh does not find, each into a folder of its own, as uv lays its Pythons out. Where one is not to be had
# it says so and succeeds, for everything but a package can do without it. Idempotent: with everything there it asks nobody.
#
#     cmake/fetch-pythons.sh build/tools
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pythons=$1/pythons
tools=$1/venv/bin

goes_without() { echo "Going on without CPython $minor, which packages need: $*" >&2; }

# What Maven brings; its own words are shown only when it fails.
download() {
  mvn --batch-mode --quiet org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy "-Dartifact=$artifact" \
    "-DoutputDirectory=$scratch" -Dmdep.stripClassifier=true -Dmdep.stripVersion=true >"$scratch/log" 2>&1 && return
  goes_without "Maven does not bring $artifact."
  sed 's/^/  /' "$scratch/log" >&2
  return 1
}

# Its byte code is compiled here, for an embedded interpreter writes none. The archive's sum is no matter of the machine.
unpack() {
  "$tools/python" -I "$here/unpack_python.py" "$scratch"/*.jar "$sha256" "$scratch/python" || exit 1
  python=$scratch/python/bin/python3
  "$python" -I -S -c 'import ssl, sqlite3, ctypes' >"$scratch/log" 2>&1 &&
    "$python" -I -S -m compileall -q -s "$scratch/python" -p "$target" "$scratch/python/lib" >"$scratch/log" 2>&1 && return
  goes_without "$artifact does not run on this machine."
  sed 's/^/  /' "$scratch/log" >&2
  return 1
}

# A shell of its own, so that what was fetched in part goes however it ends.
fetch() (
  [ "$(uname -sm)" = "Linux x86_64" ] || { goes_without "none is known for $(uname -sm)."; exit; }
  command -v mvn >/dev/null || { goes_without "install one, or Maven (mvn), which brings it."; exit; }
  echo "Fetching CPython $minor into $pythons"
  mkdir -p "$pythons"
  scratch=$(mktemp -d "$pythons/.fetching-XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 1' HUP INT TERM
  if download && unpack; then
    rm -rf "$target"
    mv "$scratch/python" "$target"
  fi
)

# Those of the list that are neither fetched already nor found, which takes a second to find out.
found=
grep -v '^#' "$here/fetched-pythons.txt" | while read -r minor artifact sha256; do
  target=$pythons/cpython-$minor-$(printf %.12s "$sha256")
  [ ! -x "$target/bin/python3" ] || continue
  [ -n "$found" ] || found=$("$here/find-pythons.sh")
  case "$found" in *"/python$minor"*) continue ;; esac
  fetch </dev/null
done
