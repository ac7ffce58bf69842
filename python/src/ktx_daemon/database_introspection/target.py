"""Which database to read, within which limits, and what of its address may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ktx_daemon.errors import DATABASE, INVALID_REQUEST, OperationError
from semantic_layer.errors import close_names
from semantic_layer.record import Record

DEFAULT_SCHEMAS = ["public"]
_HIDDEN = "***"


class Target(Record):
    """A database's address, the schemas to read and the limits of the session."""

    url: str
    schemas: list[str]
    statement_timeout_ms: int
    connection_timeout_seconds: int

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
        text = self.url
        if text.startswith(f"{scheme}://"):
            # As elsewhere: three slashes before a relative path, four before an absolute one.
            text = unquote(urlsplit(text).path.removeprefix("/"))
        elif text.startswith("file:"):
            text = unquote(urlsplit(text).path)
        path = Path(text)
        if "\0" in text or not text:
            raise OperationError(INVALID_REQUEST, "The url has no path of a file.")
        if not path.is_file():
            raise OperationError(
                DATABASE,
                f"There is no database file `{plain(text)}`.",
                fix=f"Write its path as the url, or {scheme}:///PATH.",
            )
        return path

    def redacted(self, message: str) -> str:
        """Return a driver's message without anything of the address that may be secret."""
        user, secrets = _credentials(self.url)
        for secret in sorted(secrets, key=len, reverse=True):
            message = message.replace(secret, _HIDDEN)
        if user:
            message = re.sub(rf"(?<!\w){re.escape(user)}(?!\w)", _HIDDEN, message)
        return plain(" ".join(message.split()))


def _credentials(url: str) -> tuple[str, set[str]]:
    """Return the user and everything in an address, well-formed or not, that may be secret."""
    words = {word for word in url.split() if "@" in word or "=" in word}
    found = words | ({url} if words else set())
    for _, value in re.findall(r"(password|token)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s&]+)", url):
        found |= {value, value.strip("'")}
    # All that is before the last @, for a password may have been written without its escapes.
    authority = re.match(r"[^:/]*:?/*(.*)@", url, re.DOTALL)
    user, *rest = re.split(r"[:/?#@]", authority[1]) if authority else [""]
    if authority:
        found |= {authority[1], authority[1].partition(":")[2], *rest}
    found |= {unquote(text) for text in found}
    return unquote(user), {text for text in found if text}


def plain(text: str) -> str:
    """Return text that UTF-8 can carry; a file's name may be no text."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
