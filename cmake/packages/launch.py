"""The launchers of npm's package and of the wheel: each a script of its own with what both check
before they start ktx, and say when they cannot.
"""

from __future__ import annotations

from pathlib import Path

LOADER = "/lib64/ld-linux-x86-64.so.2"  # what the programs name as their interpreter
COMMON = Path(__file__).parent / "launch" / "start.sh"


def launcher(*parts: Path, **values: str) -> bytes:
    """The parts, one behind the other, with each @NAME@ replaced by its value."""
    text = "".join(part.read_text() for part in parts).replace("@START@\n", COMMON.read_text())
    for name, value in {"LOADER": LOADER, **values}.items():
        text = text.replace(f"@{name}@", value)
    return text.encode()
