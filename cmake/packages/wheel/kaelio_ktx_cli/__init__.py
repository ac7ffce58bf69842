"""The program ktx, as a package of Python."""

from __future__ import annotations

from pathlib import Path


def find_ktx() -> str:
    """The path of the native program. Raises FileNotFoundError when the package is damaged."""
    program = Path(__file__).parent / "ktx" / "bin" / "ktx"
    if not program.is_file():
        raise FileNotFoundError(
            f"There is no {program}: the package kaelio-ktx-cli is damaged.\n"
            "Fix: Install kaelio-ktx-cli again: "
            "pip with --force-reinstall, uv with --reinstall, pipx with --force"
        )
    return str(program)


__all__ = ["find_ktx"]
