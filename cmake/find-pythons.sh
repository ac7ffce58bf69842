#!/bin/sh
# Prints one CPython executable per minor version that a plugin can be built for, newest first: of those that
# pythons.sh lists, with its headers and its shared library. Looks where people have them: pyenv, uv, PATH, the system; and
# below the folder that is given, where fetch-pythons.sh puts what none of these has.
#
#     cmake/find-pythons.sh [build/tools]
set -eu
fetched=${1:-}
minors=$("$(dirname "$0")/pythons.sh")

describe='
import os, sys, sysconfig
get = sysconfig.get_config_var
base = sys.base_prefix
if sys.implementation.name != "cpython" or "%d.%d" % sys.version_info[:2] not in sys.argv[1:] or get("Py_GIL_DISABLED"):
    raise SystemExit
if hasattr(sys, "gettotalrefcount") or sys.prefix != base:
    raise SystemExit
library = get("INSTSONAME") or ""
folders = [os.path.join(base, "lib"), get("LIBDIR") or ""]
folders.append(os.path.join(get("LIBDIR") or "", get("MULTIARCH") or ""))
if not any(library.count(".so") + library.count(".dylib") and os.path.exists(os.path.join(f, library)) for f in folders):
    raise SystemExit
if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    raise SystemExit
print("%03d.%03d.%03d" % sys.version_info[:3], "%d.%d" % sys.version_info[:2], os.path.realpath(sys.executable))
'

# Where pyenv keeps its versions; a shell without PYENV_ROOT or with another HOME still has its shims.
pyenv_roots() {
  echo "${PYENV_ROOT:-$HOME/.pyenv}"
  echo "$PATH" | tr : '\n' | sed -n 's#/shims/*$##p'
}

candidates() {
  pyenv_roots | while read -r root; do
    ls -d "$root"/versions/3.*/bin/python3 2>/dev/null || true
  done
  ls -d "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/*/bin/python3 2>/dev/null || true
  for minor in $minors; do
    for folder in /usr/bin /usr/local/bin /opt/homebrew/bin; do
      [ -x "$folder/python$minor" ] && echo "$folder/python$minor"
    done
    command -v "python$minor" 2>/dev/null || true
  done
  [ -z "$fetched" ] || ls -d "$fetched"/pythons/*/bin/python3 2>/dev/null || true
}

candidates | sort -u | while read -r python; do
  # shellcheck disable=SC2086 # one word a version
  PYTHONDONTWRITEBYTECODE=1 "$python" -I -S -c "$describe" $minors 2>/dev/null </dev/null || true
done | sort -r | awk '!seen[$2]++ { print $3 }'
