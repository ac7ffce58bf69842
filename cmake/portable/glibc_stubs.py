"""Writes libraries to link against that stand for an older glibc.

A program that is linked on a new system asks for the newest version of every symbol, and then
does not start on an older one, although the older versions would do and are still there. The
stubs written here hold the names of this system's libc and libm, each at its newest version
that is not above the floor, and nothing else: what a program needs beyond the floor is an
undefined reference when it is linked, not a failure on somebody's machine.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

# As `readelf --dyn-syms` prints a defined symbol: address, size, type, binding, name and version.
SYMBOL = re.compile(
    r"^\s*\d+: (?P<address>[0-9a-f]+)\s+(?P<size>\d+) (?P<type>FUNC|OBJECT|TLS|IFUNC)\s+"
    r"(?P<binding>GLOBAL|WEAK)\s+DEFAULT\s+\d+ (?P<name>[^@\s]+)@@?GLIBC_(?P<version>[0-9.]+)$"
)
# Before 2.34 these held what libc.so.6 holds since; a program must name them to find it in both.
MERGED = ("libpthread.so.0", "libdl.so.2")

Version = tuple[int, ...]


@dataclass(frozen=True)
class Symbol:
    """One name at one version."""

    name: str
    version: Version
    kind: str
    binding: str
    address: str
    size: str


def parse_version(text: str) -> Version:
    """ "2.28" as (2, 28)."""
    return tuple(int(part) for part in text.split("."))


def version_name(version: Version) -> str:
    """(2, 28) as "GLIBC_2.28"."""
    return "GLIBC_" + ".".join(str(part) for part in version)


def symbols_of(library: Path, floor: Version) -> list[Symbol]:
    """What the library exports: each name once, at its newest version that the floor allows."""
    listing = subprocess.run(
        ["readelf", "--wide", "--dyn-syms", library], check=True, capture_output=True, text=True
    ).stdout
    chosen: dict[str, Symbol] = {}
    for line in listing.splitlines():
        if match := SYMBOL.match(line):
            found = Symbol(
                match["name"],
                parse_version(match["version"]),
                match["type"],
                match["binding"],
                match["address"],
                match["size"],
            )
            known = chosen.get(found.name)
            if found.version <= floor and (known is None or known.version < found.version):
                chosen[found.name] = found
    if not chosen:
        raise SystemExit(f"{library} exports no symbol of glibc {version_name(floor)} or older")
    return sorted(chosen.values(), key=lambda symbol: symbol.name)


def assembly(symbols: list[Symbol]) -> str:
    """A place for each symbol. Names of one variable share a place, as the linker must know when it
    copies one.
    """
    places = defaultdict(list)
    for symbol in symbols:
        places[(symbol.kind, symbol.address)].append(symbol)
    lines = []
    for number, ((kind, _), names) in enumerate(sorted(places.items())):
        section = (
            ".text" if kind in ("FUNC", "IFUNC") else ".section .tbss" if kind == "TLS" else ".bss"
        )
        flags = ', "awT", @nobits' if kind == "TLS" else ""
        lines += [section + flags, ".balign 32"]
        for index, symbol in enumerate(names):
            label = f"stub_{number}_{index}"
            of_type = {
                "FUNC": "function",
                "IFUNC": "function",
                "OBJECT": "object",
                "TLS": "tls_object",
            }[kind]
            lines += [
                f".{'weak' if symbol.binding == 'WEAK' else 'globl'} {label}",
                f".type {label}, @{of_type}",
                f".size {label}, {symbol.size}",
                f"{label}:",
                f".symver {label}, {symbol.name}@@{version_name(symbol.version)}, remove",
            ]
        lines.append(f".zero {max(1, max(int(symbol.size) for symbol in names))}")
    return "\n".join([*lines, '.section .note.GNU-stack, "", @progbits', ""])


def version_script(symbols: list[Symbol]) -> str:
    """The versions that the stub defines."""
    versions = sorted({symbol.version for symbol in symbols})
    return "".join(f"{version_name(version)} {{ }};\n" for version in versions)


def link(compiler: str, folder: Path, soname: str, symbols: list[Symbol]) -> None:
    """The stub `soname` in the folder."""
    source, script = folder / f"{soname}.s", folder / f"{soname}.map"
    source.write_text(assembly(symbols))
    script.write_text(version_script(symbols))
    command = [compiler, "-shared", "-nostdlib", f"-Wl,-soname,{soname}", str(source)]
    command += ["-o", str(folder / soname)]
    if symbols:
        command.append(f"-Wl,--version-script={script}")
    subprocess.run(command, check=True)


def file_of(compiler: str, name: str) -> Path:
    """Where the compiler finds a library."""
    answer = subprocess.run(
        [compiler, f"-print-file-name={name}"], check=True, capture_output=True, text=True
    ).stdout.strip()
    if not Path(answer).is_absolute():
        raise SystemExit(f"{compiler} finds no {name}")
    return Path(answer)


def main() -> None:
    """Fills the folder with libc, libm and the two libraries that libc took over."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--compiler", required=True, help="the C compiler to link with")
    parser.add_argument(
        "--floor", required=True, type=parse_version, help="glibc's version, as 2.28"
    )
    parser.add_argument("--out", required=True, type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for soname in ("libc.so.6", "libm.so.6"):
        library = file_of(options.compiler, soname)
        link(options.compiler, options.out, soname, symbols_of(library, options.floor))
    for soname in MERGED:
        link(options.compiler, options.out, soname, [])
    # What a linker finds by -lc and -lm. The second file holds what no glibc exports, as atexit.
    static_part = file_of(options.compiler, "libc_nonshared.a")
    (options.out / "libm.so").write_text(f"INPUT ( {options.out / 'libm.so.6'} )\n")
    (options.out / "libc.so").write_text(f"GROUP ( {options.out / 'libc.so.6'} {static_part} )\n")


if __name__ == "__main__":
    main()
