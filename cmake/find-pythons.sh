#!/bin/sh
# Prints one CPython executable per minor version that a plugin can be built for, newest first: 3.11 or
# later, with its headers and its shared library. Looks where people have them: pyenv, uv, PATH, the system.
set -eu

describe='
import os, sys, sysconfig
get = sysconfig.get_config_var
base = sys.base_prefix
if sys.implementation.name != "cpython" or sys.version_info < (3, 11) or get("Py_GIL_DISABLED"):
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
  for minor in 11 12 13 14; do
    for folder in /usr/bin /usr/local/bin /opt/homebrew/bin; do
      [ -x "$folder/python3.$minor" ] && echo "$folder/python3.$minor"
    done
    command -v "python3.$minor" 2>/dev/null || true
  done
}

candidates | sort -u | while read -r python; do
  PYTHONDONTWRITEBYTECODE=1 "$python" -I -S -c "$describe" 2>/dev/null </dev/null || true
done | sort -r | awk '!seen[$2]++ { print $3 }'
