"""Make a virtual environment of the running Python and describe it in a file.

Arguments: the environment's folder, the file to write, and folders to search after its own.
"""

import pathlib
import subprocess
import sys
import venv


def main() -> None:
    """Replace the environment and its description."""
    folder, description, *search_paths = sys.argv[1:]
    venv.create(folder, clear=True, symlinks=True, with_pip=False)
    python = pathlib.Path(folder, "bin", "python")
    script = pathlib.Path(__file__).with_name("describe_interpreter.py")
    subprocess.run([python, "-I", "-B", script, description, *search_paths], check=True)


if __name__ == "__main__":
    main()
