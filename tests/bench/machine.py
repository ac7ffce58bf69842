"""What the figures were measured on: no names and no paths, only what decides about speed."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def from_cmake_cache(build: Path, variable: str) -> str:
    """A variable of the build, as CMake remembers it."""
    cache = (build / "CMakeCache.txt").read_text()
    found = re.search(rf"^{variable}:[A-Z]+=(.*)$", cache, re.MULTILINE)
    if not found:
        raise LookupError(f"{variable} is not in the build's CMakeCache.txt")
    return found[1]


def _first(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    except OSError:
        return "unknown"
    return found[1].strip() if found else "unknown"


def compiler(build: Path) -> str:
    """The compiler and its version, as in `g++ 12.2.0`."""
    program = from_cmake_cache(build, "CMAKE_CXX_COMPILER")
    version = subprocess.check_output([program, "-dumpfullversion", "-dumpversion"], text=True)
    said = subprocess.check_output([program, "--version"], text=True)
    name = "clang++" if "clang" in said else "g++"
    return f"{name} {version.strip()}"


def describe(build: Path, python: str) -> dict[str, str]:
    """The machine, the programs and the time, for a reader."""
    memory = int(_first("/proc/meminfo", r"^MemTotal:\s+(\d+)")) / 1024**2
    load = os.getloadavg()[0]
    script = "import platform, sqlglot; print(platform.python_version(), sqlglot.__version__)"
    versions = subprocess.check_output([python, "-c", script], text=True).split()
    processor = _first("/proc/cpuinfo", r"^model name\s*: (.*)$")
    system = _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)')
    kernel = platform.release().split("-")[0]
    return {
        "When": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Processor": f"{processor}, {os.cpu_count()} cores",
        "Memory": f"{memory:.0f} GiB",
        "System": f"{system}, {platform.system()} {kernel}, {platform.machine()}",
        "Compiler": f"{compiler(build)}, {from_cmake_cache(build, 'CMAKE_BUILD_TYPE')}",
        "Python of the runtime": f"{versions[0]}, sqlglot {versions[1]}",
        "Load when it began": f"{load:.1f} of {os.cpu_count()} cores",
    }
