"""The model's sources by name, each validated when it is first needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from semantic_layer.errors import INVALID_MODEL, INVALID_REQUEST, SemanticError, close_names
from semantic_layer.measure_definition import MeasureDefinition, MeasureVisibility
from semantic_layer.metric_definition import METRICS, MetricsDefinition, are_metrics
from semantic_layer.models import ColumnVisibility, JoinDeclaration, SourceColumn, SourceDefinition

RawSource = SourceDefinition | MetricsDefinition | dict[str, Any]


class Names:
    """Names of one kind, found exactly or, when that gives one answer, in any case."""

    def __init__(self, names: Sequence[str]) -> None:
        self._exact = frozenset(names)

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        folded: dict[str, list[str]] = {}
        for name in self._exact:
            folded.setdefault(name.casefold(), []).append(name)
        return folded

    def find(self, name: str, quoted: bool = False) -> str | None:
        """Return the declared spelling of `name`; a quoted name must match exactly."""
        if name in self._exact:
            return name
        same = self._folded.get(name.casefold(), [])
        return same[0] if len(same) == 1 and not quoted else None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._exact))


class Catalog(Mapping[str, SourceDefinition]):
    """All sources of a model; building one costs no more than listing their names.

    The model's metrics are beside them: they have no rows.
    """

    def __init__(self, sources: Mapping[str, RawSource]) -> None:
        self._raw = dict(sources)
        self._metrics = self._raw.pop(METRICS) if are_metrics(self._raw.get(METRICS)) else None
        self._columns: dict[str, Names] = {}
        self._by_name: dict[str, dict[str, SourceColumn]] = {}

    @classmethod
    def from_list(cls, sources: Sequence[RawSource]) -> Catalog:
        """Index a request's sources; a missing or repeated name is an error."""
        named: dict[str, RawSource] = {}
        for index, source in enumerate(sources):
            name = source.get("name") if isinstance(source, dict) else source.name
            if not isinstance(name, str) or not name:
                raise SemanticError(
                    INVALID_MODEL,
                    f"sources[{index}] has no name.",
                    fix="Give every source a non-empty `name`.",
                )
            if name in named:
                raise SemanticError(
                    INVALID_MODEL,
                    f"Duplicate source name '{name}'.",
                    fix="Rename or remove one of the two.",
                    source=name,
                    path=("name",),
                )
            named[name] = source
        return cls(named)

    def __getitem__(self, name: str) -> SourceDefinition:
        raw = self._raw[name]
        if isinstance(raw, SourceDefinition):
            return raw
        validated = self._raw[name] = validated_source(name, raw)
        return validated

    def __contains__(self, name: object) -> bool:
        # Mapping would look the source up, and so validate it.
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    @cached_property
    def source_names(self) -> Names:
        """The names of the sources."""
        return Names(list(self._raw))

    @cached_property
    def metrics(self) -> MetricsDefinition | None:
        """The metrics of the model; None if it has none."""
        return validated_metrics(self._metrics) if self._metrics is not None else None

    @property
    def owners(self) -> list[str]:
        """What measures belong to: the sources, and `metrics` where there are any."""
        return [*self._raw, *([METRICS] if self._metrics is not None else [])]

    def owns(self, name: str) -> bool:
        """Whether measures can belong to this: a source, or `metrics` where there are any."""
        return name in self._raw or self._are_metrics(name)

    def without(self, names: Collection[str]) -> Catalog:
        """Return a catalog of the other sources, without metrics."""
        return Catalog({name: raw for name, raw in self._raw.items() if name not in names})

    def declared(self, name: str, field: str) -> list[dict[str, Any]]:
        """Return `joins`, `columns` or `measures` of a source without validating all of it."""
        raw = self._metrics if self._are_metrics(name) else self._raw[name]
        if isinstance(raw, dict):
            items = raw.get(field) or []
            if isinstance(items, list) and all(isinstance(item, dict) for item in items):
                return items
        if field == "measures":
            return [vars(item) for item in self.measures_of(name)]
        if self._are_metrics(name):
            return []
        return [vars(item) for item in getattr(self[name], field)]

    @cached_property
    def _sources_by_column(self) -> dict[str, list[str]]:
        return self._index("columns")

    @cached_property
    def _sources_by_measure(self) -> dict[str, list[str]]:
        return self._index("measures")

    def _index(self, field: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for source in self.owners if field == "measures" else self._raw:
            for item in self.declared(source, field):
                found.setdefault(str(item.get("name")).casefold(), []).append(source)
        return found

    def sources_with_column(self, name: str) -> list[str]:
        """Return the sources that declare a column of this name, in any case, sorted."""
        return sorted(set(self._sources_by_column.get(name.casefold(), [])))

    def sources_with_measure(self, name: str) -> list[str]:
        """Return the sources that declare a measure of this name, in any case, sorted."""
        return sorted(set(self._sources_by_measure.get(name.casefold(), [])))

    def column(self, source: str, name: str, quoted: bool = False) -> SourceColumn | None:
        """Return a source's column by name, or None."""
        if source not in self._columns:
            columns = self[source].columns
            self._columns[source] = Names([column.name for column in columns])
            self._by_name[source] = {column.name: column for column in columns}
        found = self._columns[source].find(name, quoted)
        return self._by_name[source][found] if found is not None else None

    def measures_of(self, owner: str) -> Sequence[MeasureDefinition]:
        """Return the measures of a source, or the metrics."""
        if self._are_metrics(owner) and self.metrics is not None:
            return self.metrics.measures
        return self[owner].measures

    def _are_metrics(self, owner: str) -> bool:
        return owner == METRICS and self._metrics is not None

    def measure_at(self, owner: str, name: str) -> tuple[int, MeasureDefinition]:
        """Return a measure by its exact name, with its place among the others of its owner."""
        return next(
            (index, item) for index, item in enumerate(self.measures_of(owner)) if item.name == name
        )

    def measure(self, owner: str, name: str) -> MeasureDefinition | None:
        """Return a measure of a source, or a metric, by name, or None."""
        measures = {measure.name: measure for measure in self.measures_of(owner)}
        found = Names(list(measures)).find(name)
        return measures[found] if found is not None else None

    def unknown_source(self, name: str) -> tuple[str, list[str]]:
        """Return the message and suggestions for a name that is no source."""
        known = ", ".join(self.source_names)
        return f"there is no source '{name}'. Sources: {known}.", close_names(name, self._raw)

    def unknown_column(self, source: str, name: str) -> tuple[str, list[str]]:
        """Return the message and suggestions for a name that is no column of a source."""
        definition = self[source]
        if self.measure(source, name) is not None:
            return (
                f"'{name}' is a measure of source '{source}', and a column must stand here.",
                [],
            )
        if any(segment.name == name for segment in definition.segments):
            return f"'{name}' is a segment of source '{source}', and no column.", []
        visible = [
            column.name
            for column in definition.columns
            if column.visibility is not ColumnVisibility.hidden
        ]
        visible += [
            measure.name
            for measure in definition.measures
            if measure.visibility is MeasureVisibility.public
        ]
        available = sorted(set(visible))
        message = (
            f"Column '{name}' does not exist in source '{source}'. "
            f"Available: {', '.join(available)}."
        )
        elsewhere = [
            f"{owner}.{found.name}"
            for owner in self.sources_with_measure(name)
            if (found := self.measure(owner, name)) is not None
            and found.visibility is MeasureVisibility.public
        ]
        if elsewhere:
            message += f" There is a measure {' and '.join(elsewhere)}."
        return message, [*elsewhere, *close_names(name, available)]


def validated_metrics(raw: object) -> MetricsDefinition:
    """Build the metrics of a model, or raise an error that names the place."""
    try:
        return MetricsDefinition.model_validate(raw)
    except ValueError as error:
        raise validation_failure(error, INVALID_MODEL, "The metrics", METRICS) from error


def validated_source(name: str, raw: object) -> SourceDefinition:
    """Build one source, turning pydantic's report into an error that names the place."""
    try:
        return SourceDefinition.model_validate(raw)
    except ValueError as error:
        raise validation_failure(error, INVALID_MODEL, f"Source '{name}'", name) from error


def validation_failure(
    error: ValueError, kind: str, subject: str, source: str | None = None
) -> SemanticError:
    """Turn pydantic's `ValidationError` into one error with the place of its first finding."""
    findings: list[dict[str, Any]] = getattr(error, "errors", list)()
    if not findings:
        return SemanticError(kind, f"{subject}: {error}", source=source)
    first = findings[0]
    unknown = first["type"] == "extra_forbidden"
    *above, last = first["loc"] or ("str",)
    path = [part for part in above if not _is_union_tag(part)]
    # The last part of an unknown field's place is its name, however it begins.
    path += [last] if unknown or not _is_union_tag(last) else []
    where = ".".join(str(part) for part in path)
    reason = first["msg"].removeprefix("Value error, ")
    message = f"{subject}, {where}: {reason}" if where else f"{subject}: {reason}"
    suggestions = _known_fields(path, source) if unknown else []
    more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
    fix = "Correct the field." if kind == INVALID_REQUEST else "Correct the source definition."
    return SemanticError(
        kind, message + more, fix=fix, suggestions=suggestions, source=source, path=path
    )


def _is_union_tag(part: object) -> bool:
    # pydantic names the member of a union in the location: `str`, or a model's class.
    return isinstance(part, str) and (part == "str" or part[:1].isupper())


def _known_fields(path: list[Any], source: str | None) -> list[str]:
    from semantic_layer.models import Segment, SemanticQuery

    parts: dict[str, Any] = {
        "columns": SourceColumn,
        "joins": JoinDeclaration,
        "measures": MeasureDefinition,
        "segments": Segment,
    }
    if source is None:
        model: Any = SemanticQuery
    else:
        model = parts.get(path[0], SourceDefinition) if len(path) > 1 else SourceDefinition
    return close_names(str(path[-1]), model.model_types)
