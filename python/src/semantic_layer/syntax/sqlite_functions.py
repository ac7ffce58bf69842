"""Functions in texts for SQLite: those that it has, and what it has in the place of others."""

from __future__ import annotations

from collections.abc import Iterable

from semantic_layer.errors import close_names
from semantic_layer.syntax.engine_functions import PORTABLE, argument_counts
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import Refused
from semantic_layer.syntax.many_rows import NONE
from semantic_layer.syntax.measure_calls import MEASURE_CALLS
from semantic_layer.syntax.tree import Node
from semantic_layer.syntax.verbatim import template_of

_OTHER = "Write it with the functions that SQLite has."
# What SQLite has instead of functions that people know from elsewhere.
INSTEAD = {
    "now getdate sysdate": "datetime('now')",
    "curdate today": "date('now')",
    "year date_part datepart extract": "CAST(strftime('%Y', x) AS INTEGER)",
    "month": "CAST(strftime('%m', x) AS INTEGER)",
    "day dayofmonth": "CAST(strftime('%d', x) AS INTEGER)",
    "hour": "CAST(strftime('%H', x) AS INTEGER)",
    "dayofweek weekday": "CAST(strftime('%w', x) AS INTEGER)",
    "to_char date_format format_date": "strftime('%Y-%m-%d', x)",
    "date_trunc timestamp_trunc": "strftime('%Y-%m-01', x)",
    "datediff date_diff": "julianday(a) - julianday(b)",
    "dateadd date_add date_sub adddate": "datetime(x, '+1 day')",
    "to_date": "date(x)",
    "to_timestamp": "datetime(x)",
    "unix_timestamp": "unixepoch(x)",
    "from_unixtime": "datetime(n, 'unixepoch')",
    "greatest": "max(a, b)",
    "least": "min(a, b)",
    "nvl isnull": "ifnull(a, b)",
    "safe_divide": "a / b, which is NULL by zero here",
    "len char_length character_length": "length(x)",
    "left": "substr(x, 1, n)",
    "right": "substr(x, -n)",
    "mid": "substr(x, first, n)",
    "position strpos charindex locate": "instr(text, part)",
    "lcase": "lower(x)",
    "ucase": "upper(x)",
    "square": "x * x",
}


def check_functions(parts: Iterable[Node]) -> None:
    """Raise `Refused` for a call that SQLite would not find; the one in ktx has no extensions."""
    known = argument_counts("sqlite functions")
    for node in parts:
        template = template_of(node) if isinstance(node, exp.Func) else None
        call = template.call if template is not None else None
        if call is None or isinstance(node, exp.Cast) or call.name in PORTABLE:
            continue
        if call.name in MEASURE_CALLS or call.name == NONE:
            continue  # Where rows are meant, `refuse_measure_calls` speaks.
        if call.name not in known:
            raise _unknown(call.name, known)
        if known[call.name] and call.arguments not in known[call.name]:
            counts = " or ".join(map(str, sorted(known[call.name])))
            raise Refused(
                f"`{call.name}` of sqlite takes {counts} arguments, not {call.arguments}",
                _OTHER,
                unsupported=True,
            )


def _unknown(name: str, known: Iterable[str]) -> Refused:
    reason = f"sqlite has no function `{name}`"
    for words, instead in INSTEAD.items():
        if name in words.split():
            return Refused(reason, f"Write {instead}.", unsupported=True)
    refused = Refused(reason, _OTHER, unsupported=True)
    refused.suggestions = close_names(name, sorted(known))
    return refused
