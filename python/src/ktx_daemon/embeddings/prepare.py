"""What an install makes from the model, run by the new environment's Python:

    python -m ktx_daemon.embeddings.prepare

Verifies the model's files in full, then writes the graph and the stamps below the environment.
Ends with 1 and a line on standard error when the model is missing or damaged.
"""

from __future__ import annotations

import sys

from ktx_daemon.embeddings.graph import build_graph
from ktx_daemon.embeddings.model_files import GRAPH, STAMPS, Stamps, installed_model, made_folder
from ktx_daemon.errors import OperationError


def main() -> int:
    """Make both files."""
    folder = made_folder()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        files = installed_model(Stamps(folder / STAMPS, kept=True))
        (folder / GRAPH).write_bytes(build_graph(files.weights))
    except (OperationError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
