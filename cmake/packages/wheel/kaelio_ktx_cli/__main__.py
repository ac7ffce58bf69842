"""`python -m kaelio_ktx_cli`: ktx in the place of this process."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from kaelio_ktx_cli import find_ktx

HERE = Path(__file__).parent


def words() -> str:
    """What started this process, for ktx to name in what it advises; good in every folder."""
    python = sys.orig_argv[0]
    command = (
        f"{shlex.quote(os.path.abspath(python) if os.sep in python else python)} -m kaelio_ktx_cli"
    )
    paths = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    if str(HERE.parent) in paths:
        return f"PYTHONPATH={shlex.quote(os.pathsep.join(paths))} {command}"
    return command


def main() -> None:
    """Becomes the launcher, which starts ktx or says why it cannot; exits with 1 where the package
    is damaged.
    """
    try:
        found = {"KTX_FOUND": find_ktx(), "KTX_LAUNCHER": words()}
    except FileNotFoundError as error:
        sys.exit(str(error))
    os.execve("/bin/sh", ["sh", str(HERE / "launch.sh"), *sys.argv[1:]], {**os.environ, **found})


if __name__ == "__main__":
    main()
