#!/bin/sh
# Starts the ktx of this machine's platform package in the place of this script, so that signals, exit codes and the
# terminal are its own. A shell does it in a twentieth of the time that Node.js needs to start.
here=$(readlink -f -- "$0") || exit 1

# Where Node.js would look: in node_modules of the package's own folder, then of each folder above it.
folder=${here%/bin/*}
while :; do
  program=$folder/node_modules/@PLATFORM_PACKAGE@/bin/ktx
  if [ -x "$program" ]; then exec "$program" "$@"; fi
  case $folder in
    ?*/*) folder=${folder%/*} ;;
    ?*) folder= ;;
    *) break ;;
  esac
done

machine="$(uname -s) $(uname -m)"
if [ "$machine" != 'Linux x86_64' ]; then
  echo "ktx has no package for $machine; there is one for Linux x86_64." >&2
elif ldd --version 2>&1 | grep -q musl; then
  echo "ktx needs glibc @GLIBC_FLOOR@ or later; this system has musl." >&2
else
  echo "The package @PLATFORM_PACKAGE@, which holds ktx for this machine, is not installed." >&2
  echo "npm leaves it out with --omit=optional, and when node_modules was made on another kind of machine." >&2
  echo "Fix: Run: npm install --include=optional @kaelio/ktx" >&2
fi
exit 1
