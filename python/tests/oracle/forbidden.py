"""What every question must be refused for: hidden columns in any spelling, and placeholders."""

from __future__ import annotations

from oracle.atoms import atom, only
from oracle.model import Case, Condition, Dimension, MeasureSpec
from oracle.values import fold_count

_HIDDEN_MEASURES = (
    "sum({s}.secret)",
    "max(secret)",
    "max(COLUMNS('secret'))",
    "sum(COLUMNS(*))",
    "min(COLUMNS(c -> c = 'secret'))",
    "max(struct_pack(*))",
    "max({s}.*)",
    "count(distinct row({s}.*))",
    "count(distinct {s}.*)",
    "max(to_json({s}))",
    "max(to_json({s}.*))",
    "max(concat(*))",
    "max(coalesce(*))",
    "max(hash({s}.*))",
    "max([*COLUMNS('secret')])",
    "max(CAST({s} AS text))",
    'sum({s}."secret")',
    "count({s}.x) FILTER (WHERE secret > 1)",
    "max(SECRET)",
)
_HIDDEN_CONDITIONS = (
    "{s}.secret = 1",
    "secret > 0",
    "COLUMNS('secret') > 0",
    "COLUMNS({s}.*) IS NOT NULL",
    "struct_pack(*) IS NOT NULL",
    "row({s}.*) IS NOT NULL",
    "hash(*) > 0",
    "({s}.*) IS NOT NULL",
    "CAST({s} AS text) LIKE '%1%'",
    "(SELECT max(secret) FROM {s}) > 1",
    "{s}.x IN (SELECT secret FROM {s})",
)
_UNFILLED = (
    "{s}.a = ?",
    "{s}.a = ?1",
    "{s}.a <> :wanted",
    "{s}.a = @wanted",
    "{s}.a = $1",
    "{s}.a = $wanted",
    "{s}.a = %s",
    "{s}.a = %(wanted)s",
    "{s}.a = {{{{ wanted }}}}",
    "{s}.a = ${{wanted}}",
    "{s}.x > 0 OR {s}.a IN ('p', ?)",
    "{s}.x = 1; {s}.x = 2",
)
_UNFILLED_MEASURES = (
    "count(*) FILTER (WHERE {s}.a = ?)",
    "sum({s}.x * :factor)",
    "sum({s}.x) + @extra",
    "{s}.unfilled",
)


def hidden_measures(case: Case) -> list[MeasureSpec]:
    """Return measures of a question that read a hidden column."""
    return _measures(case, _HIDDEN_MEASURES, "hidden")


def hidden_conditions(node: str) -> list[Condition]:
    """Return filters that read a hidden column."""
    return _conditions(node, _HIDDEN_CONDITIONS, "hidden")


def hidden_dimensions(node: str) -> list[Dimension]:
    """Return dimensions that are a hidden column."""
    return [Dimension(node, "secret", None, bare, "refused", "hidden") for bare in (False, True)]


def unfilled_measures(case: Case) -> list[MeasureSpec]:
    """Return measures with a placeholder, in a question's words and in the model's."""
    return _measures(case, _UNFILLED_MEASURES, "placeholders")


def unfilled_conditions(node: str) -> list[Condition]:
    """Return filters with a placeholder, and one that is two statements."""
    return _conditions(node, _UNFILLED, "placeholders")


def _measures(case: Case, texts: tuple[str, ...], kind: str) -> list[MeasureSpec]:
    return [
        MeasureSpec(
            text.format(s=source),
            f"{source}_{kind}{index}",
            (atom(source, fold_count),),
            only,
            "refused",
            kind,
        )
        for source in case.sources
        for index, text in enumerate(texts)
    ]


def _conditions(node: str, texts: tuple[str, ...], kind: str) -> list[Condition]:
    return [
        Condition(text.format(s=node), (node,), lambda r: None, "refused", kind) for text in texts
    ]
