"""The operations on a semantic layer: compile a query, validate a model."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any, TypeVar

from ktx_daemon.snapshots import engine_for
from semantic_layer.catalog import validation_failure
from semantic_layer.errors import INVALID_REQUEST, SemanticError
from semantic_layer.model_base import Model
from semantic_layer.models import SemanticQuery

RequestT = TypeVar("RequestT", bound=Model)


class SemanticLayerQueryRequest(Model):
    """A query, the model it is about and the dialect to answer in.

    The sources are mappings as in the YAML; each is validated when the query needs it.
    `explain` asks for the plan in words as well.
    """

    sources: list[dict[str, Any]]
    query: SemanticQuery
    dialect: str = "postgres"
    explain: bool = False


class ValidateSourcesRequest(Model):
    """A model to check; `recently_touched` names the sources that were just edited.

    `complete` is false when the model has sources that were not sent, because they are known to
    be wrong: what needs them is then not judged. `suspect` names the sent sources that could look
    one of these up although they declare no join to it, for it declares one to them.
    """

    sources: list[dict[str, Any]]
    dialect: str = "postgres"
    recently_touched: list[str] | None = None
    complete: bool = True
    suspect: list[str] = []


def query_semantic_layer(request: SemanticLayerQueryRequest) -> dict[str, Any]:
    """Return SQL, output columns, plan and warnings for a query, and its explanation if asked."""
    engine = engine_for(request.sources, request.dialect)
    result = engine.query(request.query)
    response = result.model_dump()
    if request.explain:
        response["explanation"] = engine.explain_plan(result.plan).as_json()
    return response


def validate_semantic_layer(request: ValidateSourcesRequest) -> dict[str, Any]:
    """Return what is wrong with a model."""
    from semantic_layer.validation import validate_sources

    report = validate_sources(
        request.sources,
        request.dialect,
        request.recently_touched,
        complete=request.complete,
        suspect=request.suspect,
    )
    return report.model_dump()


def semantic_query(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `semantic-query`."""
    return query_semantic_layer(_checked(SemanticLayerQueryRequest, request))


def semantic_validate(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `semantic-validate`."""
    return validate_semantic_layer(_checked(ValidateSourcesRequest, request))


def _checked(model: type[RequestT], request: dict[str, Any]) -> RequestT:
    try:
        return model.model_validate(request, strict=True)
    except SemanticError:
        raise
    except ValueError as error:
        raise validation_failure(error, INVALID_REQUEST, "The request") from error
