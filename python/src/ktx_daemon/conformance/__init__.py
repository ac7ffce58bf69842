"""The operations of `ktx sl conformance`: questions with known answers for any connection.

`conformance-compile` makes the statements, `conformance-ask` runs some on a database and
`conformance-judge` says whether rows are right, for a host that ran a statement itself.
"""

# Annotations are read as objects by Model, so this module does not postpone them.
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ktx_daemon import interruption
from ktx_daemon.conformance.judging import WRONG, verdict_of_refusal, verdict_of_rows
from ktx_daemon.conformance.statements import Compiled, Compiler, version_statement
from ktx_daemon.conformance.suite import Question, bundled
from ktx_daemon.database_query import ConnectionRequest, database_query
from ktx_daemon.database_query.failures import ends_the_connection
from ktx_daemon.errors import DATABASE, OperationError
from ktx_daemon.requests import checked
from semantic_layer.data.model import Model
from semantic_layer.parser import check_dialect


class CompileRequest(Model):
    """A dialect, and the features that are asked about; without any, all of them."""

    dialect: str
    only: list[str] = []


class JudgeRequest(Model):
    """The rows that a database gave for a question; cells as in docs/boundary.md."""

    id: str
    rows: list[list[Any]]


class Statement(Model):
    """A statement of the suite, and the time zone of the session that runs it."""

    id: str
    sql: str
    timezone: str = "UTC"


class AskRequest(ConnectionRequest):
    """Statements that are run at the same time, each in a session of its own."""

    statements: list[Statement]


def conformance_compile(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: every question as a statement, or with what became of it instead."""
    asked = checked(CompileRequest, request)
    dialect, suite = check_dialect(asked.dialect), bundled()
    chosen = suite.chosen(asked.only)
    features = dict.fromkeys(question.feature for question in chosen)
    return {
        "suite_version": suite.version,
        "version_sql": version_statement(dialect),
        "features": [
            {"name": feature.name, "title": feature.title}
            for feature in suite.features
            if feature.name in features
        ],
        "questions": [_as_json(one, dialect) for one in Compiler(suite, dialect).compiled(chosen)],
    }


def _as_json(one: Compiled, dialect: str) -> dict[str, Any]:
    """Return a question for the host; one with a verdict is not run any more."""
    question, verdict = one.question, None
    if one.refusal:
        verdict = verdict_of_refusal(question, dialect)
    elif one.fault:
        verdict = WRONG
    return {
        "id": question.id,
        "feature": question.feature,
        "asks": question.asks,
        "columns": one.variant,
        "sql": one.sql or None,
        "timezone": one.timezone,
        "expected": question.rows,
        "verdict": verdict,
        "reason": one.refusal or one.fault or None,
    }


def conformance_judge(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: whether rows are the right ones."""
    asked = checked(JudgeRequest, request)
    return {"verdict": verdict_of_rows(bundled().question(asked.id), asked.rows)}


def conformance_ask(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: what a database answers to some statements, and whether it is right.

    What the database refuses is a wrong answer; that it cannot be reached is an error.
    """
    asked = checked(AskRequest, request)
    connection = {key: value for key, value in request.items() if key != "statements"}
    if len(asked.statements) == 1:
        return {"answers": [_answer(connection, asked.statements[0])]}
    interrupted = interruption.current()

    def answer(statement: Statement) -> dict[str, Any]:
        with interruption.interrupted_by(interrupted):
            return _answer(connection, statement)

    with ThreadPoolExecutor(max(1, len(asked.statements))) as pool:
        return {"answers": list(pool.map(answer, asked.statements))}


def _answer(connection: dict[str, Any], statement: Statement) -> dict[str, Any]:
    question: Question = bundled().question(statement.id)
    query = {"sql": statement.sql, "timezone": statement.timezone, "compiled": True}
    try:
        rows = database_query({**connection, **query})["rows"]
    except OperationError as error:
        if error.kind != DATABASE or ends_the_connection(error):
            raise
        return {"verdict": WRONG, "rows": None, "reason": error.message}
    return {"verdict": verdict_of_rows(question, rows), "rows": rows, "reason": None}
