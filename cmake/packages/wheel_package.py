"""kaelio_ktx_cli: a wheel that carries the program, for uvx, uv tool and pipx.

The tree lies inside the module, for that is what every installer keeps: `pip install --target`
drops what a wheel puts elsewhere. bin/ktx starts it. It is not kaelio-ktx: that is the wheel
inside, which ktx installs into its managed runtime.
"""

from __future__ import annotations

import base64
import hashlib
import time
import zipfile
from pathlib import Path

from elf_needs import Version
from launch import launcher
from package_tree import PROGRAM, Entry, below, moved, source_date

NAME = "kaelio_ktx_cli"
HERE = Path(__file__).parent / "wheel"


def make_wheel(tree: list[Entry], version: str, glibc: Version, out: Path) -> Path:
    """Writes the wheel, tagged for the glibc that its programs need."""
    tag = f"py3-none-manylinux_{glibc[0]}_{glibc[1]}_x86_64"
    floor = ".".join(str(part) for part in glibc)
    entries = sorted(_contents(tree, version, tag, floor), key=lambda entry: entry.name)
    record = Entry(f"{NAME}-{version}.dist-info/RECORD", _record(entries, version))
    target = out / f"{NAME}-{version}-{tag}.whl"
    date = time.gmtime(source_date())[:6]
    with zipfile.ZipFile(target, "w") as archive:
        for entry in [*entries, record]:
            member = zipfile.ZipInfo(entry.name, date)
            member.external_attr = (0o100000 | entry.mode) << 16
            member.create_system = 3  # Unix, or the mode means nothing
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, entry.data)
    return target


def _contents(tree: list[Entry], version: str, tag: str, floor: str) -> list[Entry]:
    """Everything but RECORD."""
    data, information = f"{NAME}-{version}.data", f"{NAME}-{version}.dist-info"
    program = [entry for part in ("bin", "plugins", "assets") for entry in below(tree, part)]
    shared = [entry for entry in below(tree, "share") if not entry.name.startswith("share/doc/")]
    licences = [
        Entry(f"{information}/licenses/{Path(entry.name).name}", entry.data)
        for entry in below(tree, "share/doc/ktx")
    ]
    metadata = (HERE / "METADATA.in").read_text().replace("@VERSION@", version)
    script = launcher(HERE / "ktx.sh", GLIBC_FLOOR=floor, VERSION=version)
    kind = f"Wheel-Version: 1.0\nGenerator: ktx\nRoot-Is-Purelib: false\nTag: {tag}\n"
    module = [
        Entry(f"{NAME}/{path.name}", path.read_bytes()) for path in (HERE / NAME).glob("*.py")
    ]
    return [
        *moved(program, f"{NAME}/ktx"),
        *moved(shared, f"{data}/data"),
        *licences,
        Entry(f"{data}/scripts/ktx", script, PROGRAM),
        *module,
        Entry(f"{NAME}/launch.sh", script),
        Entry(f"{NAME}/py.typed"),
        Entry(f"{information}/METADATA", metadata.encode()),
        Entry(f"{information}/WHEEL", kind.encode()),
    ]


def _record(entries: list[Entry], version: str) -> bytes:
    lines = []
    for entry in entries:
        digest = base64.urlsafe_b64encode(hashlib.sha256(entry.data).digest()).rstrip(b"=").decode()
        lines.append(f"{entry.name},sha256={digest},{len(entry.data)}")
    return "\n".join([*lines, f"{NAME}-{version}.dist-info/RECORD,,", ""]).encode()
