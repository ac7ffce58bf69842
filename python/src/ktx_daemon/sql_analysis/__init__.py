"""The operations on SQL that others wrote: is it read-only, and what does it read."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any

from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.requests import checked
from ktx_daemon.sql_analysis.read_only import validate_read_only
from ktx_daemon.sql_analysis.reading import Refused, read_statement
from ktx_daemon.sql_analysis.usage import CLAUSES, Usage, usage_of
from semantic_layer.data.model import Model
from semantic_layer.parser import check_dialect
from semantic_layer.table_identifier_parser import (
    ParseTableIdentifierItem,
    parse_table_identifier_batch,
)

MAX_ITEMS = 10_000
MAX_WORKERS = 32


class ValidateReadOnlyRequest(Model):
    """A text that is to be sent to a database of the dialect."""

    sql: str
    dialect: str = "postgres"


class AnalyzeItem(Model):
    """One statement, under an id of the caller's, which no other may have."""

    id: str
    sql: str


class AnalyzeBatchRequest(Model):
    """Statements of one dialect.

    `max_workers` (1 to 32) is accepted and changes nothing: reading SQL holds the interpreter.
    """

    items: list[AnalyzeItem]
    dialect: str = "postgres"
    max_workers: int = 1

    def check_consistency(self) -> None:
        """Check the numbers, and that results can be told apart."""
        if not 1 <= self.max_workers <= MAX_WORKERS:
            raise ValueError(f"max_workers must be from 1 to {MAX_WORKERS}")
        if len(self.items) > MAX_ITEMS:
            raise ValueError(f"items must be at most {MAX_ITEMS}; send them in several requests")


def sql_validate_read_only(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: is this text exactly one statement that only reads."""
    asked = checked(ValidateReadOnlyRequest, request)
    return validate_read_only(asked.sql, check_dialect(asked.dialect)).as_json()


def sql_analyze_batch(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: what each statement reads; one that cannot be read says so itself."""
    asked = checked(AnalyzeBatchRequest, request)
    dialect = check_dialect(asked.dialect)
    results: dict[str, Any] = {}
    for item in asked.items:
        if item.id in results:
            raise OperationError(
                INVALID_REQUEST,
                f"Two items have the id '{item.id}', and results are by id.",
                fix="Give every item an id of its own.",
            )
        results[item.id] = _analyzed(item.sql, dialect)
    return {"results": results}


def _analyzed(sql: str, dialect: str) -> dict[str, Any]:
    try:
        return usage_of(read_statement(sql, dialect).tree).as_json()
    except Refused as refused:
        message = refused.message
    except MemoryError:
        raise
    except Exception as error:  # Whatever the parser stumbles over is this statement's alone.
        message = f"The statement could not be analysed ({type(error).__name__})."
    return Usage([], {clause: [] for clause in CLAUSES}).as_json() | {"error": message}


class ParseTableIdentifierRequest(Model):
    """Names to read, each under a key of the caller's, which no other may have."""

    items: list[ParseTableIdentifierItem]


def parse_table_identifier(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: the parts of each name, or the reason why it has none, by key."""
    items = checked(ParseTableIdentifierRequest, request).items
    seen: set[str] = set()
    for item in items:
        if item.key in seen:
            raise OperationError(
                INVALID_REQUEST,
                f"Two items have the key '{item.key}', and results are by key.",
                fix="Give every item a key of its own.",
            )
        seen.add(item.key)
    results = parse_table_identifier_batch(items)
    return {"results": {key: result.model_dump() for key, result in results.items()}}
