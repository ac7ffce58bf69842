"""A question of the suite as a statement of a dialect, or ktx's reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ktx_daemon.conformance.constants import select_of
from ktx_daemon.conformance.suite import Question, Suite
from semantic_layer.data.record import Record
from semantic_layer.engine import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.models import QueryResult

NULLABLE, PLAIN = "nullable", "plain"
# Engines whose columns may be such that cannot be NULL, which aggregates and outer joins treat
# otherwise: every question is asked of both.
_BOTH_KINDS = frozenset({"clickhouse"})

# What an engine is asked for its version; BigQuery has none.
_VERSIONS = {
    "sqlite": "SELECT sqlite_version()",
    "duckdb": "SELECT version()",
    "mysql": "SELECT version()",
    "postgres": "SELECT current_setting('server_version')",
    "redshift": "SELECT split_part(version(), 'Redshift ', 2)",
    "clickhouse": "SELECT version()",
    "spark": "SELECT version()",
    "databricks": "SELECT current_version().dbsql_version",
    "trino": "SELECT version()",
    "snowflake": "SELECT current_version()",
    "tsql": "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128))",
}


class Compiled(Record):
    """What became of a question: `sql` to run, or `refusal`; `fault` where ktx is wrong already."""

    question: Question
    variant: str
    sql: str = ""
    timezone: str = "UTC"
    refusal: str = ""
    fault: str = ""


def variants_of(dialect: str) -> tuple[str, ...]:
    """Return the kinds of columns that questions are asked of."""
    return (NULLABLE, PLAIN) if dialect in _BOTH_KINDS else (NULLABLE,)


def version_statement(dialect: str) -> str:
    """Return what gives the engine's version, or at least an answer."""
    return _VERSIONS.get(dialect, "SELECT 1")


class Compiler:
    """Compiles the questions of a suite for one dialect; its models are made once."""

    def __init__(self, suite: Suite, dialect: str) -> None:
        self._suite = suite
        self._dialect = dialect
        self._engines: dict[tuple[str, str], SemanticEngine] = {}

    def compiled(self, questions: Iterable[Question]) -> list[Compiled]:
        """Return every question that is about this dialect, once for each kind of columns."""
        found: list[Compiled] = []
        for question in questions:
            if not question.concerns(self._dialect):
                continue
            for variant in variants_of(self._dialect):
                one = self._one(question, variant)
                if variant == PLAIN and (not one.sql or one.sql == found[-1].sql):
                    continue  # It would be the same question.
                found.append(one)
        return found

    def _one(self, question: Question, variant: str) -> Compiled:
        try:
            result = self._engine(question.model, variant).query(question.query)
        except SemanticError as error:
            fix = f" {error.fix}" if error.fix else ""
            return Compiled(question, variant, refusal=error.message + fix)
        made = Compiled(question, variant, sql=result.sql, timezone=result.timezone)
        made.fault = self._fault(question, variant, result)
        if question.check and result.checks:
            made.sql = result.checks[0].sql
        return made

    def _fault(self, question: Question, variant: str, result: QueryResult) -> str:
        """Return what is wrong with a statement before it is run."""
        if question.rows is None:
            return "ktx answers what it has to refuse"
        if question.check and not result.checks:
            return "There is no check for values that are no times"
        codes = [warning.code for warning in result.warnings]
        if question.warns and question.warns not in codes:
            return f"The answer lacks the warning {question.warns}"
        if question.twice:
            model = self._model(question.model, variant)
            again = SemanticEngine.from_sources(model, self._dialect).query(question.query)
            if again.sql != result.sql:
                return "The same question gave another statement"
        return ""

    def _engine(self, model: str, variant: str) -> SemanticEngine:
        key = (model, variant)
        if key not in self._engines:
            sources = self._model(model, variant)
            self._engines[key] = SemanticEngine.from_sources(sources, self._dialect)
        return self._engines[key]

    def _model(self, name: str, variant: str) -> dict[str, dict[str, Any]]:
        return {
            source: self._source(source, raw, variant)
            for source, raw in self._suite.models[name].items()
        }

    def _source(self, name: str, raw: dict[str, Any], variant: str) -> dict[str, Any]:
        table = self._suite.tables[raw["data"]]
        nullable = variant == NULLABLE
        sql = select_of(table.columns, table.rows, self._dialect, nullable=nullable)
        rest = {key: value for key, value in raw.items() if key != "data"}
        return {"name": name, "sql": sql, **rest}
