"""Where the filters and segments of a query went."""

from __future__ import annotations

from semantic_layer.explanation import Explanation, listed
from semantic_layer.graph.routes import RouteFinder
from semantic_layer.plan.logical import LogicalPlan, RowFilter
from semantic_layer.syntax.tree import nodes_of


class FilterExplanation:
    """Explains the conditions of one plan."""

    def __init__(self, plan: LogicalPlan) -> None:
        self._plan = plan

    def rows(self) -> list[Explanation]:
        """Explain the conditions on rows, each with the facts that it reaches and misses."""
        return [
            Explanation(
                f"Row filter {item.text}",
                [*self._reached(item), *self._missed(item), *self._spines(item)],
            )
            for item in self._plan.row_filters
        ]

    def measures(self) -> list[Explanation]:
        """Explain the conditions on the values of groups."""
        merged = len(self._plan.facts) + len(self._plan.spines) > 1
        when = "after aggregation" + (" and the merge" if merged else "")
        reason = f"applied {when}: keeps the groups for which it holds, and changes none"
        return [
            Explanation(f"Measure filter {text}", [Explanation(reason)])
            for text in self._plan.having_texts
        ]

    def segments(self) -> list[Explanation]:
        """Explain the segments that the query names."""
        return [self._segment(*text.rpartition(".")[::2]) for text in self._plan.segments]

    def _segment(self, source: str, name: str) -> Explanation:
        segments = self._plan.graph.catalog[source].segments
        condition = next(item.expr for item in segments if item.name == name)
        reason = f"every measure of {source} sees only these rows; no group is removed"
        return Explanation(f"Segment {source}.{name}: {condition}", [Explanation(reason)])

    def _homes(self, row_filter: RowFilter, *, reached: bool) -> list[str]:
        return list(
            dict.fromkeys(
                fact.home
                for fact in self._plan.facts
                if any(tree is row_filter.tree for tree in fact.filters) == reached
            )
        )

    def _reached(self, row_filter: RowFilter) -> list[Explanation]:
        homes = listed(self._homes(row_filter, reached=True))
        text = f"applied to the rows of {homes} before aggregation: keeps those for which it holds"
        return [Explanation(text)]

    def _missed(self, row_filter: RowFilter) -> list[Explanation]:
        return [
            Explanation(
                f"warning: does not reach {home}, which cannot look up "
                f"{listed(self._unreachable(home, row_filter))}: its rows stay unrestricted "
                "[filter_partial]"
            )
            for home in self._homes(row_filter, reached=False)
        ]

    def _unreachable(self, home: str, row_filter: RowFilter) -> list[str]:
        nodes = nodes_of([row_filter.tree])
        finder = RouteFinder(self._plan.graph, home)
        # A `join_path` that leads elsewhere can be the reason as well; then no node stands out.
        return [node for node in nodes if not finder.reaches(node)] or nodes

    def _spines(self, row_filter: RowFilter) -> list[Explanation]:
        roots = [
            spine.root
            for spine in self._plan.spines
            if any(tree is row_filter.tree for tree in spine.filters)
        ]
        text = f"applied to the values of {listed(roots)} that are shown without rows"
        return [Explanation(text)] if roots else []
