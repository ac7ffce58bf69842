"""Hypothesis strategies for questions about a model: some can be answered, some must be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from oracle.features import (
    feature_conditions,
    feature_dimensions,
    feature_filters,
    feature_measures,
)
from oracle.measures import all_measures, filtered, measure_filters
from oracle.model import Case, Condition, Dimension, Lookup, MeasureSpec, Question
from oracle.naming import Chosen, naming
from oracle.routes import Routes
from oracle.values import GRAINS, both, cell, either, equal, greater, negated

_LIMITS = st.sampled_from([1000, 1000, 1000, 2, 1, 0])


@st.composite
def questions(draw: st.DrawFn, case: Case) -> Question:
    """A question about the model."""
    # Few sources in one question: otherwise most questions have no answer.
    homes = draw(st.lists(st.sampled_from(case.sources), min_size=1, max_size=2))
    measures, own_filters = draw(_measures(case, homes))
    routes = Routes(case)
    reached = [node for node in case.nodes if all(len(routes.all(h, node)) == 1 for h in homes)]
    nodes = st.sampled_from([*reached, *reached, *reached, *case.nodes])
    least = 0 if measures else 1
    dimensions = draw(
        st.lists(_dimensions(nodes, case), min_size=least, max_size=3, unique_by=_column)
    )
    filters = draw(st.lists(_conditions(nodes, case), max_size=2))
    having = [*measure_filters(homes[0], measures), *feature_filters(case)]
    if measures and not own_filters:
        own_filters = draw(st.lists(st.sampled_from(having), max_size=1))
    segments = ["", "", homes[0]]
    if "division" in case.features:
        segments.append(f"{homes[0]}.steep")
    segment = draw(st.sampled_from(segments))
    question = Question(
        measures=measures,
        dimensions=tuple(dimensions),
        filters=tuple(filters),
        measure_filters=tuple(own_filters),
        segments=(segment,) if segment else (),
        include_empty=draw(st.booleans()),
        limit=draw(_LIMITS),
    )
    join_path = draw(st.sampled_from(_ways(routes, homes[0], question)))
    sortable = _sortable(case, question)
    terms = st.tuples(st.sampled_from(sortable or [""]), st.booleans())
    most = 2 if sortable else 0
    order = draw(st.lists(terms, max_size=most, unique_by=lambda term: term[0]))
    return replace(question, order=tuple(order), join_path=join_path)


@st.composite
def _measures(draw: st.DrawFn, case: Case, homes: list[str]) -> Chosen:
    """Measures of the homes, and filters on them when the question names its measures."""

    def of_homes(specs: list[MeasureSpec]) -> list[MeasureSpec]:
        return [spec for spec in specs if {atom.home for atom in spec.atoms} <= set(homes)]

    wanted = of_homes(all_measures(case))
    if "naming" in case.features and draw(st.booleans()):
        # Measures of the question reckon with it, and nothing reckons with times.
        numbers = [spec for spec in wanted if "seen" not in spec.text]
        return draw(naming(case, draw(st.sampled_from(numbers))))
    # A measure's own filter and the question's segment have to meet.
    wanted += 3 * [spec for home in homes for spec in filtered(home)]
    added = of_homes(feature_measures(case))
    either = st.sampled_from(wanted)
    if added:
        either = st.one_of(either, st.sampled_from(added))
    by_name = st.lists(either, max_size=3, unique_by=lambda spec: spec.name)
    return tuple(draw(by_name)), []


def _column(item: Dimension) -> tuple[str, str, str | None]:
    return (item.node, item.column, item.grain)


def _sortable(case: Case, question: Question) -> list[str]:
    """Return the outputs that an answer can be sorted by."""
    columns = [(item.node, item.column) for item in question.dimensions]
    found = [
        name
        for name, item in zip(question.names(), question.dimensions, strict=True)
        # Under other names a dimension is meant by its column, which must have one grain then.
        if not case.names or columns.count((item.node, item.column)) == 1
    ]
    return [*found, *(spec.name for spec in question.measures if not spec.plain)]


def _ways(routes: Routes, home: str, question: Question) -> list[tuple[tuple[str, ...], ...]]:
    """Return the join paths that settle a tie of the question, or none."""
    named = [item.node for item in question.dimensions]
    named += [node for item in question.filters for node in item.nodes]
    tied = [found for node in named if len(found := routes.all(home, node)) > 1]
    if not tied or all(atom.home != home for spec in question.measures for atom in spec.atoms):
        return [()]
    return [((home, *(step[2] for step in path)),) for path in tied[0]]


@st.composite
def _dimensions(draw: st.DrawFn, nodes: st.SearchStrategy[str], case: Case) -> Dimension:
    node = draw(nodes)
    added = feature_dimensions(case, node)
    wants_added: bool = draw(st.booleans())
    if added and wants_added:
        return draw(st.sampled_from(added))
    column = draw(st.sampled_from(["a", "x", "label", "seen"]))
    # How a time without a grain is written is not said where it is text.
    grains = GRAINS if "times" in case.features else (None, *GRAINS)
    grain = draw(st.sampled_from(grains)) if column == "seen" else None
    return Dimension(node, column, grain)


@st.composite
def _conditions(draw: st.DrawFn, nodes: st.SearchStrategy[str], case: Case) -> Condition:
    """A filter on rows of one node or two."""
    one, two = draw(nodes), draw(nodes)
    added = feature_conditions(case, one, two)
    wants_added: bool = draw(st.booleans())
    if added and wants_added:
        return draw(st.sampled_from(added))

    def of(node: str, column: str) -> Callable[[Lookup], Any]:
        return lambda lookup: cell(lookup(node), column)

    x, a, label, at = (of(one, column) for column in ("x", "a", "label", "seen"))
    other = of(two, "a")
    kinds = [
        Condition(f"{one}.a = 'p'", (one,), lambda r: equal(a(r), "p")),
        Condition(f"{one}.a <> 'it''s'", (one,), lambda r: negated(equal(a(r), "it's"))),
        Condition(f"{one}.a IS NULL", (one,), lambda r: a(r) is None),
        Condition(f"{one}.label = 'none'", (one,), lambda r: equal(label(r), "none")),
        Condition(
            f"{one}.x > 0 OR {two}.a = 'q'",
            (one, two),
            lambda r: either(greater(x(r), 0), equal(other(r), "q")),
        ),
        Condition(
            f"{one}.x > 0 AND {one}.a = 'q'",
            (one,),
            lambda r: both(greater(x(r), 0), equal(a(r), "q")),
        ),
        Condition(f"NOT ({one}.x > 0)", (one,), lambda r: negated(greater(x(r), 0))),
        Condition(f"{one}.x IN (1, 2)", (one,), lambda r: None if x(r) is None else x(r) in (1, 2)),
        Condition(f"{one}.seen >= '2024-01-08'", (one,), lambda r: greater(at(r), "2024-01-07 9")),
    ]
    return draw(st.sampled_from(kinds))
