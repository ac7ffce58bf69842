"""What a compiler took, kept: build_times.py has CMake start each compiler by this program.

    compile_launcher.py FOLDER COMPILER WORD…

Each run leaves a file of its own in FOLDER, for compilers run beside each other: what was made, its
processor seconds, and how long it took.
"""

import os
import resource
import subprocess
import sys
import time


def main() -> int:
    """Runs the compiler; its exit code."""
    folder, words = sys.argv[1], sys.argv[2:]
    began = time.monotonic()
    code = subprocess.run(words, check=False).returncode
    wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    made = words[words.index("-o") + 1] if "-o" in words[:-1] else words[-1]
    with open(os.path.join(folder, str(os.getpid())), "a", encoding="utf-8") as file:
        file.write(f"{used.ru_utime + used.ru_stime:.3f}\t{wall:.3f}\t{made}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
