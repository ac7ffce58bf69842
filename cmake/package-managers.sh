#!/bin/sh
# Installs the package managers under which the tests try the packages, at the locked versions: those of Node.js and a Node.js
# of a later version into <folder>/node, pipx into <folder>/python. Idempotent: does nothing while the locks are the same.
#
#     cmake/package-managers.sh build/tools/venv/bin build/package-managers
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$1
folder=$2
locks="$here/requirements/managers"
"$here/locked-tools.sh" "$tools" managers "$folder/python"

stamp=$(cat "$locks/package-lock.json" "$0" | cksum)
[ "$(cat "$folder/node/stamp" 2>/dev/null)" = "$stamp" ] && exit 0
echo "Installing the package managers of Node.js into $folder/node"
rm -rf "$folder/node"
mkdir -p "$folder/node"
cp "$locks/package.json" "$locks/package-lock.json" "$folder/node"
npm ci --prefix "$folder/node" --ignore-scripts --no-audit --no-fund --silent
printf '%s\n' "$stamp" > "$folder/node/stamp"
