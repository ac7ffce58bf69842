"""Errors of databases, as errors of operations: sorted, with the database's own words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ktx_daemon.database_query.settings import Settings
from ktx_daemon.errors import DATABASE, OperationError
from ktx_daemon.sentences import sentence

AUTHENTICATION = "authentication"
UNREACHABLE = "unreachable"
UNTRUSTED = "untrusted"
MISSING = "missing"
FORBIDDEN = "forbidden"
SYNTAX = "syntax"
VALUES = "values"
UNSIGNED = "unsigned"
WRITES = "writes"
TIMEOUT = "timeout"
OTHER = "other"

_WORDS = {
    AUTHENTICATION: (
        "The database refused the log-in",
        "Check the user and the password, token or key of connection '{}' in ktx.yaml.",
    ),
    UNREACHABLE: (
        "The database could not be reached",
        "Check the address of connection '{}' in ktx.yaml, and that the server is up.",
    ),
    UNTRUSTED: (
        "The certificate of the database is not trusted",
        "Write where the certificate of its authority is: `ca_file` of connection '{}' in "
        "ktx.yaml.",
    ),
    MISSING: (
        "The database does not have what is named",
        "Correct the name, or let the user of connection '{}' see it.",
    ),
    FORBIDDEN: (
        "The database does not allow it",
        "Give the user of connection '{}' the right to read this.",
    ),
    SYNTAX: ("The database refused the SQL", "Correct the SQL."),
    VALUES: (
        "The database could not compute a value",
        "Correct the SQL, or leave out the rows whose values do not fit it.",
    ),
    UNSIGNED: (
        "The database could not compute a value",
        "Unsigned numbers have none below zero: write `CAST(a AS BIGINT) - b` (of MySQL, "
        "`AS SIGNED`).",
    ),
    WRITES: (
        "The database refused to write",
        "Ask with a SELECT that only reads; the session of connection '{}' is read-only.",
    ),
    TIMEOUT: (
        "The database took too long",
        "Ask for less, or see what keeps the database of connection '{}' busy.",
    ),
    OTHER: ("The database reported an error", "See the database's own words above."),
}
# Of SQL that ktx compiled, its text is not what there is to correct.
_COMPILED = (
    " The SQL was compiled by ktx; `--format sql` shows it. If the question and the model are "
    "right and it is not, please report it."
)
FIX_OF_REFUSED_COMPILED = (
    "Correct the expression of the question or the model that it speaks of." + _COMPILED
)
_FIXES_OF_COMPILED = {
    MISSING: "Compare the model's tables, columns and functions with the database, or let the "
    "user of connection '{}' see them.",
    SYNTAX: FIX_OF_REFUSED_COMPILED,
    VALUES: "Correct the expression of the question or the model that computes it, or leave out "
    "the rows whose values do not fit it by a filter.",
    OTHER: "See the database's own words above." + _COMPILED,
}
# By the beginnings of SQLSTATE, which several databases give. 08 is about the connection, but for
# what PostgreSQL says of a placeholder without a value: that statement has arrived.
_STATES = (
    ("08P01", SYNTAX),
    ("08", UNREACHABLE),
    ("28", AUTHENTICATION),
    ("57014", TIMEOUT),
    ("57", UNREACHABLE),
    ("25006", WRITES),
    ("42501", FORBIDDEN),
    ("42P01", MISSING),
    ("42703", MISSING),
    ("42883", MISSING),
    ("42S02", MISSING),
    ("42S22", MISSING),
    ("3F", MISSING),
    ("3D", MISSING),
    ("42", SYNTAX),
    ("0A", SYNTAX),
    ("54", SYNTAX),
    ("21", VALUES),
    ("22", VALUES),
)


class Late(Exception):
    """The database did not answer in time."""


def failure(
    category: str, settings: Settings, words: str, *, compiled: bool = False
) -> OperationError:
    """Return the error for what a database said; its words are shown without secrets.

    `compiled` says that the SQL is not the user's own.
    """
    what, fix = _WORDS[category]
    if compiled:
        fix = _FIXES_OF_COMPILED.get(category, fix)
    said = sentence(settings.redacted(words).rstrip(".") or "it gave no reason")
    return OperationError(DATABASE, f"{what}: {said}", fix=fix.format(settings.connection_id))


def ends_the_connection(error: OperationError) -> bool:
    """Whether no statement will be answered after this failure: there is no way to the database."""
    return error.message.startswith((_WORDS[UNREACHABLE][0], _WORDS[AUTHENTICATION][0]))


def category_by_state(state: object) -> str | None:
    """Return the category of a SQLSTATE of five characters, or None."""
    if not isinstance(state, str):
        return None
    return next((category for start, category in _STATES if state.startswith(start)), None)


def category_by_code(code: object, codes: Mapping[str, Collection[object]]) -> str | None:
    """Return the category that lists a database's number for an error, or None."""
    return next((category for category, listed in codes.items() if code in listed), None)


def category_by_class(
    error: Exception, classes: Sequence[tuple[type[Exception], str]]
) -> str | None:
    """Return the category of the first class that an error is of, or None."""
    return next((category for kind, category in classes if isinstance(error, kind)), None)


def words_of(error: Exception) -> str:
    """Return what an error says, with its number behind it when it has one."""
    match error.args:
        case (int() as number, str() as words, *_):
            return f"{words} ({number})"
    message = getattr(error, "message", None)
    if isinstance(message, str) and message:
        return message
    return str(error) or type(error).__name__
