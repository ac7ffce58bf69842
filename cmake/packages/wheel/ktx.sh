#!/bin/sh
# Starts the program of this environment in the place of this script. The name that it was called by may be a link.
here=$(readlink -f -- "$0") || exit 1
program=${here%/*/*}/lib/ktx/bin/ktx
if [ ! -x "$program" ]; then
  echo "Cannot start $program: the package kaelio-ktx-cli is damaged. Install it again" >&2
  exit 1
fi
exec "$program" "$@"
