"""Random expressions of a database's own SQL, nested without care for parentheses.

What an operator binds is the database's affair; a text that it does not take is no example. There
is no division: that is ktx's own (real, and NULL by zero).
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

NUMBER, TEXT, TRUTH = "number", "text", "truth"
_CASE = "CASE WHEN {truth} THEN {number} ELSE {number} END"


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
        *("{number} + {number}", "{number} - {number}", "{number} * {number}", "{number} % 3"),
        *("- {number}", "abs({number})", "coalesce({number}, {number})", _CASE),
        *("nullif({number}, {number})", "length({text})", "({number})", "+ {number}"),
        "CASE {number} WHEN 1 THEN {number} WHEN {number} THEN 5 END",
    ),
    TEXT: (
        *("upper({text})", "lower({text})", "trim({text})", "replace({text}, 'a', {text})"),
        *("substr({text}, 2)", "coalesce({text}, {text})", "nullif({text}, {text})"),
        *("CASE WHEN {truth} THEN {text} END", "({text})", "CASE {text} WHEN 'a' THEN {text} END"),
    ),
    TRUTH: (
        *("{number} = {number}", "{number} <> {number}", "{number} < {number}", "NOT {truth}"),
        *("{number} >= {number}", "{number} != {number}", "{text} = {text}", "{text} < {text}"),
        *("{truth} AND {truth}", "{truth} OR {truth}", "({truth})", "{number} IS NULL"),
        *("{text} LIKE {text}", "{text} NOT LIKE {text}", "{text} IS NOT NULL"),
        *("{number} BETWEEN {number} AND {number}", "{number} NOT BETWEEN {number} AND {number}"),
        *("{number} IN (1, {number})", "{text} NOT IN ('a', {text})", "{truth} = {truth}"),
        *("{text} LIKE 'a!%' ESCAPE '!'", "NOT {number} = {number}", "({truth}) IS NULL"),
    ),
}
_OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        NUMBER: (
            *("{number} & {number}", "{number} | {number}", "{number} << 2", "{number} >> 1"),
            *("~ {number}", "min({number}, {number})", "max({number}, {number})", "round(1.5 * i)"),
            *("iif({truth}, {number}, {number})", "instr({text}, {text})", "unicode({text})"),
            *("ifnull({number}, {number})", "{truth} + {number}", "sign({number})", "{text} + 1"),
        ),
        TEXT: (
            *("{text} || {text}", "hex({text})", "quote({text})", "ltrim({text}, 'a')"),
            *("printf('%s-%d', {text}, {number})", "{number} || {text}", "typeof({number})"),
            *("CAST({number} AS TEXT)", "substr({text}, -2, 1)", "substr({text}, {number})"),
            *("char(65 + {number})", "{text} COLLATE NOCASE", "min({text}, {text})"),
        ),
        TRUTH: (
            *("{number} == {number}", "{number} IS {number}", "{text} IS NOT {text}"),
            *("{text} GLOB 'a*'", "{text} NOT GLOB {text}", "{number} ISNULL", "{text} NOTNULL"),
            *("{number} IS DISTINCT FROM {number}", "{text} COLLATE NOCASE = {text}"),
            *("{number} IS NOT DISTINCT FROM {number}", "{truth} IS TRUE", "{truth} IS NOT FALSE"),
            *("{text} NOT NULL", "{number} < {text}"),
        ),
    },
    "duckdb": {
        NUMBER: (
            *("{number} & {number}", "{number} | {number}", "{number} << 2", "{number} >> 1"),
            *("~ {number}", "{number} ** 2", "{number} ^ 2", "xor({number}, {number})"),
            *("greatest({number}, {number})", "least({number}, {number})", "{number}::VARCHAR::INT"),
            *("strpos({text}, {text})", "if({truth}, {number}, {number})", "levenshtein(s, {text})"),
            *("try_cast({text} AS INTEGER)", "ifnull({number}, {number})", "@ {number}"),
            *("len({text})", "ascii({text})", "sign({number})", "even({number})"),
        ),
        TEXT: (
            *("{text} || {text}", "concat({text}, {text})", "{text}[1:2]", "{text}[2]"),
            *("left({text}, 1)", "reverse({text})", "repeat({text}, 2)", "{number}::VARCHAR"),
            *("lpad({text}, 4, '*')", "split_part({text}, 'a', 1)", "concat_ws('-', {text}, s)"),
            *("regexp_replace({text}, 'a', 'x')", "regexp_extract({text}, 'a.')", "chr(66)"),
            *("string_split({text}, 'a')[1]", "translate({text}, 'ab', 'xy')", "md5({text})"),
        ),
        TRUTH: (
            *("{text} ~ 'a'", "{text} !~ 'a'", "{text} ~ 'a.*'", "{text} ~~ {text}"),
            *("{text} !~~ {text}", "{text} ILIKE {text}", "{text} NOT ILIKE {text}"),
            *("{text} SIMILAR TO 'a|b'", "{text} GLOB 'a*'", "{text} ^@ {text}", "{truth} IS TRUE"),
            *("{text} ~~* {text}", "{number} == {number}", "{number} IS DISTINCT FROM {number}"),
            *("starts_with({text}, {text})", "contains({text}, {text})", "{number} ISNULL"),
            *("{number} IS NOT DISTINCT FROM {number}", "{text} NOTNULL", "{truth} IS NOT TRUE"),
            *("regexp_matches({text}, 'a')", "{text} NOT SIMILAR TO 'a.*'", "{text} ~~~ 'a*'"),
            *("list_contains([1, {number}], {number})", "{truth} <> {truth}"),
        ),
    },
    "postgres": {
        NUMBER: (
            *("{number} & {number}", "{number} | {number}", "{number} << 2", "{number} >> 1"),
            *("~ {number}", "{number} # {number}", "{number} ^ 2", "@ {number}", "|/ abs({number})"),
            *("greatest({number}, {number})", "least({number}, {number})", "{number}::text::int"),
            *("strpos({text}, {text})", "position('a' in {text})", "mod({number}, 3)", "sign(i)"),
            *("char_length({text})", "ascii({text})", "||/ {number}"),
        ),
        TEXT: (
            *("{text} || {text}", "concat({text}, {text})", "left({text}, 1)", "{number}::text"),
            *("reverse({text})", "repeat({text}, 2)", "substring({text} from 2 for 1)"),
            *("overlay({text} placing 'x' from 1)", "split_part({text}, 'a', 1)", "initcap({text})"),
            *("regexp_replace({text}, 'a', 'x')", "substring({text} from 'a.')", "md5({text})"),
            *("trim(both 'a' from {text})", "translate({text}, 'ab', 'xy')", "{text} || {number}"),
            *("btrim({text}, 'a')", "concat_ws('-', {text}, s)", "format('%s', {text})"),
        ),
        TRUTH: (
            *("{text} ~ 'a'", "{text} !~ 'A'", "{text} ~* 'A'", "{text} !~* 'B'", "{truth} IS TRUE"),
            *("{text} ~~ {text}", "{text} !~~ {text}", "{text} ~~* {text}", "{text} !~~* {text}"),
            *("{text} ILIKE {text}", "{text} NOT ILIKE {text}", "{text} SIMILAR TO 'a|b'"),
            *("{text} ^@ {text}", "{number} IS DISTINCT FROM {number}", "{truth} IS UNKNOWN"),
            *("{number} BETWEEN SYMMETRIC {number} AND 2", "{number} ISNULL", "{text} NOTNULL"),
            *("{number} = ANY(ARRAY[1, {number}])", "{number} <> ALL(ARRAY[1, 2])"),
            *("{text} LIKE ANY(ARRAY['a%', 'b'])", "{truth} IS NOT FALSE", "{truth} <> {truth}"),
            *("starts_with({text}, {text})", "{number} IS NOT DISTINCT FROM {number}"),
        ),
    },
    "mysql": {
        NUMBER: (
            *("{number} & {number}", "{number} | {number}", "{number} << 2", "{number} >> 1"),
            *("~ {number}", "{number} ^ {number}", "{number} MOD 3", "mod({number}, 3)"),
            *("greatest({number}, {number})", "least({number}, {number})", "strcmp({text}, 'a')"),
            *("if({truth}, {number}, {number})", "ifnull({number}, {number})", "sign({number})"),
            *("field({text}, 'a', 'ab')", "locate('b', {text})", "instr({text}, 'b')", "{text} + 0"),
            *("bit_count({number})", "char_length({text})", "interval({number}, 1, 2)"),
            *("truncate(1.55 * {number}, 1)", "{truth} + {number}", "ascii({text})"),
        ),
        TEXT: (
            *("concat({text}, {text})", "concat_ws('-', {text}, s)", "left({text}, 1)"),
            *("reverse({text})", "repeat({text}, 2)", "elt({number}, 'x', 'y')", "hex({text})"),
            *("mid({text}, 2, 1)", "lpad({text}, 4, '*')", "insert({text}, 1, 1, 'x')"),
            *("substring_index({text}, 'a', 1)", "if({truth}, {text}, {text})", "md5({text})"),
            *("regexp_replace({text}, 'a', 'x')", "CAST({number} AS CHAR)", "quote({text})"),
            *("trim(both 'a' from {text})", "ifnull({text}, {text})", "conv({number}, 10, 2)"),
        ),
        TRUTH: (
            *("{text} RLIKE 'a'", "{text} REGEXP '^a'", "{text} NOT REGEXP 'b'", "{truth} IS TRUE"),
            *("{number} <=> {number}", "{text} <=> {text}", "{truth} XOR {truth}", "! {number}"),
            *("{truth} && {truth}", "{truth} || {truth}", "{number} IS NOT TRUE", "!({truth})"),
            *("{text} NOT RLIKE 'b'", "BINARY {text} = {text}", "{truth} IS UNKNOWN"),
            *("{text} SOUNDS LIKE {text}", "{number} DIV 2 = 1", "{text} COLLATE utf8mb4_bin = s"),
            *("isnull({number})", "{number} BETWEEN {number} AND {truth}", "{number} AND {number}"),
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
