"""The data models of the semantic layer: source definitions, queries and plans."""

# Annotations are read as objects by Model, so this module does not postpone them.
from enum import StrEnum
from typing import Any, Literal

from semantic_layer.data.model import Model
from semantic_layer.measure_definition import MeasureDefinition as MeasureDefinition

Relationship = Literal["many_to_one", "one_to_many", "one_to_one"]
TimeStorage = Literal["unix", "unix_ms", "julian", "text"]
TimeZone = Literal["utc", "local"]
DEFAULT_LIMIT = 1000
DERIVED_SOURCE = "__derived__"
_DESCRIPTION_PRIORITY = ("user", "ai", "dbt", "db")


class ColumnVisibility(StrEnum):
    """Who may name a column: queries may not name a hidden one."""

    public = "public"
    internal = "internal"
    hidden = "hidden"


class ColumnRole(StrEnum):
    """What a column is for."""

    time = "time"
    default = "default"


class ColumnDbtConstraints(Model):
    """Constraints declared in dbt."""

    not_null: bool | None = None
    unique: bool | None = None


class DefaultTimeDimensionDbt(Model):
    """The default time dimension, as dbt's loader declares it."""

    dbt: str | None = None


class FreshnessDbt(Model):
    """Freshness declared in dbt; stored, not used by the planner."""

    raw: Any
    loaded_at_field: str | None = None


class ColumnTest(Model):
    """One test declared in dbt."""

    name: str
    package: str
    kwargs: dict[str, Any] | None = None


class ColumnTests(Model):
    """The tests of a column, by tool."""

    dbt: list[ColumnTest] | None = None
    dbt_by_package: dict[str, list[str]] | None = None


class _Described(Model):
    """Something with one description, or several by origin."""

    description: str | None = None
    descriptions: dict[str, str] | None = None

    def check_consistency(self) -> None:
        """Take the description from `descriptions` when it has none of its own."""
        if self.description is None and self.descriptions:
            texts = self.descriptions
            ordered = [texts.get(key) for key in _DESCRIPTION_PRIORITY] + list(texts.values())
            self.description = next((text for text in ordered if text), None)


class SourceColumn(_Described):
    """A column of a source; with `expr`, one computed from the source's other columns.

    `storage` says how it keeps its times where they are not of the database's own type; `zone`
    what those mean whose type has no zone.
    """

    name: str
    type: Literal["string", "number", "time", "boolean"]
    storage: TimeStorage | None = None
    zone: TimeZone | None = None
    visibility: ColumnVisibility = ColumnVisibility.public
    role: ColumnRole = ColumnRole.default
    expr: str | None = None
    natural_granularity: str | None = None
    constraints: dict[str, ColumnDbtConstraints] | None = None
    enum_values: dict[str, list[str]] | None = None
    tests: ColumnTests | None = None

    def check_consistency(self) -> None:
        """Check that only times say how they are kept."""
        _Described.check_consistency(self)
        if self.storage is not None and self.type != "time":
            raise ValueError(f"'storage' is of times, and column '{self.name}' is a {self.type}")
        if self.zone is not None and self.type != "time":
            raise ValueError(f"'zone' is of times, and column '{self.name}' is a {self.type}")
        if self.zone is not None and self.storage is not None:
            raise ValueError(
                f"column '{self.name}' has 'storage' and 'zone': numbers and texts that keep times "
                "say themselves which instants they are"
            )


class JoinDeclaration(Model):
    """A join from the source that declares it to the source `to`.

    `valid` has the time columns `from` and `to` of that source between which a row of it holds, and
    in `at` the time of the rows that look it up; without it, that is their time dimension.
    """

    to: str
    on: str
    relationship: Relationship
    alias: str | None = None
    valid: dict[str, str] | None = None

    def check_consistency(self) -> None:
        """Check that a window has both ends, and nothing that nobody reads."""
        if self.valid is None:
            return
        unknown = sorted(self.valid.keys() - {"from", "to", "at"})
        if unknown:
            raise ValueError(f"'valid' has 'from', 'to' and 'at', and no '{unknown[0]}'")
        missing = [key for key in ("from", "to") if key not in self.valid]
        if missing:
            raise ValueError(f"'valid' needs '{missing[0]}': a column of '{self.to}'")

    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """Return the fields as plain JSON values; no `valid` has no key."""
        dumped = super().model_dump(exclude_none=exclude_none)
        if self.valid is None:
            dumped.pop("valid", None)
        return dumped


class Segment(Model):
    """A named condition on a source's rows."""

    name: str
    expr: str
    description: str | None = None


class SourceDefinition(_Described):
    """A table, or a SELECT, with its columns, joins, measures and segments."""

    name: str
    table: str | None = None
    sql: str | None = None
    grain: list[str]
    columns: list[SourceColumn]
    joins: list[JoinDeclaration] = []
    measures: list[MeasureDefinition] = []
    segments: list[Segment] = []
    default_time_dimension: str | DefaultTimeDimensionDbt | None = None
    tags: dict[str, list[str]] | None = None
    freshness: dict[str, FreshnessDbt] | None = None
    source_type: Literal["table", "sql"] | None = None
    inherits_columns_from: str | None = None
    timezone: str | None = None

    @property
    def time_dimension(self) -> str | None:
        """The column that says when a row happened, as it is written; None if nothing does."""
        found = self.default_time_dimension
        return found.dbt if isinstance(found, DefaultTimeDimensionDbt) else found

    def check_consistency(self) -> None:
        """Check the grain, and that the rows come from one place."""
        _Described.check_consistency(self)
        if self.table is not None and self.sql is not None:
            raise ValueError("'table' and 'sql' are mutually exclusive")
        if not self.grain:
            raise ValueError("grain must be non-empty")


