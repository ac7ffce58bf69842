"""The output columns of a query: which measures they show, and under which names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from semantic_layer.errors import Origin
from semantic_layer.logical import Dimension, Measure
from semantic_layer.measures import MeasureResolver, NeedsHome
from semantic_layer.models import DERIVED_SOURCE, Provenance, QueryMeasure
from semantic_layer.sql import AggregateRef


class MeasureOutputs:
    """Resolves the measures a query selects."""

    def __init__(self, resolver: MeasureResolver, dimensions: list[Dimension]) -> None:
        self._resolver = resolver
        self._catalog = resolver.catalog
        self._dimensions = dimensions
        self._outputs: dict[tuple[str, str], Measure] = {}

    def resolve(self, wanted: Sequence[str | QueryMeasure]) -> list[Measure]:
        """Return the output measures in order, parts of a derived measure before it."""
        slots: list[list[tuple[str, str]] | None] = [
            self._try(item, index) for index, item in enumerate(wanted)
        ]
        # What counts rows without naming a source means the one source the others name.
        self._resolver.default_home = self._only_source
        for index, slot in enumerate(slots):
            if slot is None:
                slots[index] = self._add(wanted[index], index)
        keys = dict.fromkeys(key for slot in slots for key in slot or [])
        return [self._outputs[key] for key in keys]

    def _try(self, item: str | QueryMeasure, index: int) -> list[tuple[str, str]] | None:
        try:
            return self._add(item, index)
        except NeedsHome:
            return None

    def _add(self, item: str | QueryMeasure, index: int) -> list[tuple[str, str]]:
        text = item if isinstance(item, str) else item.expr
        origin = Origin(f"measure `{text}`", path=("measures", index))
        if isinstance(item, str):
            key = self._predefined_key(text, origin)
            if key is not None:
                keys = self._predefined(*key)
                self._check_rows_matter(*key)
                return keys
        name = (item.name if isinstance(item, QueryMeasure) else None) or measure_name(text)
        return self._composed(text, name, origin)

    def _predefined_key(self, text: str, origin: Origin) -> tuple[str, str] | None:
        source, _, name = text.rpartition(".")
        if source in self._catalog:
            found = self._catalog.measure(source, name)
            return (source, found.name) if found is not None else None
        if not source and text.isidentifier():
            return self._resolver.unique_measure(text, origin)
        return None

    def _predefined(self, source: str, name: str) -> list[tuple[str, str]]:
        key = (source, name)
        resolved = self._resolver.predefined(source, name)
        keys = [part for inner in resolved.depends_on for part in self._predefined(*inner)]
        definition = self._catalog.measure(source, name)
        assert definition is not None
        self._outputs[key] = Measure(
            tree=resolved.tree,
            name=name,
            text=definition.expr,
            source=source,
            provenance=Provenance.verified,
            qualified=f"{source}.{name}",
            filter=definition.filter,
            depends_on=[".".join(part) for part in resolved.depends_on],
            description=definition.description,
            is_derived=bool(resolved.depends_on),
        )
        return [*keys, key]

    def _check_rows_matter(self, source: str, name: str) -> None:
        """Refuse a measure of constants only; as a part of another one it is fine."""
        if self._outputs[source, name].tree.find(AggregateRef) is not None:
            return
        names = [item.name for item in self._catalog[source].measures]
        place = ("measures", names.index(name), "expr")
        raise Origin(f"measure '{name}' of source '{source}'", source, place).error(
            "it has neither an aggregate nor a measure that has one, so no row counts for it.",
            fix="Aggregate a column, for example `sum(amount)`, or count rows: `count(*)`.",
        )

    def _composed(self, text: str, name: str, origin: Origin) -> list[tuple[str, str]]:
        resolved = self._resolver.lower(text, self._resolver.query_scope, origin)
        if not resolved.homes:
            raise origin.error(
                "it has neither an aggregate nor a predefined measure.",
                fix="Aggregate a column, for example `sum(source.column)`.",
            )
        derived = bool(resolved.depends_on) or len(resolved.homes) > 1
        measure = Measure(
            tree=resolved.tree,
            name=name,
            text=text,
            source=DERIVED_SOURCE if derived else next(iter(resolved.homes)),
            provenance=Provenance.composed,
            depends_on=[".".join(part) for part in resolved.depends_on],
            is_derived=derived,
        )
        key = ("", name)
        known = self._outputs.setdefault(key, measure)
        if known.text != text:
            raise origin.error(
                f"the output name '{name}' is used for two expressions.",
                fix='Name them apart: {"expr": …, "name": …}.',
            )
        return [key]

    def _only_source(self, origin: Origin) -> str:
        named = {aggregate.home for aggregate in self._resolver.aggregates}
        named |= {dimension.node for dimension in self._dimensions}
        candidates = named or set(self._catalog)
        if len(candidates) != 1 or not candidates <= set(self._catalog):
            raise origin.error(
                f"it does not say whose rows to count: {', '.join(sorted(candidates))}.",
                fix=f"Name the source, for example `count({min(candidates, default='source')}.*)`.",
            )
        return next(iter(candidates))


def measure_name(text: str) -> str:
    """Return the output name of an expression that was given none."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not name:
        return "measure"
    return f"m_{name}" if name[0].isdigit() else name


def name_outputs(dimensions: list[Dimension], measures: list[Measure]) -> None:
    """Give every output column its alias; a clash that qualifying cannot settle is an error."""
    _name_dimensions(dimensions)
    taken = {dimension.alias.casefold() for dimension in dimensions}
    names = [measure.name.casefold() for measure in measures]
    for measure in measures:
        clashes = names.count(measure.name.casefold()) > 1 or measure.name.casefold() in taken
        qualified = clashes and measure.qualified is not None
        measure.alias = f"{measure.source}_{measure.name}" if qualified else measure.name
    aliases = [*taken, *(measure.alias.casefold() for measure in measures)]
    for measure in measures:
        if aliases.count(measure.alias.casefold()) > 1:
            raise Origin(f"measure `{measure.text}`").error(
                f"its output name '{measure.alias}' is already taken.",
                fix='Give it another: {"expr": …, "name": …}.',
            )


def _name_dimensions(dimensions: list[Dimension]) -> None:
    for dimension in dimensions:
        owners = {
            other.node
            for other in dimensions
            if other.column.casefold() == dimension.column.casefold()
        }
        name = dimension.column if len(owners) == 1 else f"{dimension.node}_{dimension.column}"
        suffix = f"_{dimension.granularity}" if dimension.granularity else ""
        dimension.alias = (name + suffix).replace(".", "_")
    aliases = [dimension.alias.casefold() for dimension in dimensions]
    for dimension in dimensions:
        if aliases.count(dimension.alias.casefold()) > 1:
            raise Origin(f"dimension '{dimension.field}'").error(
                f"its output name '{dimension.alias}' is also that of another dimension.",
                fix="Leave one of the two out, or rename a column in the model.",
            )
