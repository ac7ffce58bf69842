"""The engine by itself, in the runtime's own Python."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from figures import Figure, from_json
from installation import Installation


def engine(bench: Installation) -> list[Figure]:
    """What `engine_bench.py` measures there; `-P` keeps the folder's modules from Python's own."""
    script = str(Path(__file__).with_name("engine_bench.py"))
    words = [bench.python(), "-P", script]
    printed = subprocess.check_output(words, env=bench.variables, text=True)
    return [from_json(document) for document in json.loads(printed)]
