"""What a conversion does, in words: which rows take part, and to which each one is given."""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.explain.parts import Explanation, explain_joins, listed
from semantic_layer.plan.conversions import Conversion
from semantic_layer.plan.logical import Fact, LogicalPlan
from semantic_layer.plan.report import model_text
from semantic_layer.syntax.tree import Node


def given_rows(plan: LogicalPlan, fact: Fact) -> list[Explanation]:
    """Explain to which base row each row is given, before anything is filtered or aggregated."""
    conversion = fact.conversion
    assert conversion is not None
    found = [Explanation(_rule(plan, fact.base, conversion), [_tie(plan, fact.base)])]
    found += _taking_part(plan, fact.base, conversion.base_filters)
    found += _taking_part(plan, conversion.source, conversion.filters)
    joins = explain_joins(
        plan,
        fact.replaced(
            base=conversion.source, routes=fact.conversion_routes, filters=conversion.filters
        ),
    )
    if joins:
        text = f"rows of {conversion.source} look up by LEFT JOIN"
        found.append(Explanation(text, joins))
    text = f"filters of the question choose rows of {fact.base} after that"
    return [*found, Explanation(text)]


def _rule(plan: LogicalPlan, base: str, conversion: Conversion) -> str:
    equal = listed(
        [
            f"{model_text(plan, ours)} = {model_text(plan, theirs)}"
            for ours, theirs in conversion.pairs
        ]
    )
    window = f", less than {conversion.window} earlier" if conversion.window else ""
    times = f"{model_text(plan, conversion.base_time)} to {model_text(plan, conversion.time)}"
    return (
        f"each row of {conversion.source} is given to the latest row of {base} before or at it "
        f"with {equal}{window} ({times}), or to none"
    )


def _tie(plan: LogicalPlan, base: str) -> Explanation:
    grain = listed(plan.graph.catalog[base].grain)
    return Explanation(f"of several at one moment, to the first by {grain}")


def _taking_part(plan: LogicalPlan, source: str, filters: Sequence[Node]) -> list[Explanation]:
    return [
        Explanation(f"rows of {source} take part only where {model_text(plan, tree)}")
        for tree in filters
    ]
