"""Which physical tables a SELECT reads."""

from __future__ import annotations

from semantic_layer.syntax.lean_sqlglot import SqlglotError, exp, parse_one


def extract_table_refs(sql: str, dialect: str = "postgres") -> list[str]:
    """Return the tables that `sql` reads, normalised and sorted; unreadable SQL reads none."""
    try:
        tree = parse_one(sql, read=dialect)
    except (SqlglotError, RecursionError):
        return []
    own = {cte.alias.casefold() for cte in tree.find_all(exp.CTE)}
    tables = {
        normalize_table(".".join(part.name for part in table.parts))
        for table in tree.find_all(exp.Table)
        if table.name and (table.args.get("db") or table.name.casefold() not in own)
    }
    return sorted(tables)


def normalize_table(name: str) -> str:
    """Return a table name in lower case and without quotes."""
    return ".".join(part.strip('`"[] ') for part in name.split(".")).lower()


def ref_matches_source_table(reference: str, table: str) -> bool:
    """Whether two table names mean the same table, as far as both are qualified."""
    ours = normalize_table(reference).split(".")
    theirs = normalize_table(table).split(".")
    shorter = min(len(ours), len(theirs))
    return ours[-shorter:] == theirs[-shorter:]
