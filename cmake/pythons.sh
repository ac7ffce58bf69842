#!/bin/sh
# Prints the minor versions of CPython that ktx is made for, the oldest first: the classifiers of python/pyproject.toml.
set -eu
sed -n 's/^ *"Programming Language :: Python :: \(3\.[0-9][0-9]*\)".*/\1/p' "$(dirname "$0")/../python/pyproject.toml"
