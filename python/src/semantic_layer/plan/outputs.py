"""The output columns of a query: which measures they show, and under which names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from semantic_layer.errors import INVALID_QUERY, Origin, SemanticError, close_names, shown
from semantic_layer.metric_definition import METRICS
from semantic_layer.models import DERIVED_SOURCE, Provenance, QueryMeasure, SemanticQuery
from semantic_layer.plan.bases import NeedsBase
from semantic_layer.plan.logical import Dimension, Measure, Ordering, Top
from semantic_layer.plan.measures import MeasureKey, MeasureResolver, Resolved
from semantic_layer.plan.question_names import OWN, QuestionNames
from semantic_layer.syntax.names import kept
from semantic_layer.syntax.tree import METRIC_TIME, AggregateRef, unused_name

# `shops."Weird.Col"`, as the databases quote names.
_IN_QUOTES = re.compile(
    r"""(?P<source>.+)\.(?:"(?P<double>(?:[^"]|"")+)"|`(?P<back>(?:[^`]|``)+)`)(?=$|:)"""
)


class MeasureOutputs:
    """Resolves the measures a query selects."""

    def __init__(self, resolver: MeasureResolver, dimensions: list[Dimension]) -> None:
        self._resolver = resolver
        self._catalog = resolver.catalog
        self._scope = resolver.query_scope
        self._dimensions = dimensions
        self._outputs: dict[MeasureKey, Measure] = {}

    def resolve(self, wanted: Sequence[str | QueryMeasure]) -> list[Measure]:
        """Return the output measures in order, parts of a derived measure before it."""
        self._scope.names = QuestionNames(wanted)
        slots: list[list[MeasureKey] | None] = [
            self._try(item, index) for index, item in enumerate(wanted)
        ]
        # What counts rows without naming a source means the one source the others name.
        self._resolver.bases.default = self._only_source
        for index, slot in enumerate(slots):
            if slot is None:
                slots[index] = self._add(wanted[index], index)
        keys = dict.fromkeys(key for slot in slots for key in slot or [])
        asked = {slot[-1] for slot in slots if slot}
        return [self._outputs[key].replaced(is_part=key not in asked) for key in keys]

    def _try(self, item: str | QueryMeasure, index: int) -> list[MeasureKey] | None:
        try:
            return self._add(item, index)
        except NeedsBase:
            return None

    def _add(self, item: str | QueryMeasure, index: int) -> list[MeasureKey]:
        text = item if isinstance(item, str) else item.expr
        origin = Origin(f"measure `{shown(text)}`", path=("measures", index))
        if isinstance(item, str):
            key = self._predefined_key(text, origin)
            if key is not None:
                keys = self._predefined(*key)
                self._check_rows_matter(*key)
                return keys
        elif item.name:
            resolved = self._resolver.predefined(OWN, item.name)
            return [self._composed(resolved, text, item.name, origin)]
        resolved = self._resolver.lower(text, self._scope, origin)
        return [self._composed(resolved, text, measure_name(text), origin)]

    def _predefined_key(self, text: str, origin: Origin) -> MeasureKey | None:
        found = [
            (source, measure.name)
            for source, name in readings(text)
            if self._catalog.owns(source)
            and (measure := self._catalog.measure(source, name)) is not None
        ]
        for key in found:
            self._scope.check_measure(*key, origin)
        if len(found) > 1:
            raise origin.error(
                f"it could be {' or '.join(f'`{name}` of `{source}`' for source, name in found)}.",
                fix="Put the name that has a dot into quotes.",
            )
        if found or "." in text or not self._is_bare(text):
            return found[0] if found else None
        if text in self._scope.names:
            spelled = [".".join(key) for key in self._scope.measures_named(text)]
            raise origin.error(
                f"'{text}' is the name that this question gives to another measure.",
                fix=f"Write `{spelled[0] if spelled else f'source.{text}'}` for the model's.",
                suggestions=spelled,
            )
        return self._scope.unique_measure(text, origin)

    def _is_bare(self, text: str) -> bool:
        """Whether a text is one name: a word, or what a measure of the model is called."""
        return text.isidentifier() or bool(self._catalog.sources_with_measure(text))

    def _predefined(self, source: str, name: str) -> list[MeasureKey]:
        key = (source, name)
        resolved = self._resolver.predefined(source, name)
        definition = self._catalog.measure(source, name)
        assert definition is not None
        # Beside a filtered one its parts would show all rows: they are not what it is made of.
        is_restricted = bool(definition.filter or definition.segments)
        parts = [] if is_restricted else resolved.depends_on
        keys = [part for inner in parts for part in self._predefined(*inner)]
        self._outputs[key] = Measure(
            tree=resolved.tree,
            name=name,
            text=definition.text,
            source=source,
            provenance=Provenance.verified,
            qualified=f"{source}.{name}",
            filter=definition.filter,
            depends_on=tuple(".".join(part) for part in resolved.depends_on),
            description=definition.description,
            is_derived=bool(resolved.depends_on) or source == METRICS,
        )
        return [*keys, key]

    def _check_rows_matter(self, source: str, name: str) -> None:
        """Refuse a measure of constants only; as a part of another one it is fine."""
        if self._outputs[source, name].tree.find(AggregateRef) is not None:
            return
        index, _ = self._catalog.measure_at(source, name)
        label = (
            f"metric '{name}'" if source == METRICS else f"measure '{name}' of source '{source}'"
        )
        raise Origin(label, source, ("measures", index, "expr")).error(
            "it has neither an aggregate nor a measure that has one, so no row counts for it.",
            fix="Aggregate a column, for example `sum(amount)`, or count rows: `count(*)`.",
        )

    def _composed(self, resolved: Resolved, text: str, name: str, origin: Origin) -> MeasureKey:
        if not resolved.bases:
            raise origin.error(
                "it has neither an aggregate nor a predefined measure.",
                fix="Aggregate a column, for example `sum(source.column)`.",
            )
        derived = bool(resolved.depends_on) or len(resolved.bases) > 1
        measure = Measure(
            tree=resolved.tree,
            name=name,
            text=text,
            source=DERIVED_SOURCE if derived else next(iter(resolved.bases)),
            provenance=Provenance.composed,
            depends_on=tuple(".".join(filter(None, part)) for part in resolved.depends_on),
            is_derived=derived,
        )
        # Two texts may be called alike; `name_outputs` tells them apart.
        key = (OWN, text if name not in self._scope.names else name.casefold())
        self._outputs.setdefault(key, measure)
        return key

    def _only_source(self, origin: Origin) -> str:
        named = {aggregate.base for aggregate in self._resolver.aggregates}
        named |= {item.node for item in self._dimensions if item.node != METRIC_TIME}
        candidates = named or set(self._catalog)
        if len(candidates) != 1 or not candidates <= set(self._catalog):
            raise origin.error(
                f"it does not say whose rows to count: {', '.join(sorted(candidates))}.",
                fix=f"Name the source, for example `count({min(candidates, default='source')}.*)`.",
            )
        return next(iter(candidates))


