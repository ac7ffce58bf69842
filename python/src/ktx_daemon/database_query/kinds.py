"""What kind of values a column has, by the word that a database has for its type."""

from __future__ import annotations

import re

from ktx_daemon.database_query.driver import BINARY, BOOLEAN, NUMBER, TEXT, TIME, UNKNOWN

_KINDS = (
    (
        TEXT,
        re.compile(r"(?:array|map|row|struct|tuple|nested|list|interval|json|variant|object)\b.*"),
    ),
    (
        NUMBER,
        re.compile(
            r"(?:u?int(?:eger)?\d*|tinyint|smallint|bigint|(?:big)?(?:decimal|numeric)\d*|number|fixed"
            r"|float\d*|double|real|bfloat16|smallmoney|money|byte|short|long)\b.*"
        ),
    ),
    (BOOLEAN, re.compile(r"bool(?:ean)?|bit")),
    (TIME, re.compile(r"(?:date|time|timestamp)(?:\w*)\b.*")),
    (BINARY, re.compile(r"(?:var)?binary\b.*|bytes|image|rowversion")),
)
_WRAPPED = re.compile(r"(?:nullable|lowcardinality)\((.*)\)", re.IGNORECASE)


def kind_of(word: str) -> str:
    """Return the kind for a type such as "decimal(9,2)" or "Nullable(UInt64)"."""
    plain = word.lower()
    while wrapped := _WRAPPED.fullmatch(plain):
        plain = wrapped[1]
    if not plain:
        return UNKNOWN
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(plain)), TEXT)
