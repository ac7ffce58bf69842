#!/bin/sh
# Installs the official conformance suites of the Model Context Protocol, at the locked versions. Idempotent: does nothing
# while the lock is the same. Exits with 77 where npm is missing or reaches no registry.
#
#     cmake/conformance.sh build/mcp-conformance
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
locks="$here/requirements/conformance"

stamp=$(cat "$locks/package-lock.json" "$0" | cksum)
[ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ] && exit 0
if ! command -v npm >/dev/null; then
  echo "The conformance suites are left out: there is no npm here"
  exit 77
fi
echo "Installing the conformance suites into $folder"
rm -rf "$folder"
mkdir -p "$folder"
cp "$locks/package.json" "$locks/package-lock.json" "$folder"
if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent; then
  rm -rf "$folder"
  if npm ping --silent >/dev/null 2>&1 || npm view npm version --silent >/dev/null 2>&1; then
    echo "npm reaches its registry and cannot install the conformance suites: npm ci --prefix $folder"
    exit 1
  fi
  echo "The conformance suites are left out: npm reaches no registry"
  exit 77
fi
printf '%s\n' "$stamp" > "$folder/stamp"