class QueryMeasure(Model):
    """A measure of a query that is an expression, with the name of its output column."""

    expr: str
    name: str | None = None


class QueryDimension(Model):
    """A column to group by, truncated to `granularity` when it is a time."""

    field: str
    granularity: str | None = None


class QueryOrder(Model):
    """A measure or dimension to order by; `direction` is asc or desc in any case."""

    field: str
    direction: str = "asc"


class SemanticQuery(Model):
    """A question: measures by dimensions.

    `join_path` holds routes, each a list of source names from a measure's source onwards; it
    decides between routes of equal length, or makes a longer one be used. `timezone` is the zone
    whose days and months are meant, before what the sources and the connection say. `fill` shows
    every period between the first and the last. `compare` adds to each measure its value some time
    earlier (`1 year`, or `previous` for the period before), and how it changed. `top` keeps so many
    groups, the best by the first measure that is ordered by, or else by the first measure; `per`
    keeps so many for each value of these dimensions. `each_once` lets a measure be grouped by the
    many side: a row counts once in each group that it belongs to, so that groups overlap.
    """

    measures: list[str | QueryMeasure]
    dimensions: list[str | QueryDimension] = []
    filters: list[str] = []
    segments: list[str] = []
    order_by: list[str | QueryOrder] = []
    limit: int = DEFAULT_LIMIT
    include_empty: bool = True
    join_path: list[list[str]] = []
    timezone: str | None = None
    fill: bool = False
    compare: str | None = None
    top: int | None = None
    per: list[str] = []
    each_once: bool = False

    def check_consistency(self) -> None:
        """Check the limit."""
        if self.limit < 0:
            raise ValueError(f"limit must be non-negative, got {self.limit}")
        if self.top is not None and self.top < 1:
            raise ValueError(f"top must be positive, got {self.top}")
        if self.per and self.top is None:
            raise ValueError("'per' says of what 'top' keeps the best, and there is no 'top'")


class Provenance(StrEnum):
    """Where an output column comes from: the model, the query, or a column of the data."""

    verified = "verified"
    composed = "composed"
    dimension = "dimension"


class Location(Model):
    """A place in a source's YAML: keys and list indexes from its top."""

    source: str
    path: list[str | int] = []


class Warning(Model):
    """Something an answer does that its reader should know; `location` when the model is why."""

    code: str
    severity: Literal["info", "warning"] = "warning"
    message: str
    location: Location | None = None

    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """Return the fields as plain JSON values; no `location` has no key."""
        dumped = super().model_dump(exclude_none=exclude_none)
        if self.location is None:
            dumped.pop("location", None)
        return dumped


class ResolvedColumn(Model):
    """An output column, under its alias in the SQL.

    A `part` was not asked for: a derived measure of the question is made of it.
    """

    name: str
    provenance: Provenance
    expr: str
    description: str | None = None
    granularity: str | None = None
    part: bool = False

    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """Return the fields as plain JSON values; `part` has a key where it is true."""
        dumped = super().model_dump(exclude_none=exclude_none)
        if not self.part:
            del dumped["part"]
        return dumped


class ResolvedMeasure(Model):
    """A measure of the plan; `source_name` is `__derived__` for arithmetic over measures."""

    name: str
    expr: str
    source_name: str
    original_name: str
    qualified_ref: str | None = None
    filter: str | None = None
    provenance: Provenance
    is_derived: bool = False
    depends_on: list[str] = []
    description: str | None = None


class ResolvedDimension(Model):
    """A dimension of the plan, qualified by its source or alias."""

    field: str
    granularity: str | None = None


class ResolvedJoin(Model):
    """A join of the plan; several columns are separated by commas."""

    from_source: str
    to_source: str
    from_column: str
    to_column: str
    relationship: Relationship


class MeasureGroup(Model):
    """The measures that are aggregated together over the rows of one source."""

    source_name: str
    measures: list[str]
    join_path_to_dims: list[str] = []


class ResolvedPlan(Model):
    """How a query is answered: a report for people and clients."""

    sources_used: list[str]
    join_paths: list[str]
    joins: list[ResolvedJoin]
    anchor_source: str
    anchor_grain: list[str]
    fan_out_description: str
    has_fan_out: bool
    measure_groups: list[MeasureGroup]
    aggregate_locality: list[str]
    where_filters: list[str]
    having_filters: list[str]
    columns: list[ResolvedColumn]
    measures: list[ResolvedMeasure]
    dimensions: list[ResolvedDimension]
    order_by: list[QueryOrder]
    limit: int
    include_empty: bool


class TimeCheck(Model):
    """A statement that gives a value of a column which cannot be read as a time, or no row.

    Such a value makes numbers wrong where the column is compared, and stands in a group of its own
    where rows are grouped by it. Where `probe` is given and its column is of a type of times, there
    is nothing to look for.
    """

    source: str
    column: str
    storage: TimeStorage | None = None
    use: Literal["grouped", "compared"]
    sql: str
    probe: str | None = None


class QueryResult(Model):
    """The answer to a query: SQL, its output columns, the plan and what to be aware of.

    The SQL is to be run in a session of the time zone `timezone`; `checks` are run beside it.
    """

    sql: str
    dialect: str
    columns: list[ResolvedColumn]
    plan: ResolvedPlan
    warnings: list[Warning] = []
    timezone: str = "UTC"
    checks: list[TimeCheck] = []
