"""Addresses of databases: what of them may not be shown, and the file that one names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote, urlsplit

from ktx_daemon.errors import DATABASE, INVALID_REQUEST, OperationError

_HIDDEN = "***"


def redacted(message: str, url: str = "", secrets: Iterable[str] = ()) -> str:
    """Return a driver's message on one line, without what may be secret.

    Hidden are the credentials of `url`, well-formed or not, and `secrets` however they are escaped.
    """
    user, hidden = _credentials(url)
    for secret in secrets:
        hidden |= {secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]}
        hidden |= {line for line in secret.splitlines() if len(line) > 8}  # a key's lines
    for secret in sorted(hidden, key=len, reverse=True):
        if secret:
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
