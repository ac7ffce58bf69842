"""Runs a random search from a seed, which it says so that the same search can be run again.

    seeded.py COMMAND…

`{seed}` in a word of the command is the seed: that of KTX_SEED, or else a new one each time.
"""

from __future__ import annotations

import os
import secrets
import sys

LARGEST = 2**31 - 1


def choose(given: str) -> int:
    """The seed that was asked for, or a new one; 0 would let libFuzzer take one of its own."""
    if not given:
        return secrets.randbelow(LARGEST) + 1
    if not given.isdigit() or not 1 <= int(given) <= LARGEST:
        raise SystemExit(f"KTX_SEED is {given!r}. Give a whole number from 1 to {LARGEST}.")
    return int(given)


def main(words: list[str]) -> None:
    """Becomes the command."""
    seed = choose(os.environ.get("KTX_SEED", ""))
    print(f"Seed {seed}: with KTX_SEED={seed} the same search is run again.", flush=True)
    command = [word.replace("{seed}", str(seed)) for word in words]
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
