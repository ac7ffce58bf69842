"""The same case with metrics: what is no aggregate of a source belongs to no source.

Where a metric can say it of an input, a filter or an offset is said there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from metrics.definitions import condition, definition, reference, sources
from metrics.question import (
    METRIC_TIME,
    Aggregate,
    Condition,
    Derived,
    Measure,
    Offset,
    walk,
    whole,
)

PLAIN = "_of_all_rows"
"""What follows the name of a measure that an input filters."""


def sources_and_metrics(measures: Iterable[Measure]) -> dict[str, Any]:
    """Return the model: the sources with what aggregates their rows, and the metrics."""
    parts = {part.name: part for measure in measures for part in walk(measure)}
    inputs = [child for part in parts.values() for _, child in _filtered_inputs(part)]
    aggregates = [part for part in parts.values() if isinstance(part, Aggregate)]
    found = sources([*aggregates, *map(_of_all_rows, inputs)])
    metrics = [_metric(part) for part in parts.values() if not isinstance(part, Aggregate)]
    if metrics:
        found["metrics"] = {"name": "metrics", "kind": "metrics", "measures": metrics}
    return found


def _metric(measure: Measure) -> dict[str, Any]:
    found = definition(measure)
    for kind in ("cumulative", "offset"):
        if kind in found:
            found[kind]["of"] = reference(measure.of)  # type: ignore[attr-defined]
    if isinstance(measure, Derived):
        found.update(_derived(measure))
    if measure.where:
        found["filter"] = condition(_whole(measure.where, measure))
    return found


def _derived(measure: Derived) -> dict[str, Any]:
    inputs = {name: _input(child) for name, child in _inputs(measure)}
    named = {id(child): name for name, child in _inputs(measure)}
    left, right = (
        named.get(id(child), reference(child)) for child in (measure.left, measure.right)
    )
    found: dict[str, Any] = {"expr": f"{left} {measure.operator} {right}"}
    return {**found, "inputs": inputs} if inputs else found


def _inputs(measure: Measure) -> Iterator[tuple[str, Measure]]:
    """Yield the parts that a metric has an input for; the rest it names in its text."""
    if not isinstance(measure, Derived):
        return
    for name, child in (("one", measure.left), ("other", measure.right)):
        if _is_filtered(child) or _is_earlier(child) or len(child.name) % 3 == 0:
            yield name, child


def _filtered_inputs(measure: Measure) -> Iterator[tuple[str, Aggregate]]:
    for name, child in _inputs(measure):
        if isinstance(child, Aggregate) and _is_filtered(child):
            yield name, child


def _input(measure: Measure) -> Any:
    if isinstance(measure, Aggregate) and _is_filtered(measure):
        assert measure.where is not None
        rows = condition(_whole(measure.where, measure))
        return {"of": reference(_of_all_rows(measure)), "filter": rows}
    if isinstance(measure, Offset) and _is_earlier(measure):
        by = measure.by.text if measure.by else measure.to_grain
        return {"of": reference(measure.of), "offset": by}
    return reference(measure)


def _is_filtered(measure: Measure) -> bool:
    is_number = measure.fill_nulls_with is not None
    return isinstance(measure, Aggregate) and measure.where is not None and not is_number


def _is_earlier(measure: Measure) -> bool:
    is_changed = measure.where is not None or measure.fill_nulls_with is not None
    return isinstance(measure, Offset) and not is_changed


def _of_all_rows(measure: Aggregate) -> Aggregate:
    return replace(measure, name=measure.name + PLAIN, where=None)


def _whole(item: Condition, measure: Measure) -> Condition:
    if item.column == METRIC_TIME or "." in item.column:
        return item
    return replace(item, column=whole(_at(measure), item.column))


def _at(measure: Measure) -> Aggregate:
    return Aggregate(measure.name, measure.source)
