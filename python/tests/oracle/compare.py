"""Questions about one case on every database, against the naive evaluator's answer."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from oracle.definitions import definitions, tables
from oracle.evaluate import Answer, evaluate
from oracle.model import Case, Question
from oracle.outputs import fits
from oracle.renaming import Renaming
from oracle.routes import Refused
from oracle.values import short_time
from oracle.wrong import Signature, Wrong
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.models import QueryResult
from support.databases import Database, Table

Tell = Callable[..., Wrong]
OUTCOMES = ("answered", "refused", "declined")
"""Of a question; declined are those that the evaluator answers, and which may be refused."""
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

    def check(self, question: Question, expected: Answer | Refused) -> tuple[str, list[Wrong]]:
        """Return whether the question was answered, refused or declined, and what is wrong with it.

        It is declined where the evaluator has an answer which the dialect may refuse.
        """
        query = self._renaming.query(question)
        try:
            result = self._engine.query(query)
        except SemanticError as error:
            refuses = isinstance(expected, Refused) or expected.may_refuse
            wrong = [] if refuses else [self._wrong("refused", question, query, got=str(error))]
            return "refused" if isinstance(expected, Refused) else "declined", wrong
        except Exception as error:
            got = f"{type(error).__name__}: {error}"[:300]
            return "crashed", [self._wrong("crash", question, query, got=got)]
        if isinstance(expected, Refused):
            about = {"expected": f"a refusal, {str(expected)[:200]}", "got": self._tried(result)}
            wrong = [self._wrong("not refused", question, query, sql=result.sql, **about)]
            return "answered", wrong

        def tell(what: str, kinds: list[str] | None = None, **about: Any) -> Wrong:
            return self._wrong(what, question, query, kinds, sql=result.sql, **about)

        return "answered", [
            *self._told(result, expected, tell),
            *self._answered(question, result, expected, tell),
        ]

    def _told(self, result: QueryResult, expected: Answer, tell: Tell) -> list[Wrong]:
        """Check what stands beside the rows."""
        found = []
        codes = [warning.code for warning in result.warnings]
        if ("join_grain" in codes) == expected.proved:
            what = "a warning of a proved join" if expected.proved else "no warning of a join"
            found.append(tell(what, ["unproved joins"], got=codes))
        names = [column.name.casefold() for column in result.columns]
        if len(set(names)) < len(names):
            found.append(tell("one name twice", ["outputs"], got=names))
        if expected.unreadable and not self._notices(result):
            found.append(tell("not noticed", ["unreadable"], got=self._tried(result)))
        return found

    def _answered(
        self, question: Question, result: QueryResult, expected: Answer, tell: Tell
    ) -> list[Wrong]:
        """Check the rows."""
        try:
            self._database.load(self._tables)
            columns, rows = self._database.named_rows(result.sql)
        except Exception as error:
            if expected.may_be_unknown:
                return []
            said = str(error).partition("\n")[0]
            return [tell(f"error of the database ({type(error).__name__})", got=said)]
        if len({name.casefold() for name in columns}) < len(columns):
            return [tell("one name twice in the SQL", got=columns)]
        if expected.multiplied or expected.unreadable:
            return []
        got = [tuple(map(short_time, row)) for row in rows]
        if not fits(question, expected.rows, result, got, self._renaming.measure):
            return [tell("rows", expected=expected.rows, got=got)]
        return []

    def _notices(self, result: QueryResult) -> bool:
        """Whether a check that comes with the answer finds what cannot be read as a time."""
        checks: Sequence[Any] = getattr(result, "checks", ())
        self._database.load(self._tables)
        return any(self._database.rows(check.sql) for check in checks)

    def _tried(self, result: QueryResult) -> Any:
        """Return what the database says to an answer that should not have been given."""
        try:
            self._database.load(self._tables)
            return self._database.rows(result.sql)
        except Exception as error:
            return f"{type(error).__name__}: {error}".partition("\n")[0]

    def _wrong(
        self,
        what: str,
        question: Question,
        query: dict[str, Any],
        kinds: list[str] | None = None,
        **about: Any,
    ) -> Wrong:
        if kinds is None:
            kinds = question.kinds() + (["ugly names"] if self._case.names else [])
            kinds = kinds or sorted(self._case.features)
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


def askings(case: Case, databases: list[Database]) -> list[Asking]:
    """Return the case on each database that it can be asked on."""
    if "unreadable" in case.features:
        databases = [database for database in databases if database.dialect in _UNTYPED]
    return [Asking(case, database) for database in databases]


def compare(case: Case, question: Question, databases: list[Database]) -> str:
    """Check the engine's answer or refusal on each database; return which it is."""
    return compare_all(case, question, askings(case, databases))


def compare_all(
    case: Case,
    question: Question,
    asked: list[Asking],
    known: Container[Signature] = frozenset(),
) -> str:
    """Check a question on each database; raise what is wrong, but for what is known already."""
    expected: Answer | Refused
    try:
        expected = evaluate(case, question)
    except Refused as reason:
        expected = reason
    outcome = ""
    for asking in asked:
        outcome, found = asking.check(question, expected)
        for wrong in found:
            if wrong.signature not in known:
                raise wrong
    return outcome
