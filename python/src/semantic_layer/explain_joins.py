"""Why the joins of a fact repeat and lose none of its rows."""

from __future__ import annotations

from semantic_layer.explanation import Explanation, listed
from semantic_layer.graph.edges import JoinEdge
from semantic_layer.plan.logical import Fact, LogicalPlan
from semantic_layer.plan.report import model_text
from semantic_layer.plan.required import required_nodes


def explain_joins(plan: LogicalPlan, fact: Fact) -> list[Explanation]:
    """Return the joins that start at the fact, each with those that go on from its end."""
    edges: dict[str, JoinEdge] = {}
    for route in fact.routes.values():
        for edge in route:
            edges.setdefault(edge.to_source, edge)
    top: list[Explanation] = []
    required = required_nodes(fact.filters, edges)
    steps = {
        node: Explanation(_join(plan, edge), _reasons(edge, node in required))
        for node, edge in edges.items()
    }
    for node, edge in edges.items():
        above = top if edge.from_source == fact.home else steps[edge.from_source].children
        above.append(steps[node])
    return top


def _reasons(edge: JoinEdge, required: bool) -> list[Explanation]:
    reasons = [Explanation(safety(edge))]
    if required:
        reasons.append(Explanation("inner join: no row without a match passes the row filters"))
    return reasons


def _join(plan: LogicalPlan, edge: JoinEdge) -> str:
    source = plan.graph.source_of(edge.to_source)
    name = edge.to_source if source == edge.to_source else f"{source} as {edge.to_source}"
    return f"join {name} on {model_text(plan, edge.on())}"


def safety(edge: JoinEdge) -> str:
    """Return why a join gives a row at most one match, or why that is not certain."""
    source = edge.graph.source_of(edge.to_source)
    grain = edge.graph.catalog[source].grain
    kind = edge.relationship + _declared_elsewhere(edge)
    columns = listed([f"{edge.to_source}.{name}" for name in grain])
    if not edge.uncovered_grain():
        verb = "is" if len(grain) == 1 else "together are"
        return (
            f"{kind}: {columns} {verb} the grain of {source}, "
            f"so no row of {edge.from_source} is repeated"
        )
    return (
        f"warning: {kind} is declared, but the equalities of the join do not cover the grain of "
        f"{source} ({', '.join(edge.uncovered_grain())}): if several rows of {source} match, rows "
        f"of {edge.from_source} are counted more than once [join_grain]"
    )


def _declared_elsewhere(edge: JoinEdge) -> str:
    declared = edge.declaration
    if not edge.inverse:
        return ""
    return f" ({declared.source} declares it as {declared.relationship})"
