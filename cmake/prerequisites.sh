#!/bin/sh
# Installs what the build needs from the system's packages, or says exactly what is missing; with the argument
# `tests`, what the tests need too. Idempotent: with everything there it changes nothing and asks nobody.
set -eu
here=$(dirname "$0")
for_tests=${1:-}
minors=$("$here/pythons.sh" | paste -s -d ' ' -)
newest=${minors##* }

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

on_macos() {
  command -v brew >/dev/null || fail "Homebrew is missing. Install it from its home page, then run this command again."
  missing=
  for formula in ccache cli11 cmake googletest libyaml ninja nlohmann-json openssl@3 "python@$newest" sqlite utf8proc \
    ${for_tests:+clang-format llvm node}; do
    brew list --formula "$formula" >/dev/null 2>&1 || missing="$missing $formula"
  done
  [ -z "$missing" ] || fail "Missing formulas. Run: brew install$missing"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_debian() {
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "These packages are missing and this user may not install them. Run as root: apt-get install $*"
  fi
  echo "Installing Debian packages: $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

on_debian() {
  missing=
  for package in $(cat "$here/packages.debian.txt" ${for_tests:+"$here/packages.debian-tests.txt"} | grep -v '^#'); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
  done
  # npm comes with Node.js from elsewhere, with which Debian's own package of it does not go together.
  [ -z "$for_tests" ] || command -v npm >/dev/null || missing="$missing nodejs npm"
  # A machine with pyenv or uv has its interpreters there; a plain one takes the distribution's.
  [ -n "$("$here/find-pythons.sh")" ] || missing="$missing python3-dev python3-venv"
  # shellcheck disable=SC2086 # one word a package
  [ -z "$missing" ] || install_debian $missing
}

elsewhere() {
  missing=
  for tool in g++ cmake ninja make ${for_tests:+npm sqlite3 clang++-16 clang-format-16 clang-tidy-16 strace valgrind less chromium}; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
  done
  for header in CLI/App.hpp nlohmann/json.hpp openssl/evp.h sqlite3.h utf8proc.h yaml.h gtest/gtest.h; do
    echo "#include <$header>" | g++ -std=c++20 -fsyntax-only -x c++ - 2>/dev/null || missing="$missing <$header>"
  done
  [ -n "$("$here/find-pythons.sh")" ] || missing="$missing CPython($minors)-with-headers-and-shared-library"
  [ -z "$missing" ] || fail "Missing, to be installed with this system's package manager:$missing" \
    "(static libraries of libcrypto, sqlite3, utf8proc and yaml are needed too)"
}

case "$(uname -s)" in
  Darwin) on_macos ;;
  Linux) if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then on_debian; else elsewhere; fi ;;
  *) fail "ktx builds on Linux and macOS; this is $(uname -s)." ;;
esac
[ -n "$("$here/find-pythons.sh")" ] ||
  fail "No CPython ($minors) with its headers and its shared library was found (pyenv: install one with PYTHON_CONFIGURE_OPTS=--enable-shared)."
