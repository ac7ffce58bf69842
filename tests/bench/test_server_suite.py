"""How probes become rounds."""

from __future__ import annotations

from server_suite import parts


def test_parts_are_consecutive_and_equally_long() -> None:
    assert parts([1, 2, 3, 4, 5, 6, 7], 3) == [[1, 2], [3, 4], [5, 6]]
