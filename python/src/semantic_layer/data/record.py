"""`Record` and `Frozen`: plain classes from their annotations, for values inside the planner.

Dataclasses, but defined without generating code: a query starts a process, and generating the
planner's dataclasses would take longer than planning.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(eq_default=False)
class Record:
    """Base of classes whose constructor takes their annotated fields, in order or by name.

    A default that is a list or dict is copied for every instance.
    """

    record_fields: ClassVar[tuple[str, ...]] = ()
    record_names: ClassVar[frozenset[str]] = frozenset()
    record_defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        names = tuple(cls.__dict__.get("__annotations__") or cls.__annotations__)
        cls.record_fields = names
        cls.record_names = frozenset(names)
        cls.record_defaults = {name: vars(cls)[name] for name in names if name in vars(cls)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        state = self.__dict__
        for name, default in self.record_defaults.items():
            state[name] = default.copy() if isinstance(default, (list, dict, set)) else default
        state.update(zip(self.record_fields, args, strict=False))
        state.update(kwargs)
        if state.keys() != self.record_names or len(args) > len(self.record_fields):
            raise TypeError(f"{type(self).__name__} takes {', '.join(self.record_fields)}")

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({fields})"


class Frozen(Record):
    """A record whose fields are set once, by its constructor."""

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is complete: '{name}' cannot be set")

    def replaced(self, **changes: Any) -> Self:
        """Return the same with some fields changed."""
        return type(self)(**{**self.__dict__, **changes})

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is complete: '{name}' cannot be deleted")
