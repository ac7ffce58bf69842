"""`Model`: declared fields with pydantic's manners and without its import cost.

A subclass declares annotated fields. Data that conforms exactly is accepted by checks compiled
from the annotations; anything else goes to a pydantic model generated from the same annotations,
which converts it or raises pydantic's own `ValidationError`.
"""

# Annotations are read as objects here, so this module and the models do not postpone them.
import sys
import types
from collections.abc import Callable
from enum import Enum
from typing import (
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Self,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
)

Check = Callable[[Any], Any]


class Nonconforming(Exception):
    """Data is not exactly of the declared type; pydantic decides what becomes of it."""


class Shape(NamedTuple):
    """A model's fields, compiled: checks by name, and the containers of fields that are not given.

    What else is not given is read from the class, which saves memory where there are thousands.

    A value of exactly the type beside a check needs no check.
    """

    checks: dict[str, tuple[type | None, Check]]
    required: frozenset[str]
    containers: list[tuple[str, type]]
    has_consistency: bool


@dataclass_transform(kw_only_default=True)
class Model:
    """Base of every public data model: keyword construction, equality, repr, validation."""

    model_types: ClassVar[dict[str, Any]] = {}
    model_defaults: ClassVar[dict[str, Any]] = {}
    model_shape: ClassVar["Shape | None"] = None

    def __init_subclass__(cls) -> None:
        own = cls.__dict__.get("__annotations__")
        if own is None:  # Python 3.14 computes them on access, and never a base class's
            own = cls.__annotations__ if sys.version_info >= (3, 14) else {}
        fields = {
            name: annotation
            for name, annotation in own.items()
            if getattr(annotation, "__origin__", None) is not ClassVar
        }
        cls.model_types = {**cls.model_types, **fields}
        defaults = {name: cls.__dict__[name] for name in fields if name in cls.__dict__}
        cls.model_defaults = {**cls.model_defaults, **defaults}
        cls.model_shape = None

    def __init__(self, **values: Any) -> None:
        try:
            self._fill(values)
        except (Nonconforming, ValueError):
            self._fill(_schema().converted(type(self), dump_value(values)))

    @classmethod
    def model_validate(cls, obj: Any, *, strict: bool = False) -> Self:
        """Build the model from a mapping; bad data raises pydantic's `ValidationError`.

        `strict` accepts JSON values of exactly the declared types, without conversions.
        """
        if isinstance(obj, cls):
            return obj
        if type(obj) is dict and all(type(key) is str for key in obj):
            built = cls.__new__(cls)
            try:
                built._fill(obj)
            except (Nonconforming, ValueError):
                pass
            else:
                return built
        plain = dump_value(obj) if isinstance(obj, dict) else obj
        return cls(**_schema().converted(cls, plain, strict=strict))

    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """Return the fields as plain JSON values, in declaration order."""
        dumped = {name: dump_value(getattr(self, name), exclude_none) for name in self.model_types}
        if exclude_none:
            return {name: value for name, value in dumped.items() if value is not None}
        return dumped

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the model, as pydantic describes it."""
        return dict(_schema().pydantic_model(cls).model_json_schema())

    def check_consistency(self) -> None:
        """Check what spans several fields; raises `ValueError`. Runs after every construction."""

    def _fill(self, values: dict[str, Any]) -> None:
        shape = type(self).model_shape or type(self)._compiled()
        if not shape.required.issubset(values):
            raise Nonconforming
        state = self.__dict__
        for name, empty in shape.containers:
            if name not in values:
                state[name] = empty()
        checks = shape.checks
        for name, value in values.items():
            if name not in checks:
                raise Nonconforming
            exact, check = checks[name]
            state[name] = value if type(value) is exact else check(value)
        if shape.has_consistency:
            self.check_consistency()

    @classmethod
    def _compiled(cls) -> "Shape":
        kinds, given = cls.model_types, cls.model_defaults
        containers = {name: v for name, v in given.items() if isinstance(v, (list, dict))}
        cls.model_shape = Shape(
            {name: (plain_type(kind), compile_check(kind)) for name, kind in kinds.items()},
            frozenset(kinds.keys() - given.keys()),
            [(name, type(value)) for name, value in containers.items()],
            cls.check_consistency is not Model.check_consistency,
        )
        return cls.model_shape

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and all(
            getattr(self, name) == getattr(other, name) for name in self.model_types
        )

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.model_types)
        return f"{type(self).__name__}({fields})"


def _schema() -> Any:
    # Importing pydantic costs as much as answering a query; data that conforms needs none of it.
    from semantic_layer.data import schema

    return schema


def dump_value(value: Any, exclude_none: bool = False) -> Any:
    """Return `value` with models, enums and containers turned into plain JSON values."""
    if isinstance(value, Model):
        return value.model_dump(exclude_none=exclude_none)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [dump_value(item, exclude_none) for item in value]
    if isinstance(value, dict):
        return {key: dump_value(item, exclude_none) for key, item in value.items()}
    return value


def plain_type(annotation: Any) -> type | None:
    """Return the type whose values an annotation takes as they are, before any other."""
    if get_origin(annotation) in (types.UnionType, Union):
        return plain_type(get_args(annotation)[0])
    return annotation if annotation in (str, int, bool) else None


def compile_check(annotation: Any) -> Check:
    """Return the function that accepts exactly the JSON values `annotation` describes."""
    if annotation is Any or annotation is object:
        return _accept
    origin = get_origin(annotation)
    if origin is list:
        return _list_check(compile_check(get_args(annotation)[0]))
    if origin is dict:
        return _dict_check(compile_check(get_args(annotation)[1]))
    if origin is Literal:
        return _choice_check({choice: choice for choice in get_args(annotation)})
    if origin in (types.UnionType, Union):
        return _union_check([compile_check(part) for part in get_args(annotation)])
    if issubclass(annotation, Model):
        return _model_check(annotation)
    if issubclass(annotation, Enum):
        return _choice_check({member.value: member for member in annotation})
    return _float if annotation is float else _exact_check(annotation)


def _accept(value: Any) -> Any:
    return value


def _float(value: Any) -> float:
    if type(value) is not float and type(value) is not int:
        raise Nonconforming
    return float(value)


def _exact_check(expected: type) -> Check:
    def check(value: Any) -> Any:
        if type(value) is not expected:
            raise Nonconforming
        return value

    return check


def _choice_check(choices: dict[Any, Any]) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise Nonconforming
        return choices[value]

    return check


def _list_check(item_check: Check) -> Check:
    def check(value: Any) -> Any:
        if type(value) is not list:
            raise Nonconforming
        return [item_check(item) for item in value]

    return check


def _dict_check(item_check: Check) -> Check:
    def check(value: Any) -> Any:
        if type(value) is not dict or not all(type(key) is str for key in value):
            raise Nonconforming
        return {key: item_check(item) for key, item in value.items()}

    return check


def _model_check(model: type[Model]) -> Check:
    def check(value: Any) -> Any:
        if isinstance(value, model):
            return value
        if type(value) is not dict:
            raise Nonconforming
        built = model.__new__(model)
        built._fill(value)
        return built

    return check


def _union_check(parts: list[Check]) -> Check:
    def check(value: Any) -> Any:
        for part in parts:
            try:
                return part(value)
            except Nonconforming:
                continue
        raise Nonconforming

    return check
