#!/bin/sh
# Starts the program of this environment in the place of this script. The name that it was called by may be a link.
here=$(readlink -f -- "$0") || exit 1

@START@
missing() {
  say "There is no $program: the package kaelio-ktx-cli is damaged." \
    'Install kaelio-ktx-cli again: pip with --force-reinstall, uv with --reinstall, pipx with --force'
}

# Looks for the module beside this script's folder (pip install --target), then where a Python of this environment looks for
# packages. It is of this script's version: a home may have packages of several Pythons.
find_program() {
  prefix=${here%/*/*}
  for packages in "$prefix" "$prefix"/lib/python*/site-packages "$prefix"/lib/python*/dist-packages \
    "$prefix"/lib64/python*/site-packages; do
    program=$packages/kaelio_ktx_cli/ktx/bin/ktx
    if [ -d "$packages/kaelio_ktx_cli-@VERSION@.dist-info" ]; then return; fi
  done
  program=$prefix/kaelio_ktx_cli
}

# `python -m kaelio_ktx_cli` knows where its module is, and how it was called.
program=${KTX_FOUND-}
unset KTX_FOUND
if [ -z "$program" ]; then
  export KTX_LAUNCHER="$here"
  find_program
fi
start "$@"
explain
