"""Reading a request as the model that its operation declares."""

from __future__ import annotations

from typing import Any, TypeVar

from semantic_layer.data.model import Model
from semantic_layer.errors import INVALID_REQUEST, SemanticError

RequestT = TypeVar("RequestT", bound=Model)


def checked(model: type[RequestT], request: dict[str, Any], *, has_query: bool = False) -> RequestT:
    """Return the request as its model; raises an error that names the field that is wrong.

    `has_query` says that the fields of a semantic query are worth suggesting.
    """
    try:
        return model.model_validate(request, strict=True)
    except SemanticError:
        raise
    except ValueError as error:
        from semantic_layer.catalog import validation_failure

        failure = validation_failure(error, INVALID_REQUEST, "The request")
        if not has_query:
            failure.suggestions = []
        raise failure from error
