"""The joins of explores, as joins between the views."""

from __future__ import annotations

from collections.abc import Mapping

from ktx_daemon.lookml.columns import Columns
from ktx_daemon.lookml.models import LookMLJoin
from ktx_daemon.lookml.project import LookML
from ktx_daemon.lookml.sql_text import Unusable, references, replaced, written

_RELATIONSHIPS = ("many_to_one", "one_to_many", "one_to_one")


class Joins:
    """Collects the joins; `same_as` names the view that a pure alias of a view stands for."""

    def __init__(
        self, columns: Mapping[str, Columns], same_as: Mapping[str, str], dialect: str
    ) -> None:
        self._columns = columns
        self._same_as = same_as
        self._dialect = dialect
        self._by_place: dict[tuple[str, str, str | None], LookMLJoin] = {}
        self.warnings: list[str] = []

    @property
    def joins(self) -> list[LookMLJoin]:
        """The joins in the order that they were found."""
        return list(self._by_place.values())

    def add_explore(self, explore: LookML) -> None:
        """Add the joins of one explore; what cannot be a join is a warning."""
        name = explore["name"].removeprefix("+")
        base = explore.get("from") or explore.get("view_name") or name
        views = {explore.get("view_name") or name: base}
        for join in explore.get("joins", []):
            views[join["name"]] = join.get("from") or join["name"]
        for join in explore.get("joins", []):
            try:
                found = self._join(join, base, views)
            except Unusable as reason:
                text = f"Join '{join['name']}' of explore '{name}' is left out: {reason}."
                self.warnings.append(text)
            else:
                self._by_place.setdefault((found.source_view, found.to, found.alias), found)

    def _join(self, join: LookML, base: str, views: Mapping[str, str]) -> LookMLJoin:
        name = join["name"]
        target = self._real(views[name])
        relationship = join.get("relationship", "many_to_one")
        if relationship not in _RELATIONSHIPS:
            raise Unusable(f"a relationship {relationship} would count rows twice")
        if join.get("sql_on"):
            source, condition = self._condition(str(join["sql_on"]), name, views)
        elif join.get("foreign_key"):
            source, condition = self._key(str(join["foreign_key"]), name, base, views)
        else:
            raise Unusable("it has no sql_on")
        return LookMLJoin(
            source_view=source,
            to=target,
            alias=name if name != target else None,
            on=condition,
            relationship=relationship,
        )

    def _condition(self, sql: str, name: str, views: Mapping[str, str]) -> tuple[str, str]:
        named = [reference.partition(".")[0] for reference in references(sql)]
        others = dict.fromkeys(view for view in named if view != name)
        if len(others) != 1 or name not in named:
            raise Unusable(f"its sql_on is not between '{name}' and one other view")
        other = next(iter(others))
        source = self._real(views.get(other, other))

        def resolve(reference: str) -> str:
            view, _, field = reference.partition(".")
            column = self._column(self._real(views.get(view, view)), field)
            return f"{written(name if view == name else source, self._dialect)}.{column}"

        return source, " ".join(replaced(sql, resolve).split())

    def _key(self, field: str, name: str, base: str, views: Mapping[str, str]) -> tuple[str, str]:
        view, _, field = field.rpartition(".")
        source, target = self._real(views.get(view, view) or base), self._real(views[name])
        grain = self._columns[target].grain
        if len(grain) != 1:
            raise Unusable(f"view '{target}' has no primary key of one column")
        left = f"{written(source, self._dialect)}.{self._column(source, field)}"
        right = f"{written(name, self._dialect)}.{written(grain[0], self._dialect)}"
        return source, f"{left} = {right}"

    def _real(self, view: str) -> str:
        real = self._same_as.get(view, view)
        if real not in self._columns:
            raise Unusable(f"view '{view}' is not there, or was skipped")
        return real

    def _column(self, view: str, field: str) -> str:
        return self._columns[view].column_of(field)
