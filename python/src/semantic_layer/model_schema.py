"""The pydantic side of `Model`: conversions, error reports and JSON Schema.

Imported only when data does not conform exactly, because importing pydantic costs as much as
answering a query.
"""

from __future__ import annotations

import json
import types
import warnings
from functools import reduce
from operator import or_
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model, model_validator

from semantic_layer.model_base import REQUIRED, Model, dump_value


class _Base(BaseModel):
    # A field may share its name with a BaseModel attribute (`schema`, `copy`).
    model_config = ConfigDict(extra="forbid", protected_namespaces=())


_GENERATED: dict[type[Model], type[BaseModel]] = {}


def pydantic_model(model: type[Model]) -> type[BaseModel]:
    """Return the pydantic model with the fields and consistency checks of `model`."""
    if model not in _GENERATED:
        _GENERATED[model] = _generated(model)
    return _GENERATED[model]


def _generated(model: type[Model]) -> type[BaseModel]:

    def check(self: Any) -> Any:
        model.check_consistency(self)
        return self

    fields: dict[str, Any] = {}
    for name, annotation in model.model_types.items():
        default = model.model_defaults[name]
        fields[name] = (_annotation(annotation), ... if default is REQUIRED else default)
    validators: dict[str, Any] = {"check_consistency": model_validator(mode="after")(check)}
    with warnings.catch_warnings():
        # A field named `schema` hides a method of pydantic's that nobody calls here.
        warnings.filterwarnings("ignore", "Field name .* shadows an attribute", UserWarning)
        return create_model(
            model.__name__,
            __base__=_Base,
            __doc__=model.__doc__,
            __validators__=validators,
            **fields,
        )


def converted(model: type[Model], data: Any, *, strict: bool = False) -> dict[str, Any]:
    """Return `data` converted to exact field values, or raise pydantic's `ValidationError`."""
    plain = (
        {key: dump_value(value) for key, value in data.items()} if isinstance(data, dict) else data
    )
    generated = pydantic_model(model)
    # In JSON the name of an enum's member is of its exact type; as a Python object it is not.
    parsed = (
        generated.model_validate_json(json.dumps(plain), strict=True)
        if strict
        else generated.model_validate(plain)
    )
    return parsed.model_dump(mode="json", include=parsed.model_fields_set)


def _annotation(annotation: Any) -> Any:
    origin = get_origin(annotation)
    if origin is Literal:
        return annotation
    if origin in (types.UnionType, Union):
        return reduce(or_, (_annotation(part) for part in get_args(annotation)))
    if origin in (list, dict):
        return origin[tuple(_annotation(part) for part in get_args(annotation))]
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return pydantic_model(annotation)
    return annotation
