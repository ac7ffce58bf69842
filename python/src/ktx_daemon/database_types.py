"""What a database's own type is to a model, read word by word.

A part of a word says nothing: `mint` holds `int`, and so do `int4range`, `point` and `INTEGER[]`.
"""

from __future__ import annotations

import re

_NUMBERS = frozenset(
    """
    int integer tinyint smallint mediumint bigint hugeint uinteger utinyint usmallint ubigint
    uhugeint byteint int1 int2 int3 int4 int8 int16 int32 int64 int128 int256 uint8 uint16 uint32
    uint64 uint128 uint256 long short byte serial smallserial bigserial numeric decimal dec number
    fixed bignumeric bigdecimal decimal32 decimal64 decimal128 decimal256 float double real float4
    float8 float16 float32 float64 bfloat16 binary_float binary_double money smallmoney
    """.split()
)
_TIMES = frozenset(
    """
    date date32 time timetz time_ns datetime datetime2 datetime64 datetimeoffset smalldatetime
    timestamp timestamptz timestamp_s timestamp_ms timestamp_us timestamp_ns timestamp_ntz
    timestamp_ltz timestamp_tz
    """.split()
)
_BOOLEANS = frozenset(("bool", "boolean", "bit", "tinybool"))
# What may stand beside such a word: BIGINT UNSIGNED, DOUBLE PRECISION, UNSIGNED BIG INT.
_BESIDE_NUMBERS = frozenset(
    ("unsigned", "signed", "zerofill", "precision", "varying", "identity", "big", "native")
)
_BESIDE_TIMES = frozenset(("with", "without", "local", "time", "zone"))
_WRAPPED = re.compile(r"(?:nullable|lowcardinality)\s*\((.*)\)", re.DOTALL)
_LENGTH = re.compile(r"\([\d\s,'+:/a-z_-]*\)")
_WORDS = re.compile(r"[a-z_][a-z0-9_]*(?:\s+[a-z_][a-z0-9_]*)*")
_BITS = re.compile(r"bit\s*\((?!\s*1\s*\))")


def map_database_type(native: str) -> str:
    """Return string, number, time or boolean for a database's own type."""
    text = native.strip().lower()
    while wrapped := _WRAPPED.fullmatch(text):
        text = wrapped[1].strip()
    if _BITS.match(text) or text == "bit varying":
        return "string"
    # What is left of INTEGER[], STRUCT(a INTEGER), array<int>, "mint" and shop.mint are no words.
    plain = _LENGTH.sub(" ", text) if not _is_nested(text) else text
    plain = " ".join(plain.split())
    if not _WORDS.fullmatch(plain):
        return "string"
    words = set(plain.split())
    for kind, known, beside in (
        ("number", _NUMBERS, _BESIDE_NUMBERS),
        ("time", _TIMES, _BESIDE_TIMES),
        ("boolean", _BOOLEANS, frozenset()),
    ):
        if words & known and words <= known | beside:
            return kind
    return "string"


def has_average(native: str, dialect: str) -> bool:
    """Whether the database computes the average of a number of this type."""
    return not (dialect == "postgres" and native.strip().lower() == "money")


def _is_nested(text: str) -> bool:
    """Whether what is in parentheses are types or values, and not the length of a type."""
    return bool(re.match(r"(?:struct|map|union|row|tuple|nested|array|enum\d*|set)\b", text))
