"""Loading a model from a folder of YAML files."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import yaml

from semantic_layer.catalog import validated_metrics, validated_source
from semantic_layer.errors import INVALID_MODEL, SemanticError, close_names
from semantic_layer.manifest import (
    ManifestEntry,
    apply_overlay,
    project_manifest_entry,
    validate_overlay,
)
from semantic_layer.metric_definition import METRICS, MetricsDefinition
from semantic_layer.models import SourceDefinition

_LOG = logging.getLogger(__name__)
_MANIFEST_FOLDER = "_schema"
_METRICS_FOLDER = "_metrics"


class SourceLoader:
    """Reads manifest shards, standalone sources and overlays below one folder."""

    def __init__(self, sources_dir: str | Path) -> None:
        self.sources_dir = Path(sources_dir)

    def load_all(self) -> dict[str, SourceDefinition]:
        """Return every source by name; overlays without a base are logged and skipped."""
        if not self.sources_dir.is_dir():
            raise SemanticError(
                INVALID_MODEL,
                f"There is no folder '{self.sources_dir}'.",
                fix="Give the folder that holds the semantic layer's YAML files.",
            )
        files = self._files(_METRICS_FOLDER, inside=False)
        shards = [path for path in files if _MANIFEST_FOLDER in path.parts]
        definitions = self._manifest(shards)
        overlays = []
        for path in files:
            content = None if path in shards else self._named(path)
            if content is None:
                continue
            if content.get("table") is None and content.get("sql") is None:
                overlays.append((path, content))
            elif content["name"] in definitions:
                raise _problem(path, f"Duplicate source name '{content['name']}'")
            else:
                definitions[content["name"]] = content
        for path, overlay in overlays:
            self._apply(path, overlay, definitions)
        sources = {name: validated_source(name, raw) for name, raw in definitions.items()}
        self._check_joins(sources)
        return sources

    def load_metrics(self) -> MetricsDefinition | None:
        """Return the metrics of the files below the folder `_metrics`; None without any."""
        found: list[Any] = []
        for path in self._files(_METRICS_FOLDER, inside=True):
            content = _read(path)
            if content is None or not isinstance(content.get("metrics"), list):
                raise _problem(path, "The file holds no list `metrics`")
            found += content["metrics"]
        if not found:
            return None
        return validated_metrics({"name": METRICS, "kind": METRICS, "measures": found})

    def _files(self, folder: str, *, inside: bool) -> list[Path]:
        """Return the YAML files below a folder of this name at the top, or all others, sorted."""
        return [
            path
            for path in sorted(self.sources_dir.rglob("*.y*ml"))
            if path.suffix in (".yaml", ".yml")
            and (path.relative_to(self.sources_dir).parts[0] == folder) == inside
        ]

    def load_file(self, path: str | Path) -> SourceDefinition:
        """Return the standalone source in one file."""
        content = self._named(Path(path))
        if content is None:
            raise _problem(Path(path), "The file holds no source (a mapping with a `name`)")
        return validated_source(content["name"], content)

    def _manifest(self, shards: list[Path]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for path in shards:
            tables = (_read(path) or {}).get("tables") or {}
            for name, raw in tables.items():
                if name in found:
                    raise _problem(path, f"Duplicate source name '{name}'")
                entry = ManifestEntry.model_validate(raw)
                found[name] = project_manifest_entry(name, entry)
        return found

    def _named(self, path: Path) -> dict[str, Any] | None:
        content = _read(path)
        return content if content is not None and isinstance(content.get("name"), str) else None

    def _apply(
        self, path: Path, overlay: dict[str, Any], definitions: dict[str, dict[str, Any]]
    ) -> None:
        name = overlay["name"]
        if name not in definitions:
            _LOG.warning("%s: there is no source '%s' for this overlay; skipped", path, name)
            return
        errors = validate_overlay(overlay)
        if errors:
            raise _problem(path, "; ".join(errors))
        definitions[name] = apply_overlay(definitions[name], overlay)

    def _check_joins(self, sources: dict[str, SourceDefinition]) -> None:
        for source in sources.values():
            for index, join in enumerate(source.joins):
                if join.to not in sources:
                    raise SemanticError(
                        INVALID_MODEL,
                        f"Source '{source.name}' joins to '{join.to}', "
                        f"but '{join.to}' is not defined.",
                        fix="Define it, correct the name, or remove the join.",
                        suggestions=close_names(join.to, sources),
                        source=source.name,
                        path=("joins", index, "to"),
                    )


class _PlainLoader(yaml.SafeLoader):
    """Reads `on`, `off`, `yes` and `no` as text: `on` is a key of every join."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file as YAML 1.2 reads it."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _PlainLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _problem(path, f"The file is not valid YAML: {error}") from error


def _read(path: Path) -> dict[str, Any] | None:
    content = read_yaml(path)
    return content if isinstance(content, dict) else None


def _problem(path: Path, message: str) -> SemanticError:
    return SemanticError(
        INVALID_MODEL, f"{path}: {message}.", fix="Correct the file.", details={"file": str(path)}
    )
