"""Hypothesis strategies for whole models, sound and broken in every way that validation reports."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

# Plain names, names in two cases, words that SQL or sqlglot knows, names that need quotes.
_COLUMNS = ["amount", "price", "kind", "owner_id", "qty2"]
_COLUMNS += ["date", "count", "year", "status", "Amount", "zq0c", "s", "separator"]
_MEASURES = ["total", "n", "mean", "rate", "amount", "qty2", "m7", "m8", "year", "x y"]
_ODD_MEASURES = [*_MEASURES, "Total", "a.b"]
_MEASURE_NAMES = st.sampled_from([_MEASURES, _MEASURES, _MEASURES, _ODD_MEASURES])
_SOURCES = ["orders", "clients", "lines_2", "date", "Orders"]
_WORDS = st.sampled_from(["paid", "open", "it-s", "", "2024-01-01", "2024-02-30", "1/2/2024 9:00"])
_TYPES = st.sampled_from(["number", "number", "time", "time", "string", "boolean"])

_MEASURE_TEXTS = """
    sum({c}) | SUM( {c} ) | sum({c}) | count(*) | count({c}) | avg({c}) * 2
    count(distinct {c}) | max({c}) - min({d}) | sum({c} * {d}) | sum({q}.{c}) | {m} / {n}
    {m} + {n} | 100.0 * {m} / nullif({n}, 0) | round({m} / {n}, 2) | coalesce({m}, 0)
    {q}.{m} + 1 | {m} | {m} - 1 | sum(case when {c} = '{v}' then {d} else 0 end)
    count(case when {c} > 5 then {d} end) | sum(case when {c} in ('{v}', '{w}') then 1 end)
    sum(case when {c} > {d} then 1 else 0 end) | count(case when {c} < '{v}' then {d} end)
    max({c}) | sum({c} - {d}) | min(case when '{v}' <= {c} and {d} <> '{w}' then {c} end)
    sum(case when {c} <> 3 then 1.5 else {d} end) | median({c}) | percentile({c}, 0.9)
    percentile({c}, 2) | percentile({c}, {d}) | median({c}) / {m}
    percentile_cont(0.5) within group (order by {c}) | count(*) filter (where {c} > 5)
    stddev({c}) | group_concat({c}) | string_agg({c}, ',') | array_agg({c})
    approx_distinct({c}) | count(distinct {c}, {d}) | count_distinct({c})
    count_distinct({c}, {d}) | any_value({c}) | sum({c}) + {m} | sum({m}) | sum(sum({c}))
    sum({c}) over (partition by {d}) | sum({q}.*) | (select max({c}) from {q}) | mod({m}, {n})
    mod({m} / {n}, 2) | {m} % {n} | my_function({c}) | max(my_function({c})) | {c} | 1 | sum({c}
    sum({c}) -- {d} | sum({c}) /* {m} */ | sum("{c}") | sum({c}) as {d}
    sum(extract({c} from {d})) | max(date_trunc('month', {c})) | sum({c}::int)
    sum(cast({c} as {d})) | case when {m} > 5 then {n} end | {m} > 5 and {n} < 3 | sum(x -> {c})
    if({m} = 0, {n}, 1) | max(interval '{v}') | sum(nothing) | sum(unknown.{c}) | {m} + nothing
    group_concat({c} separator ',') | sum(1) | sum({c}) / 0 | count(1) | row_number()
    {m} || '{v}' | max({c} - 157) | sum({c} + 0.5) | sum({c} / (1 - 1)) | percentile({c}, 1 - 0.5)
    {m} - 0 | sum(case when {c} - 7 > {d} + 2 then 1 - 5 end) | sum({c} - 3 / 0)
"""
_CONDITION_TEXTS = """
    {c} = '{v}' | {c} >= '{v}' and {c} < '{w}' | {c} > {d} | {c} > 5 and {d} < 3
    {c} in ('{v}', '{w}') | {c} <> '{v}' or {d} = 1
    {q}.{c} = 1 | not {c} | {c} is not null | {c} between 1 and 5 | {c} like 'a%' | sum({c}) > 1
    {m} > 5 | exists (select 1 from {q}) | row_number() over (order by {c}) = 1 | {c} =
    {c} - 7 > {d} | {c} + 1 = '{v}'
    nothing = 1 | '{v}' = {c} | date({c}) >= '2024-01-01' | {c} > {d} * 2
"""
_COLUMN_TEXTS = """
    upper({c}) | {c} || {d} | {q}.{c} | coalesce({c}, 0) | {c} + 1 | lower({own}) | nothing
    case when {c} = '{v}' then 'a' else 'b' end | sum({c}) | row_number() over () | {c} +
    {own} + {c} | (select 1) | date_trunc('year', {c}) | unknown.{c} | {p}.{c}
"""
_ON_TEXTS = """
    {q}.{c} = {p}.id | {q}.{c} = {p}.{d} | {c} = {p}.id | {c} = {p}.{d} | {p}.{d} = {q}.{c}
    {c} = {d} | {p}.{d} = {c} | {q}.{c} = {p}.id and {q}.{d} = {p}.{e}
    {q}.{c} = {p}.id AND {q}.{d} > 5 | {q}.{c} = {p}.{d} or {c} = {p}.{e} | a1.{c} = b1.{d}
    lower({q}.{c}) = {p}.{d} | {c} > {p}.{d} | {q}.{c} = {p}.{d} = {e} | 1 = 1
    {q}.{c} = {p}.nothing | nothing = {p}.{d} | {q}.{c} = {p}.{d} and
    {c} = {p}.id and {q}.{e} >= {p}.{d} | {c} = {p}.id and {d} = '{v}' | sum({c}) = {p}.id
"""
_TABLES = (
    """orders | public.orders | db.public.orders | "my table" | select | date | a b | t1 | 2x | ("""
)


def _texts(lines: str) -> list[str]:
    return [text.strip() for line in lines.strip().splitlines() for text in line.split(" | ")]


@st.composite
def _text(draw: st.DrawFn, /, lines: str, **known: Any) -> str:
    """A text of the list, its gaps filled with names and literals."""
    columns = st.sampled_from(known.pop("columns"))
    measures = st.sampled_from(known.pop("measures", None) or _MEASURES)
    gaps = {key: draw(columns) for key in "cde"} | {key: draw(measures) for key in "mn"}
    gaps |= {"v": draw(_WORDS), "w": draw(_WORDS), "p": "clients", "own": "amount"}
    texts = _texts(lines)
    most = draw(st.sampled_from([5, 12, 99]))  # the first ones are sound as a rule
    return str(draw(st.sampled_from(texts[:most])).format(**gaps | known))


@st.composite
def _names(draw: st.DrawFn, names: list[str], most: int) -> list[str]:
    """Some of the names; now and then one of them twice."""
    found = draw(st.lists(st.sampled_from(names), max_size=most, unique=True))
    return [*found, *found[:1]] if draw(st.integers(0, 11)) == 11 else found


@st.composite
def _columns(draw: st.DrawFn, source: str) -> list[dict[str, Any]]:
    names = ["id", *draw(_names(_COLUMNS, 6))]
    columns = []
    for name in names:
        column: dict[str, Any] = {"name": name, "type": draw(_TYPES)}
        if column["type"] == "time" and draw(st.integers(0, 3)) == 0:
            column["storage"] = draw(st.sampled_from(["unix", "unix_ms", "julian", "text"]))
        if name != "id" and draw(st.integers(0, 4)) == 0:
            column["expr"] = draw(_text(_COLUMN_TEXTS, q=source, own=name, columns=names))
        if draw(st.integers(0, 7)) == 0:
            column["visibility"] = "hidden"
        columns.append(column)
    return columns


@st.composite
def _source(draw: st.DrawFn, name: str, names: list[str]) -> dict[str, Any]:
    columns = draw(_columns(name))
    has = [column["name"] for column in columns]
    measures, segments = draw(_names(draw(_MEASURE_NAMES), 6)), draw(_names(["one", "two"], 2))
    own = {"q": name, "columns": [*has * 5, "price"], "measures": [*measures * 5, "total"]}
    grains = [["id"], ["id"], ["id"], ["id"], [has[-1], "id"], ["nothing"]]
    found: dict[str, Any] = {
        "name": name,
        "grain": draw(st.sampled_from(grains)),
        "columns": columns,
        "segments": [{"name": n, "expr": draw(_text(_CONDITION_TEXTS, **own))} for n in segments],
        "measures": [draw(_measure(measure, own, segments)) for measure in measures],
        "joins": draw(st.lists(_join(name, names, has), max_size=2)),
    }
    if draw(st.integers(0, 7)) == 0:
        found["timezone"] = draw(st.sampled_from(["Europe/Berlin", "UTC"]))
    if draw(st.integers(0, 5)):
        found["table"] = draw(st.sampled_from([*_texts(_TABLES), *_texts(_TABLES)[:3] * 4]))
    else:
        selects = ["SELECT * FROM public.orders", "SELECT 1", "WITH w AS (SELECT 1) SELECT 2", "x"]
        found["sql"] = draw(st.sampled_from(selects))
    return found


@st.composite
def _measure(
    draw: st.DrawFn, name: str, own: dict[str, Any], segments: list[str]
) -> dict[str, Any]:
    measure: dict[str, Any] = {"name": name, "expr": draw(_text(_MEASURE_TEXTS, **own))}
    if draw(st.integers(0, 4)) == 0:
        measure["filter"] = draw(_text(_CONDITION_TEXTS, **own))
    if draw(st.integers(0, 4)) == 0:
        measure["segments"] = draw(st.lists(st.sampled_from([*segments, "three"]), max_size=2))
    return measure


@st.composite
def _join(draw: st.DrawFn, source: str, names: list[str], columns: list[str]) -> dict[str, Any]:
    target = draw(st.sampled_from([*names * 4, "nowhere"]))
    kinds = st.sampled_from(["many_to_one", "many_to_one", "one_to_many", "one_to_one"])
    text = _text(_ON_TEXTS, q=source, p=target, columns=[*columns * 5, "price"])
    join = {"to": target, "on": draw(text), "relationship": draw(kinds)}
    if draw(st.integers(0, 7)) == 0:
        join["alias"] = draw(st.sampled_from(["a1", "b1", "c1", *_SOURCES]))
    return join


@st.composite
def models(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The sources of a model, each well formed by itself."""
    names = draw(st.lists(st.sampled_from(_SOURCES), min_size=1, max_size=4, unique=True))
    return [draw(_source(name, names)) for name in names]
