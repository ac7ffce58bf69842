# Starts $program with the arguments in the place of this script, so that signals, exit codes and the terminal are its
# own. Where the loader that the program asks for is missing, exec would say that the program itself is not there.
start() {
  if [ -x "$program" ] && [ -e @LOADER@ ]; then exec "$program" "$@"; fi
}

# Says why the program, which is there or $missing, did not start, and ends with 1.
explain() {
  machine="$(uname -s) $(uname -m)"
  if [ "$machine" != 'Linux x86_64' ]; then
    say "ktx has no package for $machine; there is one for Linux x86_64." \
      'Build ktx from its source: https://github.com/kaelio/ktx'
  elif has_musl; then
    say 'ktx needs glibc @GLIBC_FLOOR@ or later; this system has musl.' \
      'Use a system with glibc: an image of Debian, Ubuntu or Fedora, as node:24-slim in the place of node:24-alpine'
  elif [ ! -e @LOADER@ ]; then
    say 'ktx needs glibc @GLIBC_FLOOR@ or later; this system has none at @LOADER@.' \
      'Use a system with glibc, as Debian, Ubuntu or Fedora; on NixOS, enable nix-ld'
  elif [ ! -e "$program" ]; then
    missing
  else
    explain_modes
  fi
}

# Whether programs here are linked to musl. Debian has a package of it that changes nothing; Alpine one with the loader of glibc.
has_musl() {
  if ldd --version 2>&1 | grep -q musl; then return 0; fi
  if [ -e @LOADER@ ]; then return 1; fi
  for loader in /lib/ld-musl-*; do [ -e "$loader" ] && return 0; done
  return 1
}

# Archives of build systems and copies without modes lose the bit; with the bit, it is the file system or the user.
explain_modes() {
  case $(ls -ld "$program") in
    -??x*) say "This user may not run $program, or its file system is mounted noexec." \
      'Let this user run it, or install ktx on a file system that programs may run from' ;;
    *) say "$program is not executable: its mode was lost when it was copied." "Run: chmod +x '$program'" ;;
  esac
}

say() {
  printf '%s\nFix: %s\n' "$1" "$2" >&2
  exit 1
}
