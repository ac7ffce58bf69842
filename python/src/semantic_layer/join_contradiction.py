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
    # In one order, so that either end tells it in the same words.
    both = sorted((edge.declaration, other), key=lambda join: (join.source, join.position))
    wrong = [join for join in both if fitting(edge.graph, join) != [join.relationship]]
    place = wrong[0] if wrong else both[1]
    fits = fitting(edge.graph, place)
    fix = (
        " and ".join(
            f"correct {join.origin.label} to {fitting(edge.graph, join)[0]}" for join in wrong
        )
        if fits
        else "declare it once, or as many_to_one at one end and as one_to_many at the other"
    )
    first, second = (f"{join.origin.label} is declared {join.relationship}" for join in both)
    return UnusableRouteError(
        INVALID_MODEL,
        f"{first[0].upper()}{first[1:]}, and {second}: "
        "of one and the same condition both cannot hold.",
        fix=f"{fix[0].upper()}{fix[1:]}.",
        suggestions=fits,
        source=place.source,
        path=("joins", place.position, "relationship"),
    )
