"""Makes every kind of package of one installed tree: npm, wheel, .deb and tarball. The same tree
gives the same bytes.

Beside them goes packages.json, which says what was made, of which version, and what glibc it
needs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from debian_package import make_debian_package
from elf_needs import Version, elf_files, faults_of, newest_glibc
from npm_packages import make_npm_packages
from package_tree import read_tree
from tarball_package import make_tarball
from wheel_package import make_wheel


def check_programs(root: Path, floor: Version | None) -> Version:
    """The glibc that the tree's programs need; stops when one needs more than the floor or another
    library.
    """
    faults = [fault for path in elf_files(root) for fault in faults_of(path, floor)]
    if faults:
        raise SystemExit("What is shipped must start elsewhere:\n  " + "\n  ".join(faults))
    return newest_glibc(root)


def make_all(root: Path, version: str, floor: Version | None, out: Path) -> None:
    """Fills the folder `out`."""
    glibc = check_programs(root, floor)
    needed = ".".join(str(part) for part in glibc)
    tree = read_tree(root)
    debian = make_debian_package(tree, version, glibc, out)
    made = {
        "npm": make_npm_packages(tree, version, needed, out),
        "wheel": [make_wheel(tree, version, glibc, out)],
        "deb": [debian] if debian else [],
        "tarball": [make_tarball(tree, version, out)],
    }
    packages = [_describe(kind, path) for kind, paths in made.items() for path in paths]
    document = {"version": version, "glibc": needed, "packages": packages}
    (out / "packages.json").write_text(json.dumps(document, indent=2) + "\n")


def _describe(kind: str, path: Path) -> dict[str, str | int]:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return {"kind": kind, "file": path.name, "sha256": digest, "bytes": len(data)}


def parse_floor(text: str) -> Version | None:
    """ "2.28" as (2, 28); nothing when there is no floor."""
    return tuple(int(part) for part in text.split(".")) if text else None


def main() -> None:
    """Makes them beside the old ones and swaps, so that a failure leaves those whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", type=Path, required=True, help="what cmake --install laid out")
    parser.add_argument("--version", required=True)
    parser.add_argument("--glibc-floor", type=parse_floor, default=None)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out.parent) as scratch:
        made = Path(scratch) / "packages"
        made.mkdir()
        make_all(options.tree, options.version, options.glibc_floor, made)
        shutil.rmtree(options.out, ignore_errors=True)
        made.rename(options.out)
    print(*(path.name for path in sorted(options.out.iterdir())), sep="\n")


if __name__ == "__main__":
    main()
