"""Calls over measures, `offset(orders.revenue, '1 year')`: ours, and no function of a database."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.syntax.tree import Node, parts_of
from semantic_layer.syntax.verbatim import called_name, template_of, written

MEASURE_CALLS = frozenset({"cumulative", "to_date", "offset", "total", "rank"})
_DATABASES = frozenset({"to_date", "offset", "total", "rank"})
"""Names that a database has functions of, too."""
_NOT_OF_SQLITE = frozenset({"to_date", "offset"})


def is_measure_call(node: Node) -> bool:
    """Whether a node that stands outside of aggregates is a call over measures."""
    return called_name(node) in MEASURE_CALLS


def plain_text(call: Node, dialect: str) -> str:
    """Return a call as it was written, under a name that no SQL library reads in its own way."""
    template = template_of(call)
    assert template is not None
    assert template.call is not None
    return "cumulative" + written(call, dialect)[len(template.call.name) :]


def refuse_measure_calls(tree: Node, dialect: str, origin: Origin) -> None:
    """Raise for a call over measures in an expression over rows."""
    for node in parts_of(tree):
        name = called_name(node)
        if name in _NOT_OF_SQLITE and dialect == "sqlite":
            raise origin.unsupported(
                f"sqlite has no function `{name}`.",
                fix="Write date(x)." if name == "to_date" else None,
            )
        if name in MEASURE_CALLS and name not in _DATABASES:
            raise origin.error(
                f"`{name}` is of measures, and stands here among the columns of rows.",
                fix="Let it stand outside of aggregates: "
                f"`{name}(source.measure, …)`, in a measure or a filter on one.",
            )
