"""Calling everything in a case otherwise: by words of SQL, with capitals, blanks, dots and quotes.

Every question can be asked under such names too. Texts are rewritten by their words, with quotes
where a name would be read as something else without them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from oracle.model import Case, Question
from support.databases import Table, quoted

_LONG = "total_amount_of_confirmed_and_delivered_orders_in_local_currency"
_COLUMNS = (
    *("order", "transaction", "isnull", "add", "user", "select", "commit", "alter", "window"),
    *("totalAmount", "Mixed", "Total Amount", 'we"ird', "dot.ted", "1st", "größe", "tick`y"),
    *("a-b", "100%", "semi;colon", "it's", "current_date", "case", "rollup", "Null"),
)
_SOURCES = (
    *("Order Lines", "group", "src.dotted", "Table", "1st_source", "Größen", "primary", "values"),
    *(f"{_LONG}_as_a_source_a", f"{_LONG}_as_a_source_b", 'so"urce', "lineItems", "left"),
)
_MEASURES = (
    *("Revenue", "count", "sum", "desc", "m.dotted", "per cent %", "größte", "references", "on"),
    *(f"{_LONG}_gross", f"{_LONG}_net", "netAmount", 'quo"ted', "to", "end", "limit"),
)
_OUTPUTS = ("Out Put", "table_out", f"{_LONG}_one", f"{_LONG}_two", "from", "dot.out", 'o"ut', "iN")
_RENAMED_COLUMNS = (*("x", "a", "seen", "label", "id", "g", "k", "secret", "per", "twin", "stamp"),)
_RENAMED_MEASURES = ("total", "n", "mean", "ratio", "gap", "nx", "kinds", "top", "p_ratio", "late")
_WORD = re.compile(r"'(?:[^']|'')*'|[A-Za-z_][A-Za-z_0-9]*")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SQL_WORDS = frozenset(
    name.lower()
    for name in (*_COLUMNS, *_SOURCES, *_MEASURES, *_OUTPUTS)
    if name.islower() or name in ("Null", "Table", "iN")
)


@st.composite
def ugly_names(draw: st.DrawFn, case: Case) -> dict[str, str]:
    """Return other names for sources, aliases, columns and measures of a case."""
    others = dict(zip(case.nodes, draw(st.permutations(_SOURCES)), strict=False))
    others |= dict(zip(_RENAMED_COLUMNS, draw(st.permutations(_COLUMNS)), strict=False))
    others |= dict(zip(_RENAMED_MEASURES, draw(st.permutations(_MEASURES)), strict=False))
    outputs = draw(st.permutations(_OUTPUTS))
    return others | {f"output {index}": name for index, name in enumerate(outputs)}


class Renaming:
    """What one dialect gets of a case."""

    def __init__(self, case: Case, dialect: str) -> None:
        self._case = case
        self._dialect = dialect
        self._names: dict[str, str] = dict(case.names)
        self._always_quoted = "always quoted" in case.features

    def measure(self, shown: str) -> str:
        """Return what the case calls a measure that the model calls `shown`."""
        return next((name for name in _RENAMED_MEASURES if self._names.get(name) == shown), shown)

    def tables(self, tables: Mapping[str, Table]) -> dict[str, Table]:
        """Return the tables under their names in the database."""
        if not self._names:
            return dict(tables)
        found = {}
        for source, (columns, rows) in tables.items():
            parts = [part.partition(" ") for part in columns.split(", ")]
            written = [f"{self._quoted(name)} {kind}" for name, _, kind in parts]
            found[self._table(source)] = (", ".join(written), rows)
        return found

    def definitions(self, sources: Mapping[str, Any]) -> dict[str, Any]:
        """Return the model."""
        if not self._names:
            return dict(sources)
        return {self.name(key): self._source(key, source) for key, source in sources.items()}

    def query(self, question: Question) -> dict[str, Any]:
        """Return the query object."""
        query = question.as_query()
        if not self._names:
            return query
        before = self._names
        self._names = before | {
            spec.name: before.get(spec.name) or before[f"output {index}"]
            for index, spec in enumerate(question.measures)
        }
        try:
            return self._query(question, query)
        finally:
            self._names = before

    def _query(self, question: Question, query: dict[str, Any]) -> dict[str, Any]:
        fields = [f"{self.name(d.node)}.{self.name(d.column)}" for d in question.dimensions]
        ordered = dict(zip(question.names(), fields, strict=True))
        return {
            **query,
            "measures": [
                self._field(item)
                if isinstance(item, str)
                else {"expr": self.text(item["expr"]), "name": self.name(item["name"])}
                for item in query["measures"]
            ],
            "dimensions": [
                {**item, "field": self._field(item["field"])} for item in query["dimensions"]
            ],
            "filters": [self.text(text) for text in query["filters"]],
            "segments": [
                f"{self.name(source)}.{name}" for source, name in question.whole_segments()
            ],
            "order_by": [
                {**item, "field": ordered.get(item["field"]) or self.name(item["field"])}
                for item in query["order_by"]
            ],
            "join_path": [[self.name(name) for name in path] for path in query["join_path"]],
        }

    def name(self, name: str) -> str:
        """Return what something is called, without quotes."""
        return self._names.get(name, name)

    def text(self, text: str) -> str:
        """Return an expression over the other names."""

        def other(match: re.Match[str]) -> str:
            word = match.group()
            if word not in self._names or text[match.end() :].startswith("("):
                return word
            beside_dot = text[: match.start()].endswith(".") or text[match.end() :].startswith(".")
            name = self._names[word]
            if not self._always_quoted and _PLAIN.match(name) and beside_dot:
                return name
            return self._quoted_unless_plain(name)

        return _WORD.sub(other, text)

    def _quoted_unless_plain(self, name: str) -> str:
        plain = _PLAIN.match(name) and name.lower() not in _SQL_WORDS and not self._always_quoted
        return name if plain else quoted(name, self._dialect)

    def _quoted(self, name: str) -> str:
        return quoted(self.name(name), self._dialect)

    def _field(self, text: str) -> str:
        """Return `source.column`; the exact names need no quotes when one dot parts them."""
        source, _, name = text.rpartition(".")
        other = self.name(name)
        if "." in other or self._always_quoted:
            parts = [self._quoted(part) for part in (source, name) if part]
            return ".".join(parts)
        return f"{self.name(source)}.{other}" if source else other

    def _table(self, source: str) -> str:
        index = self._case.sources.index(source)
        return f"Ugly {index}" if index % 2 else f"ugly{index}"

    def _source(self, key: str, source: dict[str, Any]) -> dict[str, Any]:
        table = quoted(self._table(key), self._dialect)
        found = {**source, "name": self.name(key)}
        if "table" in source:
            found["table"] = table
        else:
            found["sql"] = source["sql"].replace(f"FROM {key}", f"FROM {table}")
        found["grain"] = [self.name(name) for name in source["grain"]]
        for part in ("columns", "joins", "segments", "measures"):
            found[part] = [self._part(item) for item in source[part]]
        return found

    def _part(self, item: dict[str, Any]) -> dict[str, Any]:
        written = {}
        for key, value in item.items():
            if key in ("name", "to", "alias"):
                written[key] = self.name(value)
            elif key in ("expr", "on", "filter"):
                written[key] = self.text(value)
            else:
                written[key] = value
        return written
