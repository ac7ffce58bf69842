"""The program ktx, as a package of Python."""

from __future__ import annotations

import sysconfig
from pathlib import Path


def find_ktx() -> str:
    """The path of the native program. Raises FileNotFoundError when the package is damaged."""
    schemes = [sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")]
    folders = [Path(sysconfig.get_path("data", scheme)) for scheme in schemes]
    folders += Path(__file__).resolve().parents[1:5]  # pip install --target or --prefix
    for folder in folders:
        program = folder / "lib" / "ktx" / "bin" / "ktx"
        if program.is_file():
            return str(program)
    raise FileNotFoundError("The package kaelio-ktx-cli is damaged: it lacks ktx. Install it again")


__all__ = ["find_ktx"]
