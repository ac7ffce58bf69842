"""What every driver of a database offers to the operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ktx_daemon.database_query.settings import Settings
from semantic_layer.data.record import Record

NUMBER, TEXT, TIME, BOOLEAN, BINARY, UNKNOWN = COLUMN_TYPES = (
    "number",
    "text",
    "time",
    "boolean",
    "binary",
    "unknown",
)


class Column(Record):
    """A column of an answer: its name, one of COLUMN_TYPES, and the database's word for it."""

    name: str
    type: str
    database_type: str


class Answer(Record):
    """What a statement returned; the values are as the driver gives them."""

    columns: list[Column]
    rows: Sequence[Sequence[Any]]


class Limits(Record):
    """How long one statement and connecting may take, and the time zone that a session is in."""

    timeout_ms: int
    connection_seconds: int
    zone: str = "UTC"

    @property
    def seconds(self) -> float:
        """The limit of one statement, in seconds."""
        return float(self.timeout_ms) / 1000


class Description(Record):
    """What a connection leads to; `tables` counts tables and views."""

    server_version: str | None
    database: str | None
    schemas: list[str]
    tables: int


class ReadOnly(Record):
    """Whether the database itself refuses to write in our sessions, and by what."""

    enforced: bool
    how: str


class Session(Protocol):
    """An open connection, read-only where the database knows such a thing."""

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement and return its rows, of many the first `limit`."""

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is here; only tables of `schemas` count when there are any."""

    def cancel(self) -> None:
        """End what runs now; another thread calls it. May raise."""

    def close(self) -> None:
        """Let the connection go, without waiting for rows that nobody wants."""


class Driver(Protocol):
    """A module for one kind of database."""

    ERRORS: tuple[type[Exception], ...]
    """What the driver's package raises when something is wrong with the database."""
    READ_ONLY: ReadOnly

    def connect(self, settings: Settings, limits: Limits) -> Session:
        """Open a session; raises `ERRORS`, or an OperationError about the settings."""

    def category_of(self, error: Exception) -> str:
        """Return what an error is about: a category of `failures`."""
