"""A connection's mapping from ktx.yaml, read with errors that name the key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ktx_daemon.addresses import redacted
from ktx_daemon.errors import DATABASE, OperationError

_SECRET = re.compile(
    r".*(?:pass|pwd|secret|token|private_key|api_?key|access_key|credentials?_json|credentials"
    r"|connection_string|dsn).*",
    re.IGNORECASE,
)
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Settings:
    """The settings of one connection; its url says what its keys do not."""

    def __init__(self, connection_id: str, values: Mapping[str, Any], directory: str) -> None:
        self.connection_id = connection_id
        self.directory = Path(directory)
        self._values = values
        self.url = self._plain_text("url") or ""
        self._address: dict[str, str] = {}

    def read_url(
        self, schemes: tuple[str, ...], *path_keys: str, user: str = "user", matrix: bool = False
    ) -> None:
        """Let the url, when there is one, say what the keys do not.

        Its parts become `user`, `password`, `host`, `port` and, in their order, `path_keys`; its
        options become keys, which stand behind `;` in its path where it is a `matrix`. One of
        another scheme than those given is an error.
        """
        if not self.url:
            return
        parts = self._split_url(schemes)
        found = {
            user: unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "host": parts.hostname or "",
            "port": str(parts.port or ""),
        }
        segments = [unquote(segment) for segment in parts.path.split("/") if segment]
        found |= dict(zip(path_keys, segments, strict=False))
        found |= dict(parse_qsl(parts.query))
        if matrix:
            options = [option.partition("=") for option in parts.path.split(";")[1:]]
            found |= {key: unquote(value) for key, _, value in options}
        self._address = {key: value for key, value in found.items() if value}

    def check_credentials(self, marks: str) -> None:
        """Raise when the user or the password of the url has a character that ends it unescaped."""
        body = self.url.partition("://")[2].partition("?")[0]
        credentials = body.rpartition("@")[0]
        if set(credentials) & set(marks):
            raise self.wrong(
                "url",
                f"has one of {' '.join(marks)} in its user or password, where it ends them",
                "Write its escape (@ is %40, / is %2F, # is %23), or leave the password out of the "
                f"url: `password: env:NAME` under connections.{self.connection_id}.",
            )

    def _split_url(self, schemes: tuple[str, ...]) -> SplitResult:
        self.check_credentials("/#")
        example = f"Write {schemes[0]}://…, or use keys of their own instead of a url."
        try:
            parts = urlsplit(self.url)
            if parts.scheme in schemes and (parts.netloc or parts.path) and parts.port != 0:
                return parts
        except ValueError:
            pass  # The error would quote the address.
        raise self.wrong("url", f"is no address that begins with {schemes[0]}://", example)

    def text(self, *keys: str) -> str | None:
        """Return the first of the keys that has a value, as text."""
        for key in keys:
            value = self._plain_text(key)
            if value:
                return value
        for key in keys:
            if key in self._address:
                return self._address[key]
        return None

    def required(self, *keys: str, example: str) -> str:
        """Return the first of the keys that has a value; raises when none has."""
        value = self.text(*keys)
        if value is None:
            raise OperationError(
                DATABASE,
                f"Connection '{self.connection_id}' has no `{keys[0]}`.",
                fix=f"Write `{keys[0]}: {example}` under connections.{self.connection_id} in "
                "ktx.yaml.",
            )
        return value

    def integer(self, key: str, default: int) -> int:
        """Return a number of at least 1."""
        value = self.text(key)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < 1:
            raise self.wrong(key, "is no whole number above 0", f"Write `{key}: {default}`.")
        return int(value)

    def port(self, default: int) -> int:
        """Return the port."""
        port = self.integer("port", default)
        if port > 65535:
            raise self.wrong("port", "is no port", f"Write `port: {default}`.")
        return port

    def flag(self, key: str, default: bool) -> bool:
        """Return a truth."""
        value = (self.text(key) or str(default)).lower()
        if value not in _TRUE + _FALSE:
            raise self.wrong(key, "is neither true nor false", f"Write `{key}: true`.")
        return value in _TRUE

    def choice(self, key: str, default: str, choices: tuple[str, ...]) -> str:
        """Return one of the choices."""
        value = self.text(key) or default
        if value not in choices:
            raise self.wrong(key, "is not known", f"Choose one of: {', '.join(choices)}.")
        return value

    def names(self, *keys: str) -> list[str]:
        """Return the names under the first key that has any: a list, or one."""
        for key in keys:
            value = self._values.get(key)
            if isinstance(value, list) and all(isinstance(name, str) for name in value):
                return list(value)
            one = self.text(key)
            if one:
                return [one]
        return []

    def file(self, path: str) -> Path:
        """Return a path; a relative one begins at the project."""
        return self.directory / Path(path).expanduser()

    def has(self, key: str) -> bool:
        """Whether the key has a value."""
        return self.text(key) is not None

    def wrong(self, key: str, what: str, fix: str) -> OperationError:
        """Return an error about one key; values are not shown, they may be secret."""
        return OperationError(
            DATABASE, f"`{key}` of connection '{self.connection_id}' {what}.", fix=fix
        )

    def redacted(self, message: str) -> str:
        """Return a message on one line without the secrets of these settings."""
        secrets = list(_secrets(self._values))
        secrets += [value for key, value in self._address.items() if _SECRET.fullmatch(key)]
        return redacted(message, self.url, secrets)

    def _plain_text(self, key: str) -> str | None:
        value = self._values.get(key)
        if isinstance(value, bool):
            return str(value).lower()
        if value is None or isinstance(value, (str, int, float)):
            return None if value is None else str(value)
        raise self.wrong(key, "is no plain value", f"Write `{key}: …` with one text or number.")


def _secrets(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _secrets(value)
        elif _SECRET.fullmatch(key) and isinstance(value, (str, int)) and str(value):
            yield str(value)
