"""sqlglot, imported at less cost: the packages here take its names from this module.

At its first import, `from sqlglot import …` spends a fifth of its time on modules that it needs
for dialects from plugins, for comparing trees and for suggestions, none of which happens here.
The first import decides, so no other module imports sqlglot before this one.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from semantic_layer.syntax.lean_import import InspectStandIn, LoggingStandIn, StandIn, standing_in

with standing_in(
    "sqlglot",
    {
        "importlib.metadata": StandIn("importlib.metadata", frozenset({"entry_points"})),
        "difflib": StandIn("difflib", frozenset({"get_close_matches"})),
        "sqlglot.diff": StandIn("sqlglot.diff", frozenset({"diff"})),
        "inspect": InspectStandIn(),
        "logging": LoggingStandIn(),
    },
):
    from sqlglot import Dialect, TokenType, exp, parse, parse_one
    from sqlglot.errors import ErrorLevel, SqlglotError, UnsupportedError

if TYPE_CHECKING:
    from sqlglot.optimizer.scope import Scope, traverse_scope

__all__ = [
    "Dialect",
    "ErrorLevel",
    "Scope",
    "SqlglotError",
    "TokenType",
    "UnsupportedError",
    "dialect_named",
    "exp",
    "parse",
    "parse_one",
    "traverse_scope",
]


@cache
def dialect_named(name: str) -> Dialect:
    """Return a dialect of sqlglot, which would make another object for each text."""
    return Dialect.get_or_raise(name)


def __getattr__(name: str) -> Any:
    # Only what analyses whole statements needs these, and no question does.
    if name not in ("Scope", "traverse_scope"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sqlglot.optimizer import scope

    return getattr(scope, name)


def _load_diff_when_used() -> None:
    """Let `sqlglot.diff` be the function for ever, as it is after a plain import.

    Importing the module of that name later would replace the function; found in `sys.modules`,
    it is not imported again.
    """
    from importlib.util import LazyLoader, find_spec, module_from_spec

    spec = find_spec("sqlglot.diff")
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    if sys.modules.setdefault("sqlglot.diff", module) is module:
        spec.loader.exec_module(module)


if "sqlglot.diff" not in sys.modules:
    _load_diff_when_used()
