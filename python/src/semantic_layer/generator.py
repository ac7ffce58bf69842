"""From a logical plan to SQL text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from semantic_layer.data.record import Frozen
from semantic_layer.errors import UNSUPPORTED, SemanticError
from semantic_layer.models import ResolvedPlan
from semantic_layer.parser import check_dialect
from semantic_layer.plan.logical import LogicalPlan
from semantic_layer.plan.report import logical_of
from semantic_layer.sql.statement import StatementBuilder
from semantic_layer.syntax.lean_sqlglot import ErrorLevel, UnsupportedError, exp
from semantic_layer.syntax.names import finished
from semantic_layer.syntax.verbatim import written


class Statement(Frozen):
    """The SQL of a plan, and the columns that it reads as times (see `Instants.used`)."""

    sql: str
    time_uses: Mapping[tuple[str, str], str]


class SqlGenerator:
    """Writes plans as SQL; `alias_map` renames output columns."""

    def __init__(
        self, dialect: str = "postgres", alias_map: Mapping[str, str] | None = None
    ) -> None:
        self.dialect = check_dialect(dialect)
        self.alias_map = dict(alias_map or {})

    def generate(self, plan: ResolvedPlan, sources: Mapping[str, Any] | None = None) -> str:
        """Return the SQL of a planned query."""
        return self.write(logical_of(plan)).sql

    def write(self, plan: LogicalPlan) -> Statement:
        """Return the SQL of a logical plan, with what it reads as times."""
        builder = StatementBuilder(plan, self.alias_map)
        return Statement(self.text(builder.build()), builder.instants.used)

    def text(self, tree: exp.Select) -> str:
        """Return the text of a statement that was built for this dialect; it may change."""
        finished(tree, self.dialect)
        try:
            # The tree was built for this; writing it may as well change it.
            return written(
                tree,
                self.dialect,
                pretty=True,
                comments=False,
                copy=False,
                unsupported_level=ErrorLevel.RAISE,
            )
        except UnsupportedError as error:
            # Written all the same, it would lose the part that the dialect does not have.
            raise SemanticError(
                UNSUPPORTED,
                f"The query cannot be written for {self.dialect}: {error}",
                fix="Write the expression with functions that the database has.",
            ) from error
