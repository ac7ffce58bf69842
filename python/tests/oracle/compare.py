"""Questions about one case on every database, against the naive evaluator's answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


from oracle.definitions import definitions, tables
from oracle.evaluate import Answer, evaluate
from oracle.model import Case, Question
from oracle.outputs import fits
from oracle.renaming import Renaming
from oracle.routes import Refused
from oracle.values import short_time
from oracle.wrong import Wrong
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.models import QueryResult
from support.databases import Database, Table

_UNTYPED = ("sqlite", "mysql")
"""Databases that make NULL of a number that is no time; the others have an error of their own."""


class Asking:
    """One model on one database; the model is read once for all questions."""

    def __init__(self, case: Case, database: Database) -> None:
        self._case = case
        self._database = database
        self._renaming = Renaming(case, database.dialect)
        self._model = self._renaming.definitions(definitions(case))
        self._engine = SemanticEngine.from_sources(self._model, database.dialect)
        self._tables = self._renaming.tables(tables(case, database.dialect))

    def check(self, question: Question, expected: Answer | Refused) -> str:
        """Return whether the question was answered or refused, or raise `Wrong`."""
        query = self._renaming.query(question)
        try:
            result = self._engine.query(query)
        except SemanticError as error:
            if isinstance(expected, Answer) and not expected.may_refuse:
                raise self._wrong("refused", question, query, got=str(error)) from None
            return "refused"
        except Exception as error:
            got = f"{type(error).__name__}: {error}"[:300]
            raise self._wrong(f"crash {type(error).__name__}", question, query, got=got) from None
        if isinstance(expected, Refused):
            why = f"a refusal: {str(expected)[:200]}"
            raise self._wrong(
                "not refused", question, query, sql=result.sql, expected=why, **self._tried(result)
            )
        self._check_answer(question, query, result, expected)
        return "answered"

    def _check_answer(
        self, question: Question, query: dict[str, Any], result: QueryResult, expected: Answer
    ) -> None:
        def wrong(what: str, **about: Any) -> Wrong:
            return self._wrong(what, question, query, sql=result.sql, **about)

        codes = [warning.code for warning in result.warnings]
        if ("join_grain" in codes) == expected.proved:
            what = "a warning of a proved join" if expected.proved else "no warning of a join"
            raise wrong(what, got=codes)
        if expected.unreadable and not _checks(result):
            raise wrong("unreadable times not noticed", **self._tried(result))
        names = [column.name.casefold() for column in result.columns]
        if len(set(names)) < len(names):
            raise wrong("outputs of one name", got=names)
        try:
            self._database.load(self._tables)
            columns, rows = self._database.named_rows(result.sql)
        except Exception as error:
            what = f"error of the database {type(error).__name__}"
            raise wrong(what, got=str(error).partition("\n")[0]) from None
        if len({name.casefold() for name in columns}) < len(columns):
            raise wrong("columns of one name", got=columns)
        if expected.multiplied or expected.unreadable:
            return
        got = [tuple(map(short_time, row)) for row in rows]
        if not fits(question, expected.rows, result, got):
            raise wrong("rows", expected=expected.rows, got=got)

    def _tried(self, result: QueryResult) -> dict[str, Any]:
        """Return what the database says to an answer that should not have been given."""
        try:
            self._database.load(self._tables)
            return {"got": self._database.rows(result.sql)}
        except Exception as error:
            return {"got": f"{type(error).__name__}: {error}".partition("\n")[0]}

    def _wrong(
        self, what: str, question: Question, query: dict[str, Any], **about: Any
    ) -> Wrong:
        kinds = question.kinds() or sorted(self._case.features)
        return Wrong(
            what,
            kinds,
            self._database.dialect,
            model=self._model,
            tables=[line for item in self._tables.items() for line in _written(*item)],
            question=query,
            **about,
        )


def _written(name: str, table: Table) -> list[str]:
    """Return a table for people: its columns that are not empty."""
    columns, rows = table
    names = [part.rpartition(" ")[0] for part in columns.split(", ")]
    kept = [i for i in range(len(names)) if any(row[i] is not None for row in rows)]
    header = f"{name}: {', '.join(names[i] for i in kept)}"
    return [header, *(f"  {tuple(row[i] for i in kept)}" for row in rows)]


def _checks(result: QueryResult) -> Sequence[Any]:
    """Return the plan's checks of what can be read as a time."""
    return getattr(result, "checks", None) or getattr(result.plan, "checks", None) or ()


def askings(case: Case, databases: list[Database]) -> list[Asking]:
    """Return the case on each database that it can be asked on."""
    if "unreadable" in case.features:
        databases = [database for database in databases if database.dialect in _UNTYPED]
    return [Asking(case, database) for database in databases]


def compare(case: Case, question: Question, databases: list[Database]) -> str:
    """Check the engine's answer or refusal on each database; return which it is."""
    return compare_all(question, askings(case, databases), case)


def compare_all(question: Question, asked: list[Asking], case: Case) -> str:
    """Check one question about a case that is on its databases already."""
    expected: Answer | Refused
    try:
        expected = evaluate(case, question)
    except Refused as reason:
        expected = reason
    return max(asking.check(question, expected) for asking in asked)


