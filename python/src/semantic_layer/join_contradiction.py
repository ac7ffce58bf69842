"""Two declarations of one join that say different things of it, and which of them is right."""

from __future__ import annotations

from semantic_layer.errors import INVALID_MODEL, UnusableRouteError
from semantic_layer.graph import Declaration, JoinEdge, JoinGraph

_FITTING = {
    (True, True): ["one_to_one"],
    (False, True): ["many_to_one"],
    (True, False): ["one_to_many"],
    (False, False): [],
}


def fitting(graph: JoinGraph, join: Declaration) -> list[str]:
    """Return the relationship that the grains of the two sources speak for, if they do."""
    there, back = graph.edges_of(join)
    return _FITTING[(not back.uncovered_grain(), not there.uncovered_grain())]


def contradiction(edge: JoinEdge, other: Declaration) -> UnusableRouteError:
    """Build the error for a join that `other` declares with another relationship."""
    declared = edge.declaration
    wrong = [join for join in (declared, other) if fitting(edge.graph, join) != [join.relationship]]
    place = wrong[0] if wrong else other
    fits = fitting(edge.graph, place)
    fix = (
        " and ".join(f"correct {_named(join)} to {fitting(edge.graph, join)[0]}" for join in wrong)
        if fits
        else "declare it once, or as many_to_one at one end and as one_to_many at the other"
    )
    return UnusableRouteError(
        INVALID_MODEL,
        f"{_said(declared)}, and {_said(other)}: of one and the same condition both cannot hold.",
        fix=f"{fix[0].upper()}{fix[1:]}.",
        suggestions=fits,
        source=place.source,
        path=("joins", place.position, "relationship"),
    )


def _named(join: Declaration) -> str:
    return join.origin.label


def _said(join: Declaration) -> str:
    label = join.origin.label
    return f"{label[0].upper()}{label[1:]} is declared {join.relationship}"
