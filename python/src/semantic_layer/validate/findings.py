"""What validation reports: findings with a place, collected by its checks, and their report."""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Callable, Sequence
from typing import Literal

from semantic_layer.data.model import Model
from semantic_layer.errors import SemanticError
from semantic_layer.models import Location
from semantic_layer.syntax.depth import with_room

Severity = Literal["error", "warning", "hint"]
"""An error ends queries, a warning may; a hint is about style, and no model is worse for it."""


class Finding(Model):
    """One thing that is wrong, where, and what to do about it.

    `concerned` names further sources that it is about, beside the one of `location`.
    """

    code: str
    severity: Severity
    message: str
    fix: str | None = None
    suggestions: list[str] = []
    location: Location | None = None
    concerned: list[str] = []


class ValidationReport(Model):
    """The result of checking a model; `findings` holds all of it, with places."""

    valid: bool
    errors: list[str]
    warnings: list[str]
    per_source_warnings: dict[str, list[str]]
    findings: list[Finding] = []


def report(findings: list[Finding]) -> ValidationReport:
    """Return the report of all findings, with the plain lists that older clients read.

    They take each line of these for something to mend, so hints are in `findings` only.
    """
    per_source: dict[str, list[str]] = {}
    for item in findings:
        if item.code == "source_alone" and item.location is not None:
            per_source.setdefault(item.location.source, []).append(item.message)
    errors = [item.message for item in findings if item.severity == "error"]
    warnings = [
        item.message
        for item in findings
        if item.severity == "warning" and item.code != "source_alone"
    ]
    return ValidationReport(
        valid=not errors,
        errors=errors,
        warnings=warnings,
        per_source_warnings=per_source,
        findings=findings,
    )


def finding_of(
    code: str,
    error: SemanticError,
    message: str | None = None,
    severity: Severity = "error",
) -> Finding:
    """Return an error as a finding."""
    location = None
    if error.source is not None:
        location = Location(source=error.source, path=error.path)
    return Finding(
        code=code,
        severity=severity,
        message=message or error.message,
        fix=error.fix,
        suggestions=error.suggestions,
        location=location,
    )


def unreadable_source(name: str, error: SemanticError) -> Finding:
    """Return the finding for a source that does not have the form of one."""
    reason = error.message.removeprefix(f"Source '{name}'").lstrip(",: ")
    return finding_of("source_invalid", error, f"Source '{name}' failed to parse: {reason}")


def duplicate_source(name: str) -> Finding:
    """Return the finding for a source name that is used twice."""
    return Finding(
        code="source_duplicate",
        severity="error",
        message=f"Duplicate source name '{name}'.",
        fix="Rename or remove one of the two.",
        location=Location(source=name, path=["name"]),
    )


# By the key of a source that says where its rows come from.
_CODES_OF_ROWS = {"table": "table_invalid", "sql": "source_invalid"}


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
        # What a measure is computed from may be at fault, and not the measure.
        own = error.path[:1] if error.source is not None else []
        finding = finding_of(_CODES_OF_ROWS.get(str(*own), code), error)
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
