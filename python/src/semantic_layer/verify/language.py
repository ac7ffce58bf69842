"""What of SQL the evaluator knows, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semantic_layer.syntax.tree import Node
from semantic_layer.verify.casts import CASTS
from semantic_layer.verify.compiling import Build, Compiler
from semantic_layer.verify.functions import FUNCTIONS
from semantic_layer.verify.operators import OPERATORS
from semantic_layer.verify.time_functions import TIME_FUNCTIONS
from semantic_layer.verify.times import Clock

if TYPE_CHECKING:
    from semantic_layer.times.calendar import Calendar

_KNOWN: dict[type[Node], Build] = {**OPERATORS, **FUNCTIONS, **TIME_FUNCTIONS, **CASTS}


def compiler_of(dialect: str, zone: str, calendar: Calendar | None) -> Compiler:
    """Return what compiles expressions of a dialect, with times in a zone."""
    return Compiler(dialect, Clock(zone, calendar), _KNOWN)
