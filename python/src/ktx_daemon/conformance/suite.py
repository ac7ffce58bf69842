"""The suite: models over constants, and questions whose answers were worked out by hand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from ktx_daemon.conformance.constants import KINDS, Cell
from ktx_daemon.errors import INVALID_QUERY, INVALID_REQUEST, OperationError
from semantic_layer.data.record import Record
from semantic_layer.errors import close_names

_FOLDER = os.path.join(os.path.dirname(__file__), "suite")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as the project's files are read: `on` is a key, and no boolean."""


_BOOLEAN = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("^(?:true|false)$"), list("tf"))


class Table(Record):
    """Rows of constants; `columns` has the kind of each column by its name."""

    columns: dict[str, str]
    rows: list[list[Cell]]


class Feature(Record):
    """What a group of questions is about: its name for `--only`, and a line about it."""

    name: str
    title: str


class Question(Record):
    """A question with its answer: rows, or that ktx refuses it.

    `rules` are the numbers of those that it is about (docs/adr/0026).
    """

    id: str
    feature: str
    asks: str
    model: str
    query: dict[str, Any]
    rows: list[list[Cell]] | None = None
    """The right rows; None when the question has to be refused."""
    rules: list[int] = []
    may_refuse: list[str] = []
    """Dialects that lack what it needs, or have it in no form that the question can use."""
    ordered: bool = False
    """Whether the order of the rows is part of the answer."""
    within: float = 1e-9
    """How far a number may be from the right one, relative to its size."""
    warns: str | None = None
    """The code of a warning that the answer has to have."""
    not_on: list[str] = []
    """Dialects whose engines do not have what the question is about."""
    only_on: list[str] = []
    """Where it is about a few dialects, those."""
    check: bool = False
    """Whether the statement is the check beside the query, which finds values that are no times."""
    twice: bool = False
    """Whether it is compiled twice, to compare the statements byte by byte."""

    def concerns(self, dialect: str) -> bool:
        """Whether the question is asked in a dialect."""
        return dialect not in self.not_on and (not self.only_on or dialect in self.only_on)


class Suite(Record):
    """The whole of it; `models` has the sources by model and name, each with `data`, a table."""

    version: str
    features: list[Feature]
    groups: dict[str, list[str]]
    """Names for several features at once."""
    tables: dict[str, Table]
    models: dict[str, dict[str, dict[str, Any]]]
    questions: list[Question]

    def chosen(self, only: Sequence[str]) -> list[Question]:
        """Return the questions of these features or groups of them, all of them without any.

        Raises an error with the nearest name for a typo.
        """
        known = self.groups | {feature.name: [feature.name] for feature in self.features}
        wanted: set[str] = set()
        for name in only:
            if name not in known:
                raise unknown_feature(name, known)
            wanted.update(known[name])
        return [item for item in self.questions if not only or item.feature in wanted]

    def question(self, id_: str) -> Question:
        """Return a question by its id."""
        found = next((item for item in self.questions if item.id == id_), None)
        if found is None:
            raise OperationError(INVALID_REQUEST, f"There is no question '{id_}' in the suite.")
        return found


def unknown_feature(name: str, known: Iterable[str]) -> OperationError:
    """Return the error for a feature that the suite does not have."""
    names = list(known)
    return OperationError(
        INVALID_QUERY,
        f"The suite has no feature '{name}'",
        fix=f"Use --only with some of: {', '.join(names)}.",
        suggestions=close_names(name, names)[:1],
    )


@cache
def bundled() -> Suite:
    """Return the suite that this version of ktx comes with."""
    head = _read("suite.yaml")
    tables = {name: Table(**raw) for name, raw in _read("tables.yaml").items()}
    features, questions = [], []
    for name in head["features"]:
        part = _read(f"{name}.yaml")
        features.append(Feature(name, part["title"]))
        questions += [_question(name, raw) for raw in part["questions"]]
    models = _read("models.yaml")
    return Suite(str(head["version"]), features, head["groups"], tables, models, questions)


def _read(name: str) -> Any:
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return yaml.load(file, _Loader)


def _question(feature: str, raw: Mapping[str, Any]) -> Question:
    values = {key: value for key, value in raw.items() if key not in ("id", "refused")}
    if ("rows" in raw) == bool(raw.get("refused")):
        raise ValueError(f"{feature}.{raw['id']} needs either `rows` or `refused: true`")
    return Question(id=f"{feature}.{raw['id']}", feature=feature, **values)


def check_tables(suite: Suite) -> None:
    """Raise for a table whose rows do not fit its columns: a fault of the suite itself."""
    for name, table in suite.tables.items():
        if not set(table.columns.values()) <= set(KINDS):
            raise ValueError(f"table {name} has a kind of column that is not known")
        if any(len(row) != len(table.columns) for row in table.rows):
            raise ValueError(f"table {name} has a row of another length")
