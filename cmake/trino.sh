#!/bin/sh
# Brings the Trino that the tests ask into a folder: its jars from Maven, the program that starts it, and the path of the
# Java that runs it. Where Java 25 or Maven is not to be had it says so and leaves with 77, and the tests of it are skipped.
# Idempotent: with everything there it asks nobody.
#
#     cmake/trino.sh build/engines/trino
set -eu
here=$(cd "$(dirname "$0")" && pwd)/trino
target=$1
# Of `sha256sum *` in the folder of the jars, so that they are the same everywhere.
sum=00842fc59b8217cdf2b25e35f61d49bf0b538a32399dbc425552ccc6d63d4e3d
stamp=$(cat "$here/pom.xml" "$here/TrinoServer.java" "$0" | cksum)

goes_without() {
  echo "Going on without Trino: $*" >&2
  exit 77
}

is_enough() {
  version=$("$1/bin/javac" -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 25 ]
}

# One that is named, or any that is where distributions put theirs.
find_java() {
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/* /opt/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    is_enough "$home" && echo "$home" && return
  done
  return 1
}

java=$(cat "$target/java" 2>/dev/null || true)
[ "$(cat "$target/stamp" 2>/dev/null)" = "$stamp" ] && [ -x "$java" ] && exit 0
java=$(find_java) || goes_without "it needs a JDK of Java 25; install one, or name it by JAVA_HOME."
command -v mvn >/dev/null || goes_without "Maven (mvn) brings it; install that."

echo "Fetching Trino into $target"
mkdir -p "$target"
# Whole, for Maven takes paths to be relative to the pom.
scratch=$(mktemp -d "$(cd "$target/.." && pwd)/.trino-XXXXXX")
chmod 755 "$scratch"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
if ! mvn --batch-mode --quiet --strict-checksums -f "$here/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime \
  "-DoutputDirectory=$scratch/jars" >"$scratch/log" 2>&1; then
  sed 's/^/  /' "$scratch/log" >&2
  goes_without "Maven does not bring it."
fi
found=$(cd "$scratch/jars" && export LC_ALL=C && sha256sum -- * | sha256sum | cut -c 1-64)
[ "$found" = "$sum" ] || { echo "The jars of Trino are others than those that are known: $found" >&2; exit 1; }
"$java/bin/javac" -d "$scratch" -cp "$scratch/jars/*" "$here/TrinoServer.java"
echo "$java/bin/java" >"$scratch/java"
echo "$stamp" >"$scratch/stamp"
rm -rf "$target"
mv "$scratch" "$target"
trap - EXIT
