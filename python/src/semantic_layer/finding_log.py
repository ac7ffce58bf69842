"""Collecting the findings of a model's checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from semantic_layer.depth import with_room
from semantic_layer.errors import SemanticError
from semantic_layer.findings import Finding, Location, finding_of


class FindingLog:
    """The findings so far, in the order of the checks."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(
        self,
        code: str,
        message: str,
        source: str,
        path: Sequence[str | int],
        *,
        fix: str,
        suggestions: Sequence[str] = (),
        concerned: Sequence[str] = (),
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """Note what is wrong at a place of a source."""
        self.found.append(
            Finding(
                code=code,
                severity=severity,
                message=message,
                fix=fix,
                suggestions=list(suggestions),
                location=Location(source=source, path=list(path)),
                concerned=list(concerned),
            )
        )

    def note(self, code: str, error: SemanticError, concerned: Sequence[str] = ()) -> None:
        """Note an error, unless another check met it already."""
        if error.message not in [item.message for item in self.found]:
            finding = finding_of(code, error)
            finding.concerned = list(concerned)
            self.found.append(finding)

    def guard(self, code: str, check: Callable[[], object], concerned: Sequence[str] = ()) -> bool:
        """Run a check and note what it raises; return whether it raised nothing."""
        try:
            with_room(check)
        except SemanticError as error:
            self.note(code, error, concerned)
            return False
        return True
