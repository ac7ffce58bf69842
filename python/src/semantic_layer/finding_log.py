"""Collecting the findings of a model's checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from semantic_layer.depth import with_room
from semantic_layer.errors import SemanticError
from semantic_layer.findings import Finding, Location, Severity, finding_of


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
        severity: Severity = "error",
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

    def note(
        self,
        code: str,
        error: SemanticError,
        concerned: Sequence[str] = (),
        place: Location | None = None,
    ) -> None:
        """Note an error, unless another check met it already; `place` is for one that has none."""
        finding = finding_of(code, error)
        finding.concerned = list(concerned)
        finding.location = finding.location or place
        if not any(_is_same(finding, item) for item in self.found):
            self.found.append(finding)

    def guard(
        self,
        code: str,
        check: Callable[[], object],
        concerned: Sequence[str] = (),
        place: Location | None = None,
    ) -> bool:
        """Run a check and note what it raises; return whether it raised nothing."""
        try:
            with_room(check)
        except SemanticError as error:
            self.note(code, error, concerned, place)
            return False
        return True


def _is_same(one: Finding, other: Finding) -> bool:
    return one.message == other.message and one.location == other.location
