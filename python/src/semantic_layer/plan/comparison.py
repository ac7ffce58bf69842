"""A question beside an earlier time: `compare: 1 year` adds three columns to each measure."""

from __future__ import annotations

from collections.abc import Iterator

from semantic_layer.errors import Origin
from semantic_layer.models import QueryDimension, QueryMeasure, SemanticQuery
from semantic_layer.plan.outputs import measure_name
from semantic_layer.times.calendar import PERIODS
from semantic_layer.times.duration import Duration, read_duration

PREVIOUS = "previous"
_ORIGIN = Origin("compare", path=("compare",))


def compared(query: SemanticQuery) -> SemanticQuery:
    """Return the question with, for each measure, its earlier value and how it changed since.

    `previous` compares with the period before, of the question's finest grain.
    """
    words = (query.compare or "").strip()
    by = _previous(query) if words.lower() == PREVIOUS else read_duration(words, _ORIGIN)
    measures = [item for wanted in query.measures for item in _with_change(wanted, by)]
    values = {name: getattr(query, name) for name in SemanticQuery.model_types}
    return SemanticQuery(**{**values, "measures": measures, "compare": None})


def _previous(query: SemanticQuery) -> Duration:
    grains = [
        item.granularity.lower()
        for item in query.dimensions
        if isinstance(item, QueryDimension) and item.granularity
    ]
    known = [grain for grain in PERIODS if grain in grains]
    if not known:
        raise _ORIGIN.error(
            "the question has no periods, so there is none before.",
            fix="Add a time with a granularity, for example `metric_time:month`.",
        )
    return Duration(1, known[0].removeprefix("fiscal_"))


def _with_change(wanted: str | QueryMeasure, by: Duration) -> Iterator[str | QueryMeasure]:
    text = wanted if isinstance(wanted, str) else wanted.expr
    given = None if isinstance(wanted, str) else wanted.name
    name = given or measure_name(text.rpartition(".")[2] if _is_name(text) else text)
    now = text if _is_name(text) else f"({text})"
    earlier = f"offset({now}, '{by}')"
    yield wanted
    yield QueryMeasure(expr=earlier, name=f"{name}_{str(by).replace(' ', '_')}_earlier")
    yield QueryMeasure(expr=f"{now} - {earlier}", name=f"{name}_change")
    yield QueryMeasure(
        expr=f"({now} - {earlier}) * 100.0 / {earlier}", name=f"{name}_change_percent"
    )


def _is_name(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))
