"""What the semantic layer raises, and how it says where the trouble is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from semantic_layer.data.record import Record

INVALID_REQUEST = "invalid_request"
INVALID_MODEL = "invalid_model"
INVALID_QUERY = "invalid_query"
UNSUPPORTED = "unsupported"


class SemanticError(ValueError):
    """A model or a query that cannot be answered, and what to do about it.

    `kind` is one of the constants above, `path` the position inside the source's YAML
    (keys and list indexes) when `source` is given, inside the request or query otherwise.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        fix: str | None = None,
        suggestions: Sequence[str] = (),
        source: str | None = None,
        path: Sequence[str | int] = (),
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.fix = fix
        self.suggestions = list(suggestions)
        self.source = source
        self.path = list(path)
        self.details = details

    def as_json(self) -> dict[str, Any]:
        """Return the error for a reply; absent parts have no key."""
        location, details = None, self.details
        if self.source is not None:
            location = {"source": self.source, "path": self.path}
        elif self.path:
            details = {"path": self.path, **(details or {})}
        parts = {
            "kind": self.kind,
            "message": self.message,
            "fix": self.fix,
            "suggestions": self.suggestions or None,
            "location": location,
            "details": details,
        }
        return {key: value for key, value in parts.items() if value is not None}


class UnusableRouteError(SemanticError):
    """There is a route, but not one to follow: several are equally short, or joins disagree."""


class Origin(Record):
    """The place an expression was written, for error messages.

    `label` reads as the subject of a sentence: "measure 'revenue' of source 'orders'".
    `source` is None for text that came with the query.
    """

    label: str
    source: str | None = None
    path: tuple[str | int, ...] = ()

    def error(
        self, message: str, *, fix: str | None = None, suggestions: Sequence[str] = ()
    ) -> SemanticError:
        """Build the error for a fault in this text; the caller raises it."""
        kind = INVALID_MODEL if self.source is not None else INVALID_QUERY
        return self._build(kind, message, fix, suggestions)

    def unsupported(
        self, message: str, *, fix: str | None = None, suggestions: Sequence[str] = ()
    ) -> SemanticError:
        """Build the error for correct text that this dialect or planner cannot honour."""
        return self._build(UNSUPPORTED, message, fix, suggestions)

    def _build(
        self, kind: str, message: str, fix: str | None, suggestions: Sequence[str]
    ) -> SemanticError:
        return SemanticError(
            kind,
            f"{self.label}: {message}",
            fix=fix,
            suggestions=suggestions,
            source=self.source,
            path=self.path,
        )


_SHOWN = 300
"""How many characters of a text a message shows."""


def shown(text: str) -> str:
    """Return a text of a model or a question as a message has it."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def close_names(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three of `known` that look like `name`, best first."""
    from difflib import get_close_matches

    by_folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    matches = get_close_matches(name.casefold(), list(by_folded), n=3, cutoff=0.6)
    return [by_folded[match] for match in matches]
