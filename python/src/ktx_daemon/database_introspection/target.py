"""Which database to read, within which limits, and what of its address may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ktx_daemon.errors import DATABASE, INVALID_REQUEST, OperationError
from ktx_daemon.redaction import plain, redacted
from semantic_layer.data.record import Record
from semantic_layer.errors import close_names

if TYPE_CHECKING:
    from ktx_daemon.database_query.settings import Settings

DEFAULT_SCHEMAS = ["public"]


class Target(Record):
    """A database's address, the schemas to read and the limits of the session.

    `settings` is the connection that the address was made of, when it was.
    """

    url: str
    schemas: list[str]
    statement_timeout_ms: int
    connection_timeout_seconds: int
    settings: Settings | None = None

    @property
    def statement_timeout_seconds(self) -> float:
        """The limit of one statement, in seconds."""
        return self.statement_timeout_ms / 1000

    def schemas_or(self, default: Sequence[str]) -> list[str]:
        """Return the schemas asked for; `public`, the request's default, is the database's."""
        return list(default) if self.schemas == DEFAULT_SCHEMAS else list(self.schemas)

    def require_schemas(self, wanted: Iterable[str], existing: Sequence[str]) -> None:
        """Raise when a schema that is wanted does not exist."""
        for schema in wanted:
            if schema not in existing:
                raise OperationError(
                    DATABASE,
                    f"The database has no schema '{schema}'. "
                    f"Schemas: {', '.join(existing) or 'none'}.",
                    fix="Name schemas that the database has and this user may see.",
                    suggestions=close_names(schema, existing),
                )

    def file(self, scheme: str) -> Path:
        """Return the path of a database that is a file; raises when there is none."""
        return database_file(self.url, scheme)

    def redacted(self, message: str) -> str:
        """Return a driver's message without anything of the address that may be secret."""
        return redacted(message, self.url) if not self.settings else self.settings.redacted(message)


def database_file(url: str, scheme: str, base: Path | None = None) -> Path:
    """Return the path of a database that is a file; a relative one begins at `base`.

    Raises when there is no such file.
    """
    text = url
    if text.startswith(f"{scheme}://"):
        # As elsewhere: three slashes before a relative path, four before an absolute one.
        text = unquote(urlsplit(text).path.removeprefix("/"))
    elif text.startswith("file:"):
        text = unquote(urlsplit(text).path)
    if "\0" in text or not text:
        raise OperationError(INVALID_REQUEST, "The url has no path of a file.")
    path = (base or Path()) / text
    if not path.is_file():
        raise OperationError(
            DATABASE,
            f"There is no database file `{plain(text if base is None else str(path))}`.",
            fix=f"Write its path as the url, or {scheme}:///PATH.",
        )
    return path
