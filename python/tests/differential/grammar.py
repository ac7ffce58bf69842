"""Random expressions of a database's own SQL, nested without care for parentheses.

What an operator binds is the database's affair; a text that it does not take is no example. There
is no division: that is ktx's own (real, and NULL by zero).
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

NUMBER, TEXT, TRUTH = "n", "t", "b"
"""The types, as templates write them: `{n} + {n}` is a number made of two."""
_CASE = "CASE WHEN {b} THEN {n} ELSE {n} END"


class Expression(NamedTuple):
    """A text, its type, and the template at its root."""

    text: str
    type: str
    root: str


_LEAVES = {
    NUMBER: ("i", "j", "0", "1", "2", "-3", "7", "NULL"),
    TEXT: ("s", "u", "'a'", "'ab'", "'%b_'", "'it''s'", "'A'", "''", "NULL"),
    TRUTH: ("i > 1", "s = 'a'", "u IS NULL", "j IS NOT NULL"),
}
_EVERYWHERE: dict[str, tuple[str, ...]] = {
    NUMBER: (
        *("{n} + {n}", "{n} - {n}", "{n} * {n}", "{n} % 3"),
        *("- {n}", "abs({n})", "coalesce({n}, {n})", _CASE),
        *("nullif({n}, {n})", "length({t})", "({n})", "+ {n}"),
        "CASE {n} WHEN 1 THEN {n} WHEN {n} THEN 5 END",
    ),
    TEXT: (
        *("upper({t})", "lower({t})", "trim({t})", "replace({t}, 'a', {t})"),
        *("substr({t}, 2)", "coalesce({t}, {t})", "nullif({t}, {t})"),
        *("CASE WHEN {b} THEN {t} END", "({t})", "CASE {t} WHEN 'a' THEN {t} END"),
    ),
    TRUTH: (
        *("{n} = {n}", "{n} <> {n}", "{n} < {n}", "NOT {b}"),
        *("{n} >= {n}", "{n} != {n}", "{t} = {t}", "{t} < {t}"),
        *("{b} AND {b}", "{b} OR {b}", "({b})", "{n} IS NULL"),
        *("{t} LIKE {t}", "{t} NOT LIKE {t}", "{t} IS NOT NULL"),
        *("{n} BETWEEN {n} AND {n}", "{n} NOT BETWEEN {n} AND {n}"),
        *("{n} IN (1, {n})", "{t} NOT IN ('a', {t})", "{b} = {b}"),
        *("{t} LIKE 'a!%' ESCAPE '!'", "NOT {n} = {n}", "({b}) IS NULL"),
    ),
}
_OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        NUMBER: (
            *("{n} & {n}", "{n} | {n}", "{n} << 2", "{n} >> 1"),
            *("~ {n}", "min({n}, {n})", "max({n}, {n})", "round(1.5 * i)"),
            *("iif({b}, {n}, {n})", "instr({t}, {t})", "unicode({t})"),
            *("ifnull({n}, {n})", "{b} + {n}", "sign({n})", "{t} + 1"),
        ),
        TEXT: (
            *("{t} || {t}", "hex({t})", "quote({t})", "ltrim({t}, 'a')"),
            *("printf('%s-%d', {t}, {n})", "{n} || {t}", "typeof({n})"),
            *("CAST({n} AS TEXT)", "substr({t}, -2, 1)", "substr({t}, {n})"),
            *("char(65 + {n})", "{t} COLLATE NOCASE", "min({t}, {t})"),
        ),
        TRUTH: (
            *("{n} == {n}", "{n} IS {n}", "{t} IS NOT {t}"),
            *("{t} GLOB 'a*'", "{t} NOT GLOB {t}", "{n} ISNULL", "{t} NOTNULL"),
            *("{n} IS DISTINCT FROM {n}", "{t} COLLATE NOCASE = {t}"),
            *("{n} IS NOT DISTINCT FROM {n}", "{b} IS TRUE", "{b} IS NOT FALSE"),
            *("{t} NOT NULL", "{n} < {t}"),
        ),
    },
    "duckdb": {
        NUMBER: (
            *("{n} & {n}", "{n} | {n}", "{n} << 2", "{n} >> 1"),
            *("~ {n}", "{n} ** 2", "{n} ^ 2", "xor({n}, {n})"),
            *(
                "greatest({n}, {n})",
                "least({n}, {n})",
                "{n}::VARCHAR::INT",
            ),
            *(
                "strpos({t}, {t})",
                "if({b}, {n}, {n})",
                "levenshtein(s, {t})",
            ),
            *("try_cast({t} AS INTEGER)", "ifnull({n}, {n})", "@ {n}"),
            *("len({t})", "ascii({t})", "sign({n})", "even({n})"),
        ),
        TEXT: (
            *("{t} || {t}", "concat({t}, {t})", "{t}[1:2]", "{t}[2]"),
            *("left({t}, 1)", "reverse({t})", "repeat({t}, 2)", "{n}::VARCHAR"),
            *("lpad({t}, 4, '*')", "split_part({t}, 'a', 1)", "concat_ws('-', {t}, s)"),
            *("regexp_replace({t}, 'a', 'x')", "regexp_extract({t}, 'a.')", "chr(66)"),
            *("string_split({t}, 'a')[1]", "translate({t}, 'ab', 'xy')", "md5({t})"),
        ),
        TRUTH: (
            *("{t} ~ 'a'", "{t} !~ 'a'", "{t} ~ 'a.*'", "{t} ~~ {t}"),
            *("{t} !~~ {t}", "{t} ILIKE {t}", "{t} NOT ILIKE {t}"),
            *("{t} SIMILAR TO 'a|b'", "{t} GLOB 'a*'", "{t} ^@ {t}", "{b} IS TRUE"),
            *("{t} ~~* {t}", "{n} == {n}", "{n} IS DISTINCT FROM {n}"),
            *("starts_with({t}, {t})", "contains({t}, {t})", "{n} ISNULL"),
            *("{n} IS NOT DISTINCT FROM {n}", "{t} NOTNULL", "{b} IS NOT TRUE"),
            *("regexp_matches({t}, 'a')", "{t} NOT SIMILAR TO 'a.*'", "{t} ~~~ 'a*'"),
            *("list_contains([1, {n}], {n})", "{b} <> {b}"),
        ),
    },
    "postgres": {
        NUMBER: (
            *("{n} & {n}", "{n} | {n}", "{n} << 2", "{n} >> 1"),
            *(
                "~ {n}",
                "{n} # {n}",
                "{n} ^ 2",
                "@ {n}",
                "|/ abs({n})",
            ),
            *("greatest({n}, {n})", "least({n}, {n})", "{n}::text::int"),
            *("strpos({t}, {t})", "position('a' in {t})", "mod({n}, 3)", "sign(i)"),
            *("char_length({t})", "ascii({t})", "||/ {n}"),
        ),
        TEXT: (
            *("{t} || {t}", "concat({t}, {t})", "left({t}, 1)", "{n}::text"),
            *("reverse({t})", "repeat({t}, 2)", "substring({t} from 2 for 1)"),
            *(
                "overlay({t} placing 'x' from 1)",
                "split_part({t}, 'a', 1)",
                "initcap({t})",
            ),
            *("regexp_replace({t}, 'a', 'x')", "substring({t} from 'a.')", "md5({t})"),
            *("trim(both 'a' from {t})", "translate({t}, 'ab', 'xy')", "{t} || {n}"),
            *("btrim({t}, 'a')", "concat_ws('-', {t}, s)", "format('%s', {t})"),
        ),
        TRUTH: (
            *(
                "{t} ~ 'a'",
                "{t} !~ 'A'",
                "{t} ~* 'A'",
                "{t} !~* 'B'",
                "{b} IS TRUE",
            ),
            *("{t} ~~ {t}", "{t} !~~ {t}", "{t} ~~* {t}", "{t} !~~* {t}"),
            *("{t} ILIKE {t}", "{t} NOT ILIKE {t}", "{t} SIMILAR TO 'a|b'"),
            *("{t} ^@ {t}", "{n} IS DISTINCT FROM {n}", "{b} IS UNKNOWN"),
            *("{n} BETWEEN SYMMETRIC {n} AND 2", "{n} ISNULL", "{t} NOTNULL"),
            *("{n} = ANY(ARRAY[1, {n}])", "{n} <> ALL(ARRAY[1, 2])"),
            *("{t} LIKE ANY(ARRAY['a%', 'b'])", "{b} IS NOT FALSE", "{b} <> {b}"),
            *("starts_with({t}, {t})", "{n} IS NOT DISTINCT FROM {n}"),
        ),
    },
    "mysql": {
        NUMBER: (
            *("{n} & {n}", "{n} | {n}", "{n} << 2", "{n} >> 1"),
            *("~ {n}", "{n} ^ {n}", "{n} MOD 3", "mod({n}, 3)"),
            *("greatest({n}, {n})", "least({n}, {n})", "strcmp({t}, 'a')"),
            *("if({b}, {n}, {n})", "ifnull({n}, {n})", "sign({n})"),
            *(
                "field({t}, 'a', 'ab')",
                "locate('b', {t})",
                "instr({t}, 'b')",
                "{t} + 0",
            ),
            *("bit_count({n})", "char_length({t})", "interval({n}, 1, 2)"),
            *("truncate(1.55 * {n}, 1)", "{b} + {n}", "ascii({t})"),
        ),
        TEXT: (
            *("concat({t}, {t})", "concat_ws('-', {t}, s)", "left({t}, 1)"),
            *("reverse({t})", "repeat({t}, 2)", "elt({n}, 'x', 'y')", "hex({t})"),
            *("mid({t}, 2, 1)", "lpad({t}, 4, '*')", "insert({t}, 1, 1, 'x')"),
            *("substring_index({t}, 'a', 1)", "if({b}, {t}, {t})", "md5({t})"),
            *("regexp_replace({t}, 'a', 'x')", "CAST({n} AS CHAR)", "quote({t})"),
            *("trim(both 'a' from {t})", "ifnull({t}, {t})", "conv({n}, 10, 2)"),
        ),
        TRUTH: (
            *("{t} RLIKE 'a'", "{t} REGEXP '^a'", "{t} NOT REGEXP 'b'", "{b} IS TRUE"),
            *("{n} <=> {n}", "{t} <=> {t}", "{b} XOR {b}", "! {n}"),
            *("{b} && {b}", "{b} || {b}", "{n} IS NOT TRUE", "!({b})"),
            *("{t} NOT RLIKE 'b'", "BINARY {t} = {t}", "{b} IS UNKNOWN"),
            *("{t} SOUNDS LIKE {t}", "{n} DIV 2 = 1", "{t} COLLATE utf8mb4_bin = s"),
            *("isnull({n})", "{n} BETWEEN {n} AND {b}", "{n} AND {n}"),
        ),
    },
}
DIALECTS = tuple(_OWN)
_DEPTH = 3


@st.composite
def expressions(draw: st.DrawFn, dialect: str, type_: str, depth: int = _DEPTH) -> Expression:
    """An expression of the type; a part is in parentheses now and then."""
    if depth == 0 or (depth < _DEPTH and draw(st.booleans())):
        leaf = draw(st.sampled_from(_LEAVES[type_]))
        return Expression(leaf, type_, leaf)
    own = _OWN[dialect][type_]
    template = draw(st.sampled_from([*_EVERYWHERE[type_], *own, *own]))
    text = template
    for part in (NUMBER, TEXT, TRUTH):
        while f"{{{part}}}" in text:
            inner = draw(expressions(dialect, part, depth - 1)).text
            written = f"({inner})" if draw(st.integers(0, 3)) == 3 else inner
            text = text.replace(f"{{{part}}}", written, 1)
    return Expression(text, type_, template)
