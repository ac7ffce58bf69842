"""LookML files as one project: constants in place, refinements and `extends` merged."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from lkml.lexer import Lexer
from lkml.parser import Parser
from lkml.simple import DictVisitor
from lkml.tokens import ExpressionBlockToken

from ktx_daemon.lookml.models import LookMLFileInput

LookML = dict[str, Any]

_log = logging.getLogger(__name__)
_FIELD_KINDS = ("dimensions", "dimension_groups", "measures")
# What a refinement may change of a field that is there already.
_METADATA = ("label", "description", "hidden", "tags", "group_label")
_CONSTANT = re.compile(r"@\{\s*(\w+)\s*\}")
_MAX_EXTENDS = 50


class Project:
    """The views by name and the explores of a project, and what was odd about them."""

    def __init__(
        self, files: Iterable[LookMLFileInput], overrides: Mapping[str, str] | None = None
    ) -> None:
        self.views: dict[str, LookML] = {}
        self.explores: list[LookML] = []
        self.warnings: list[str] = []
        parsed = [(file.path, content) for file in files if (content := self._load(file))]
        constants = _constants(parsed) | dict(overrides or {})
        refinements = []
        for path, content in parsed:
            resolved = _substituted(content, constants)
            self.explores += resolved.get("explores", [])
            for view in resolved.get("views", []):
                if view["name"].startswith("+"):
                    refinements.append(view)
                elif view["name"] in self.views:
                    self.warnings.append(
                        f"View '{view['name']}' is defined again in {path}; the first one counts."
                    )
                else:
                    self.views[view["name"]] = view
        for refinement in refinements:
            self._refine(refinement)

    def merged(self, name: str) -> LookML:
        """Return a view with everything that it extends below its own."""
        return self._merged(name, ())

    def parents(self, name: str) -> list[str]:
        """Return the names of the views that a view extends and that exist."""
        return [parent for parent in _extended(self.views[name]) if parent in self.views]

    def _merged(self, name: str, children: tuple[str, ...]) -> LookML:
        own = self.views[name]
        result: LookML = {}
        for parent in _extended(own):
            if parent not in self.views:
                self._warn(f"View '{name}' extends '{parent}', which is not in the project.")
            elif parent == name or parent in children or len(children) > _MAX_EXTENDS:
                self._warn(f"View '{name}' extends itself by way of '{parent}'.")
            else:
                result = _overlaid(result, self._merged(parent, (*children, name)))
        # That a parent has to be extended does not hold for its children.
        result.pop("extension", None)
        return _overlaid(result, own)

    def _load(self, file: LookMLFileInput) -> LookML | None:
        try:
            tree = Parser(_Lexer(file.content).scan()).parse()
            content: LookML = DictVisitor().visit(tree)  # type: ignore[no-untyped-call]
        except (SyntaxError, RecursionError, ValueError, LookupError, AttributeError, TypeError):
            _log.info("A LookML file cannot be parsed: %s", file.path)
            self._warn(f"File {file.path} cannot be parsed and is skipped.")
            return None
        return _well_formed(content)

    def _refine(self, refinement: LookML) -> None:
        name = refinement["name"].removeprefix("+")
        view = self.views.get(name)
        if view is None:
            self._warn(f"There is no view '{name}' to refine.")
            return
        for kind in _FIELD_KINDS:
            existing = {field["name"]: field for field in view.get(kind, [])}
            for field in refinement.get(kind, []):
                if field["name"] in existing:
                    changes = {key: field[key] for key in _METADATA if key in field}
                    existing[field["name"]] = {**existing[field["name"]], **changes}
                else:
                    existing[field["name"]] = field
            if existing:
                view[kind] = list(existing.values())
        view.update({key: refinement[key] for key in _METADATA if key in refinement})

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


class _Lexer(Lexer):
    """The library's own, which never ends at a single semicolon outside SQL."""

    _in_sql = False

    def peek_multiple(self, length: int) -> str:
        text = super().peek_multiple(length)
        if length == 2 and text[:1] == ";" and text != ";;" and not self._in_sql:
            raise SyntaxError("a single semicolon")
        return text

    def scan_expression_block(self) -> ExpressionBlockToken:
        self._in_sql = True
        token = super().scan_expression_block()
        self._in_sql = False
        return token


def _well_formed(content: LookML) -> LookML:
    """Return a file's content without the entries that have no name."""
    views = _named(content.get("views"))
    for view in views:
        view.update({kind: _named(view[kind]) for kind in _FIELD_KINDS if kind in view})
    explores = _named(content.get("explores"))
    for explore in explores:
        explore["joins"] = _named(explore.get("joins"))
    constants = _named(content.get("constants"))
    return {"views": views, "explores": explores, "constants": constants}


def _named(items: Any) -> list[LookML]:
    entries = items if isinstance(items, list) else []
    return [
        item for item in entries if isinstance(item, dict) and isinstance(item.get("name"), str)
    ]


def _extended(view: LookML) -> list[str]:
    return [
        name
        for names in view.get("extends__all", [])
        for name in (names if isinstance(names, list) else [names])
    ]


def _overlaid(below: LookML, above: LookML) -> LookML:
    result = {**below, **above}
    for kind in _FIELD_KINDS:
        fields = {field["name"]: field for field in below.get(kind, [])}
        for field in above.get(kind, []):
            fields[field["name"]] = {**fields.get(field["name"], {}), **field}
        if fields:
            result[kind] = list(fields.values())
    # A view is a table or a SELECT: the child's choice replaces the parent's.
    if "sql_table_name" in above and "derived_table" not in above:
        result.pop("derived_table", None)
    elif "derived_table" in above and "sql_table_name" not in above:
        result.pop("sql_table_name", None)
    return result


def _constants(parsed: Iterable[tuple[str, LookML]]) -> dict[str, str]:
    return {
        constant["name"]: str(constant.get("value", ""))
        for path, content in parsed
        if "manifest" in path
        for constant in content.get("constants", [])
    }


def _substituted(value: Any, constants: Mapping[str, str], key: str = "") -> Any:
    """Return LookML with the constants in its SQL replaced; one without a value stays."""
    if isinstance(value, dict):
        return {name: _substituted(item, constants, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_substituted(item, constants, key) for item in value]
    if isinstance(value, str) and key.startswith("sql"):
        return _CONSTANT.sub(lambda match: constants.get(match[1], match[0]), value)
    return value
