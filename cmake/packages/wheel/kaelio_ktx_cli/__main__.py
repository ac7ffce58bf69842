"""`python -m kaelio_ktx_cli`: ktx in the place of this process."""

from __future__ import annotations

import os
import sys

from kaelio_ktx_cli import find_ktx

if __name__ == "__main__":
    program = find_ktx()
    os.execv(program, [program, *sys.argv[1:]])
