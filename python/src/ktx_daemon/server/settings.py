"""What a server is told when it is started."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any, Literal

from ktx_daemon.errors import INVALID_REQUEST
from ktx_daemon.requests import decode
from semantic_layer.catalog import validation_failure
from semantic_layer.data.model import Model

BODY_LIMIT = 256 * 1024 * 1024


class Settings(Model):
    """The configuration of one server; times are in seconds, sizes in bytes.

    `fd` is a listening loopback socket, which the server takes over. `token` is what requests
    must carry. `instance` is what the JSON file `state_file` must go on naming as its member
    `instance`: when it no longer does, another server has taken this one's place.
    """

    fd: int
    token: str
    version: str
    instance: str = ""
    state_file: str | None = None
    idle_seconds: float | None = None
    log_file: str | None = None
    log_level: Literal["critical", "error", "warning", "info", "debug", "trace"] = "info"
    features: list[str] = []
    code_execution: bool = False
    body_limit: int = BODY_LIMIT
    warm: list[str] = []
    watch_seconds: float = 5.0
    """How often ownership is looked at."""
    header_seconds: float = 10.0
    """How long a connection may take to send a request's header."""
    body_seconds: float = 60.0
    """How long a request may take to send its body."""

    def check_consistency(self) -> None:
        """Refuse what no server could run with."""
        if len(self.token) < 32 or not self.token.isascii() or not self.token.isprintable():
            raise ValueError("token must be at least 32 printable ASCII characters")
        positive = ("body_limit", "watch_seconds", "header_seconds", "body_seconds")
        for name in positive:
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive")
        if self.idle_seconds is not None and self.idle_seconds <= 0:
            raise ValueError("idle_seconds must be positive, or null for no limit")

    @classmethod
    def from_json(cls, config: bytes) -> "Settings":
        """Read a configuration; what is wrong with it is an error of kind `invalid_request`."""
        return cls.checked(decode(config))

    @classmethod
    def checked(cls, config: dict[str, Any]) -> "Settings":
        """Build settings from a configuration's members."""
        try:
            return cls.model_validate(config, strict=True)
        except ValueError as error:
            raise validation_failure(
                error, INVALID_REQUEST, "The server's configuration"
            ) from error
