"""The words of others as sentences of a message."""

from __future__ import annotations


def sentence(words: str) -> str:
    """Return words on one line that end in one full stop, or in the mark that they have."""
    plain = " ".join(words.split()).rstrip(".")
    return plain if plain.endswith(("!", "?", "…")) else plain + "."
