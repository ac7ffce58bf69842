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
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model, model_validator

if TYPE_CHECKING:
    from semantic_layer.data.model import Model


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

    fields: dict[str, Any] = {
        name: (_annotation(annotation), model.model_defaults.get(name, ...))
        for name, annotation in model.model_types.items()
    }
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
    """Return plain JSON values converted to exact field values, or raise `ValidationError`."""
    generated = pydantic_model(model)
    # In JSON the name of an enum's member is of its exact type; as a Python object it is not.
    parsed = (
        generated.model_validate_json(json.dumps(data), strict=True)
        if strict
        else generated.model_validate(data)
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
    if isinstance(annotation, type) and hasattr(annotation, "model_types"):
        return pydantic_model(annotation)
    return annotation
