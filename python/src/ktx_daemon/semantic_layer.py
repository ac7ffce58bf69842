"""The operations on a semantic layer: compile a query, validate a model."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any

from ktx_daemon.errors import OperationError
from ktx_daemon.models import STORE, KnownModel, sha256
from ktx_daemon.requests import checked, decode
from semantic_layer.data.model import Model
from semantic_layer.errors import INVALID_REQUEST, SemanticError
from semantic_layer.models import SemanticQuery
from semantic_layer.times.calendar import Calendar


class SemanticLayerQueryRequest(Model):
    """A query, the model it is about and the dialect to answer in.

    The model is either `sources`, mappings as in the YAML, each validated when the query needs it,
    or `model`, what the registration of such sources returned. `explain` asks for the plan in
    words as well. `timezone` is the connection's zone, when neither the query nor its sources
    state one; `calendar` says when weeks and fiscal years begin.
    """

    sources: list[dict[str, Any]] | None = None
    model: str | None = None
    query: SemanticQuery
    dialect: str = "postgres"
    explain: bool = False
    timezone: str | None = None
    calendar: Calendar | None = None


class ValidateSourcesRequest(Model):
    """A model to check, as `sources` or as a registered `model`.

    `recently_touched` names the sources that were just edited.
    `complete` is false when the model has sources that were not sent, because they are known to
    be wrong: what needs them is then not judged. `suspect` names the sent sources that could look
    one of these up although they declare no join to it, for it declares one to them. `calendar`
    says when weeks and fiscal years begin.
    """

    sources: list[dict[str, Any]] | None = None
    model: str | None = None
    dialect: str = "postgres"
    recently_touched: list[str] | None = None
    complete: bool = True
    suspect: list[str] = []
    calendar: Calendar | None = None


class RegisterModelRequest(Model):
    """The sources of a model, mappings as in the YAML."""

    sources: list[dict[str, Any]]


class RegisteredModel(Model):
    """What a registered model is asked about by, and how many sources it has."""

    model: str
    sources: int


def query_semantic_layer(request: SemanticLayerQueryRequest) -> dict[str, Any]:
    """Return SQL, output columns, plan and warnings for a query, and its explanation if asked."""
    known = known_model(request.sources, request.model)
    with known.lock:
        engine = known.engine(request.dialect)
        result = engine.query(request.query, request.timezone, request.calendar)
        response = result.model_dump()
        if request.explain:
            response["explanation"] = engine.explain_plan(result.plan).as_json()
        return response


def validate_semantic_layer(request: ValidateSourcesRequest) -> dict[str, Any]:
    """Return what is wrong with a model."""
    from semantic_layer.validate.model import validate_sources

    sources = request.sources
    if sources is None or request.model is not None:
        sources = known_model(sources, request.model).sources
    report = validate_sources(
        sources,
        request.dialect,
        request.recently_touched,
        complete=request.complete,
        suspect=request.suspect,
        calendar=request.calendar,
    )
    return report.model_dump()


def semantic_query(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `semantic-query`."""
    return query_semantic_layer(checked(SemanticLayerQueryRequest, request, has_query=True))


def semantic_validate(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `semantic-validate`."""
    return validate_semantic_layer(checked(ValidateSourcesRequest, request, has_query=True))


def semantic_register_model(request: bytes) -> dict[str, Any]:
    """Run the operation `semantic-register-model`: the request's digest names the model."""
    digest = f"sha256:{sha256(request)}"
    try:
        known = STORE.registered(digest)
    except OperationError:
        sources = checked(RegisterModelRequest, decode(request), has_query=True).sources
        known = STORE.register(digest, sources, len(request))
    return RegisteredModel(model=digest, sources=len(known.sources)).model_dump()


def known_model(sources: list[dict[str, Any]] | None, digest: str | None) -> KnownModel:
    """Return the model of a request: its sources, or what was registered under a digest."""
    if digest is not None and sources is not None:
        raise _misplaced("model", "a request has either `sources` or `model`, not both")
    if digest is not None:
        return STORE.registered(digest)
    if sources is None:
        raise _misplaced("sources", "Field required, or `model` for a registered one")
    return STORE.same_as(sources)


def _misplaced(field: str, reason: str) -> SemanticError:
    message = f"The request, {field}: {reason}"
    return SemanticError(INVALID_REQUEST, message, fix="Correct the field.", path=[field])
