"""Importing a package without the modules it only needs for what nobody here calls.

A cold query is mostly imports. While the package's own modules run for the first time, their
`import` statements for a few modules of the table below get stand-ins, which import the real
module when they are first called. `sys.modules` never holds a stand-in, and no other package's
imports are touched: other threads may import whatever they like meanwhile.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any


class StandIn:
    """What `from module import function` finds instead of a module: functions that import it."""

    def __init__(self, module: str, functions: frozenset[str]) -> None:
        self._module = module
        self._functions = functions

    def serves(self, names: Sequence[str] | None) -> bool:
        """Whether an import statement that binds these names can do with the stand-in."""
        return bool(names) and self._functions.issuperset(names or ())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._functions:
            raise AttributeError(f"the stand-in for {self._module!r} has no {name!r}")

        def forward(*args: Any, **kwargs: Any) -> Any:
            return getattr(import_module(self._module), name)(*args, **kwargs)

        forward.__name__ = forward.__qualname__ = name
        return forward


class InspectStandIn:
    """Stands in for `inspect` as a whole: listing a module's members needs nothing of it."""

    def serves(self, names: Sequence[str] | None) -> bool:
        """Whether an import statement binds the module itself."""
        return not names

    @staticmethod
    def isclass(value: object) -> bool:
        """Whether a value is a class."""
        return isinstance(value, type)

    @staticmethod
    def getmembers(
        owner: object, predicate: Callable[[Any], bool] | None = None
    ) -> list[tuple[str, Any]]:
        """Return the attributes that fit, by name."""
        if not isinstance(owner, ModuleType):
            found: list[tuple[str, Any]] = import_module("inspect").getmembers(owner, predicate)
            return found
        members = sorted(vars(owner).items())
        return [(name, value) for name, value in members if predicate is None or predicate(value)]

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("inspect"), name)


class LazyLogger:
    """A logger of `logging`, which is imported when something is done with it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module("logging").getLogger(self._name), attribute)


class LoggingStandIn:
    """Stands in for `logging` as a whole: a query that goes well has nothing to log."""

    def serves(self, names: Sequence[str] | None) -> bool:
        """Whether an import statement binds the module itself."""
        return not names

    @staticmethod
    def getLogger(name: str) -> LazyLogger:  # noqa: N802 - as `logging` has it
        """Return what logs under a name."""
        return LazyLogger(name)

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("logging"), name)


_StandIns = StandIn | InspectStandIn | LoggingStandIn


class standing_in:  # noqa: N801 - reads as what it does after `with`
    """Gives the modules of a package stand-ins for modules that are not loaded yet."""

    def __init__(self, package: str, stand_ins: Mapping[str, _StandIns]) -> None:
        self._package = package
        self._stand_ins = stand_ins
        self._original = builtins.__import__

    def __enter__(self) -> None:
        self._original = builtins.__import__
        builtins.__import__ = self._import

    def __exit__(self, *_: object) -> None:
        # Somebody else may have put theirs around this one, which from now on only passes on.
        self._stand_ins = {}
        if builtins.__import__ == self._import:
            builtins.__import__ = self._original

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        stand_in = self._stand_ins.get(name)
        if stand_in is not None and level == 0 and name not in sys.modules:
            importer = str((globals or {}).get("__name__"))
            if importer.partition(".")[0] == self._package and stand_in.serves(fromlist):
                return stand_in
        return self._original(name, globals, locals, fromlist, level)
