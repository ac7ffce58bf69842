"""Hypothesis strategies for questions about a model: some can be answered, some must be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from oracle.measures import all_measures, filtered, measure_filters
from oracle.model import Case, Condition, Dimension, Lookup, Question
from oracle.routes import Routes
from oracle.values import GRAINS, both, cell, either, equal, greater, negated

_LIMITS = st.sampled_from([1000, 1000, 1000, 2, 1, 0])


@st.composite
def questions(draw: st.DrawFn, case: Case) -> Question:
    """A question about the model."""
    # Few sources in one question: otherwise most questions have no answer.
    homes = draw(st.lists(st.sampled_from(case.sources), min_size=1, max_size=2))
    wanted = [
        spec for spec in all_measures(case) if {atom.home for atom in spec.atoms} <= set(homes)
    ]
    # A measure's own filter and the question's segment have to meet.
    wanted += 3 * [spec for home in homes for spec in filtered(home)]
    by_name = st.lists(st.sampled_from(wanted), max_size=3, unique_by=lambda spec: spec.name)
    measures = tuple(draw(by_name))
    routes = Routes(case)
    reached = [node for node in case.nodes if all(len(routes.all(h, node)) == 1 for h in homes)]
    nodes = st.sampled_from([*reached, *reached, *reached, *case.nodes])
    least = 0 if measures else 1
    dimensions = draw(st.lists(_dimensions(nodes), min_size=least, max_size=3, unique=True))
    filters = draw(st.lists(_conditions(nodes), max_size=2))
    having = measure_filters(homes[0], measures)
    question = Question(
        measures=measures,
        dimensions=tuple(dimensions),
        filters=tuple(filters),
        measure_filters=tuple(
            draw(st.lists(st.sampled_from(having), max_size=1)) if measures else []
        ),
        segments=draw(st.sampled_from([(), (), (homes[0],)])),
        include_empty=draw(st.booleans()),
        limit=draw(_LIMITS),
    )
    join_path = draw(st.sampled_from(_ways(routes, homes[0], question)))
    outputs = [*question.names(), *(spec.name for spec in measures)]
    terms = st.tuples(st.sampled_from(outputs), st.booleans())
    order = draw(st.lists(terms, max_size=2, unique_by=lambda term: term[0]))
    return Question(**{**vars(question), "order": tuple(order), "join_path": join_path})


def _ways(routes: Routes, home: str, question: Question) -> list[tuple[tuple[str, ...], ...]]:
    """Return the join paths that settle a tie of the question, or none."""
    named = [item.node for item in question.dimensions]
    named += [node for item in question.filters for node in item.nodes]
    tied = [found for node in named if len(found := routes.all(home, node)) > 1]
    if not tied or all(atom.home != home for spec in question.measures for atom in spec.atoms):
        return [()]
    return [((home, *(step[2] for step in path)),) for path in tied[0]]


@st.composite
def _dimensions(draw: st.DrawFn, nodes: st.SearchStrategy[str]) -> Dimension:
    column = draw(st.sampled_from(["a", "x", "label", "seen"]))
    grain = draw(st.sampled_from([None, *GRAINS])) if column == "seen" else None
    return Dimension(draw(nodes), column, grain)


@st.composite
def _conditions(draw: st.DrawFn, nodes: st.SearchStrategy[str]) -> Condition:
    """A filter on rows of one node or two."""
    one, two = draw(nodes), draw(nodes)

    def of(node: str, column: str) -> Callable[[Lookup], Any]:
        return lambda lookup: cell(lookup(node), column)

    x, a, label, at = (of(one, column) for column in ("x", "a", "label", "seen"))
    other = of(two, "a")
    kinds = [
        Condition(f"{one}.a = 'p'", (one,), lambda r: equal(a(r), "p")),
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
