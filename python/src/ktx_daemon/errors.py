"""The closed list of error kinds that a reply can carry, and their JSON."""

from __future__ import annotations

from typing import Any

UNKNOWN_OPERATION = "unknown_operation"
INVALID_REQUEST = "invalid_request"
INVALID_MODEL = "invalid_model"
INVALID_QUERY = "invalid_query"
UNKNOWN_MODEL = "unknown_model"
UNSUPPORTED = "unsupported"
DATABASE = "database"
INTERNAL = "internal"
KINDS = (
    UNKNOWN_OPERATION,
    INVALID_REQUEST,
    INVALID_MODEL,
    INVALID_QUERY,
    UNKNOWN_MODEL,
    UNSUPPORTED,
    DATABASE,
    INTERNAL,
)


class OperationError(ValueError):
    """An operation that failed for a reason its caller can mend."""

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        fix: str | None = None,
        suggestions: list[str] | None = None,
        location: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.fix = fix
        self.suggestions = suggestions
        self.location = location

    def as_json(self) -> dict[str, Any]:
        """Return the error object of a reply; absent parts have no key."""
        parts = {
            "kind": self.kind,
            "message": self.message,
            "fix": self.fix,
            "suggestions": self.suggestions or None,
            "location": self.location,
        }
        return {key: value for key, value in parts.items() if value is not None}


def internal_error(error: Exception) -> dict[str, Any]:
    """Return the error object for a bug, with its traceback for the report."""
    from traceback import format_exception

    return {
        "kind": INTERNAL,
        "message": f"{type(error).__name__}: {error}",
        "fix": "This is a bug in ktx. Please report it with the details.",
        "details": {"traceback": "".join(format_exception(error))},
    }