def splits(text: str) -> Iterator[MeasureKey]:
    """Yield the ways to read a text as a source and a name, for either may have dots."""
    for position, letter in enumerate(text):
        if letter == ".":
            yield text[:position], text[position + 1 :]


def readings(text: str) -> Iterator[MeasureKey]:
    """Yield the ways to read a text as a source and a name that may stand in quotes."""
    if quoted := _IN_QUOTES.fullmatch(text):
        yield quoted["source"], _plain(quoted)
    else:
        yield from splits(text)


def _plain(quoted: re.Match[str]) -> str:
    return (quoted["double"] or "").replace('""', '"') or quoted["back"].replace("``", "`")


def measure_name(text: str) -> str:
    """Return the output name of an expression without a given one."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not name:
        return "measure"
    return f"m_{name}" if name[0].isdigit() else name


def name_outputs(
    dimensions: Sequence[Dimension], measures: Sequence[Measure], dialect: str
) -> tuple[list[Dimension], list[Measure]]:
    """Return the outputs with their aliases in the SQL and the names that the reply shows.

    Both tell the outputs apart in any case, and the database keeps the aliases whole.
    """
    taken: set[str] = set()
    aliased = [
        item.replaced(alias=_alias(_dimension_name(item, dimensions), taken, dialect))
        for item in dimensions
    ]
    names = [measure.name.casefold() for measure in measures]
    named = []
    for measure in measures:
        clashes = names.count(measure.name.casefold()) > 1 or measure.name.casefold() in taken
        qualified = clashes and measure.qualified is not None
        name = f"{measure.source}_{measure.name}" if qualified else measure.name
        named.append(measure.replaced(alias=_alias(name, taken, dialect)))
    return _shown(aliased, named)


def _dimension_name(dimension: Dimension, all_of_them: Sequence[Dimension]) -> str:
    owners = {
        other.node
        for other in all_of_them
        if other.column.casefold() == dimension.column.casefold()
    }
    name = dimension.column if len(owners) == 1 else f"{dimension.node}_{dimension.column}"
    suffix = f"_{dimension.granularity}" if dimension.granularity else ""
    return (name + suffix).replace(".", "_")


def _alias(wanted: str, taken: set[str], dialect: str) -> str:
    name, count = kept(wanted, dialect), 1
    while name.casefold() in taken:
        count += 1
        name = kept(f"{wanted}_{count}", dialect)
    taken.add(name.casefold())
    return name


def _shown(
    dimensions: list[Dimension], measures: list[Measure]
) -> tuple[list[Dimension], list[Measure]]:
    """Name the outputs as the model does, by the grain or the alias where that is not enough."""
    fields = [dimension.field.casefold() for dimension in dimensions]
    taken: set[str] = set()
    shown = []
    for dimension in dimensions:
        several = fields.count(dimension.field.casefold()) > 1
        grain = f":{dimension.granularity}" if several and dimension.granularity else ""
        shown.append(dimension.replaced(shown=unused_name(dimension.field + grain, taken)))
    named = list(measures)
    # A name that the question gives is shown as it was given, whatever else has it.
    for index, measure in sorted(
        enumerate(measures), key=lambda item: item[1].qualified is not None
    ):
        # A metric is no source's: its name alone is what it is called.
        name = measure.name if measure.source == METRICS else measure.qualified or measure.name
        name = unused_name(measure.alias if name.casefold() in taken else name, taken)
        named[index] = measure.replaced(shown=name)
    return shown, named


def ordered_alias(
    wanted: str, dimensions: Sequence[Dimension], measures: Sequence[Measure], origin: Origin
) -> str:
    """Return the alias of the output that a term names.

    The name in the reply is always right, another name of an output if no other output has it.
    """
    outputs: list[Dimension | Measure] = [*measures, *dimensions]
    quoted = _IN_QUOTES.match(wanted)
    plain = f"{quoted['source']}.{_plain(quoted)}{wanted[quoted.end() :]}" if quoted else wanted
    folded = plain.casefold()
    shown = [item for item in outputs if item.shown.casefold() == folded]
    matches = shown or _whole([item for item in outputs if folded in _folded_spellings(item)])
    if len(matches) == 1:
        return matches[0].alias
    if matches:
        spellings = [item.shown for item in matches]
        raise origin.error(
            f"it is ambiguous: {', '.join(spellings)}.",
            fix="Order by the output column's name.",
            suggestions=spellings,
        )
    verb = "Order by" if origin.path[:1] == ("order_by",) else "Use"
    raise SemanticError(
        INVALID_QUERY,
        f"{origin.label} is not a recognized measure or dimension in this query.",
        fix=f"{verb} one of: {', '.join(item.shown for item in outputs)}.",
        suggestions=close_names(wanted, [item.alias for item in outputs]),
        path=origin.path,
    )


def _whole(matches: list[Dimension | Measure]) -> list[Dimension | Measure]:
    """Return the column itself, where the others are periods of it."""
    dimensions = [item for item in matches if isinstance(item, Dimension)]
    plain = [item for item in dimensions if item.granularity is None]
    if (
        len(matches) == len(dimensions)
        and len(plain) == 1
        and len({d.field for d in dimensions}) == 1
    ):
        return [*plain]
    return matches


def _folded_spellings(output: Dimension | Measure) -> set[str]:
    return {name.casefold() for name in _spellings(output) if name is not None}


def _spellings(output: Dimension | Measure) -> Iterator[str | None]:
    yield output.alias
    if isinstance(output, Measure):
        yield from (output.name, output.text, output.qualified)
    else:
        yield from (output.field, output.column)
        if output.granularity is not None:
            yield from (f"{name}:{output.granularity}" for name in (output.field, output.column))


def best_groups(
    query: SemanticQuery,
    dimensions: list[Dimension],
    measures: list[Measure],
    order: Sequence[Ordering],
) -> Top | None:
    """Return which groups are kept; the best are the first in the order of a measure."""
    if query.top is None:
        return None
    asked = [item for item in measures if not item.is_part]
    if not asked:
        raise Origin("top", path=("top",)).error(
            "there is no measure by which groups could be the best.",
            fix="Name a measure, or use `limit`.",
        )
    names = {item.alias for item in measures}
    term = next((item for item in order if item.alias in names), None)
    per = []
    for index, text in enumerate(query.per):
        alias = ordered_alias(text, dimensions, [], Origin(f"per '{text}'", path=("per", index)))
        per.append([item.alias for item in dimensions].index(alias))
    alias = term.alias if term is not None else asked[0].alias
    return Top(query.top, alias, term is not None and not term.descending, tuple(per))


def best_first(
    order: tuple[Ordering, ...],
    top: Top | None,
    dimensions: Sequence[Dimension],
    measures: Sequence[Measure],
) -> tuple[Ordering, ...]:
    """Return the order of the best groups where none is asked for: each `per` from its best."""
    if top is None:
        return order
    per = [dimensions[place].alias for place in top.per]
    best = next(item for item in measures if item.alias == top.alias)
    first = [item for item in order if item.alias in per]
    rest = [item for item in order if item.alias not in per]
    return (*first, Ordering(best.alias, best.shown, True, False), *rest)
