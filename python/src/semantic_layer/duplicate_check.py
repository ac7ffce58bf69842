"""Finding measures of a source that say the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from semantic_layer.errors import SemanticError
from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.models import SourceDefinition
from semantic_layer.parser import ExpressionParser
from semantic_layer.syntax.many_rows import readable


def validate_measure_duplicates(source: SourceDefinition, dialect: str = "postgres") -> list[str]:
    """Return one message for each pair of measures with the same expression and segments.

    Pairs that differ by their filter are listed too, as clients expect; in a model they are fine.
    """
    parser = ExpressionParser(dialect)
    return [
        _message(source.name, first, second, parser)
        for _, first, second in _same_pairs(source, parser)
    ]


def same_measures(source: SourceDefinition, dialect: str) -> list[tuple[int, str]]:
    """Return a message for each pair that says the very same, with the later measure's index."""
    parser = ExpressionParser(dialect)
    return [
        (index, _message(source.name, first, second, parser))
        for index, first, second in _same_pairs(source, parser)
        if _have_same_filter(first, second, parser)
    ]


def _same_pairs(
    source: SourceDefinition, parser: ExpressionParser
) -> Iterator[tuple[int, MeasureDefinition, MeasureDefinition]]:
    """Yield the later one's index and both measures of a pair, whatever their filters are."""
    seen: dict[tuple[Any, ...], list[MeasureDefinition]] = {}
    for index, measure in enumerate(source.measures):
        expression = _canonical(measure.text, parser)
        if expression is None:
            continue
        key = (expression, tuple(sorted(measure.segments)), measure.beside_the_text())
        earlier = seen.setdefault(key, [])
        yield from ((index, other, measure) for other in earlier)
        earlier.append(measure)


def _have_same_filter(
    first: MeasureDefinition, second: MeasureDefinition, parser: ExpressionParser
) -> bool:
    return _canonical(first.filter, parser) == _canonical(second.filter, parser)


def _canonical(text: str | None, parser: ExpressionParser) -> str | None:
    if text is None:
        return None
    try:
        return repr(parser.parse(readable(text, parser.dialect)))
    except SemanticError:
        return None  # reported where expressions are checked


def _message(
    source: str, first: MeasureDefinition, second: MeasureDefinition, parser: ExpressionParser
) -> str:
    if _have_same_filter(first, second, parser):
        return (
            f"{source}: measures '{first.name}' and '{second.name}' have the same expression "
            "and filter."
        )
    return (
        f"{source}: measure '{second.name}' has the same expression as '{first.name}' — "
        "differs only by filter. Use one measure with a segment instead."
    )
