"""How deep SQL may be nested: more than Python allows by itself, and a refusal beyond."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from semantic_layer.errors import INVALID_QUERY, SemanticError

ResultT = TypeVar("ResultT")
# Reading a parenthesis takes some twenty calls of the parser. They are calls of Python functions
# by Python functions, which take no room of the stack that a thread has.
_ROOM = 8000


def with_room(run: Callable[[], ResultT]) -> ResultT:
    """Return the result of `run`; raises `SemanticError` where it would go too deep.

    The limit of the process is raised once and not lowered: other threads may be deep by then.
    """
    if sys.getrecursionlimit() < _ROOM:
        sys.setrecursionlimit(_ROOM)
    try:
        return run()
    except RecursionError as error:
        raise SemanticError(
            INVALID_QUERY,
            "An expression is nested too deeply.",
            fix="Split it: into a computed column, a segment, or an `sql` source.",
        ) from error
