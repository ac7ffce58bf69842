"""Finding measures of a source that say the same thing twice."""

from __future__ import annotations

from semantic_layer.errors import SemanticError
from semantic_layer.models import MeasureDefinition, SourceDefinition
from semantic_layer.parser import ExpressionParser


def validate_measure_duplicates(source: SourceDefinition, dialect: str = "postgres") -> list[str]:
    """Return one message for each pair of measures with the same expression and segments."""
    return [message for _, message in same_measures(source, dialect)]


def same_measures(source: SourceDefinition, dialect: str) -> list[tuple[int, str]]:
    """Return these messages, each with the index of the pair's later measure."""
    parser = ExpressionParser(dialect)
    seen: dict[tuple[str, tuple[str, ...]], list[MeasureDefinition]] = {}
    messages = []
    for index, measure in enumerate(source.measures):
        expression = _canonical(measure.expr, parser)
        if expression is None:
            continue
        earlier = seen.setdefault((expression, tuple(sorted(measure.segments))), [])
        messages += [(index, _message(source.name, other, measure, parser)) for other in earlier]
        earlier.append(measure)
    return messages


def _canonical(text: str | None, parser: ExpressionParser) -> str | None:
    if text is None:
        return None
    try:
        return repr(parser.parse(text))
    except SemanticError:
        return None  # reported where expressions are checked


def _message(
    source: str, first: MeasureDefinition, second: MeasureDefinition, parser: ExpressionParser
) -> str:
    if _canonical(first.filter, parser) == _canonical(second.filter, parser):
        return (
            f"{source}: measures '{first.name}' and '{second.name}' have the same expression "
            "and filter."
        )
    return (
        f"{source}: measure '{second.name}' has the same expression as '{first.name}' — "
        "differs only by filter. Use one measure with a segment instead."
    )
