"""A logical plan in words: what is aggregated where, and why no number of it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semantic_layer.explain.parts import (
    Explanation,
    FilterExplanation,
    MeasureExplanation,
    explain_joins,
    listed,
)
from semantic_layer.plan.logical import Dimension, Fact, LogicalPlan, Ordering, Spine
from semantic_layer.plan.report import model_text
from semantic_layer.syntax.tree import METRIC_TIME, Node
from semantic_layer.times.calendar import beginning

if TYPE_CHECKING:
    from semantic_layer.plan.each_once import OnceGroups


class PlanExplanation:
    """Explains one plan, in the order in which the query computes."""

    def __init__(self, plan: LogicalPlan) -> None:
        self._plan = plan
        self._measures = MeasureExplanation(plan)
        self._filters = FilterExplanation(plan)
        self._groups = listed([_dimension_name(item) for item in plan.dimensions])

    def build(self) -> Explanation:
        """Return the whole explanation; its top is the question."""
        steps = [
            *self._dimensions(),
            *(self._fact(fact) for fact in self._plan.facts),
            *self._filters.segments(),
            *self._filters.rows(),
            *self._empty_groups(),
            *self._merge(),
            *self._outputs(),
            *self._filters.measures(),
            self._order(),
        ]
        return Explanation(self._question(), steps)

    def _question(self) -> str:
        names = [item.shown for item in self._plan.measures]
        if not names:
            return f"The values of {self._groups}"
        return listed(names) + (f" by {self._groups}" if self._groups else ", in one row")

    def _dimensions(self) -> list[Explanation]:
        items = [self._dimension(item) for item in self._plan.dimensions]
        return [Explanation("Dimensions, one group for each combination", items)] if items else []

    def _dimension(self, dimension: Dimension) -> Explanation:
        below = self._times(dimension)
        graph = self._plan.graph
        if dimension.node != METRIC_TIME:
            declared = graph.catalog.column(graph.source_of(dimension.node), dimension.column)
            if declared is not None and declared.expr is not None:
                below.append(Explanation(f"computed from its row: {declared.expr}"))
            if declared is not None and declared.zone is not None:
                words = {"utc": f"of UTC, read in {self._plan.timezone}", "local": "local"}
                below.append(Explanation(f"its times are {words[declared.zone]}"))
        if dimension.granularity is not None:
            begins = beginning(dimension.granularity, self._plan.calendar)
            grain = dimension.granularity.replace("_", " ")
            below.append(
                Explanation(f"time grain: each time counts as the start of its {grain}{begins}")
            )
        return Explanation(_dimension_name(dimension), below)

    def _times(self, dimension: Dimension) -> list[Explanation]:
        """Say which column `metric_time` is of each fact."""
        if dimension.node != METRIC_TIME:
            return []
        times = {
            f"{fact.base}: {fact.time.node}.{fact.time.column}": None
            for fact in self._plan.facts
            if fact.time is not None
        }
        return [Explanation(f"the time of the rows of {text}") for text in times]

    def _fact(self, fact: Fact) -> Explanation:
        below = self._over_time(fact)
        if fact.conversion is not None:
            from semantic_layer.explain.conversions import given_rows

            below += given_rows(self._plan, fact)
        joins = explain_joins(self._plan, fact)
        if joins:
            text = f"looks up by LEFT JOIN: a row of {fact.base} without a match stays, with NULLs"
            below.append(Explanation(text, joins))
        below += self._row_filters(fact.filters)
        below += [self._once(groups) for groups in fact.once]
        below += [self._measures.aggregate(index) for index in fact.aggregates]
        return Explanation(self._fact_heading(fact), below)

    def _over_time(self, fact: Fact) -> list[Explanation]:
        """Say from when to when a fact looks, and which of its rows count."""
        below = []
        if fact.frames:
            from semantic_layer.plan.frames import frame_words

            looked = " of ".join(frame_words(frame) for frame in reversed(fact.frames))
            text = f"each period looks at {looked}; a filter on the time shows fewer periods"
            below.append(Explanation(f"{text}, and takes no row away"))
        if fact.kept is not None:
            which = "last" if fact.kept.last else "first"
            by = listed([f"{ref.node}.{ref.column}" for ref in fact.kept.by])
            each = f" for each {by}" if by else ""
            column = f"{fact.kept.column.node}.{fact.kept.column.column}"
            text = f"counts only rows at the {which} {column}{each}, in each period by itself"
            below.append(Explanation(text))
        return below

    def _once(self, groups: OnceGroups) -> Explanation:
        """Say to which groups a row belongs by its rows on a many side."""
        base, names = groups.back[-1].to_source, [_dimension_name(d) for d in groups.dimensions]
        below = [
            Explanation(f"only rows of {groups.source} where {model_text(self._plan, tree)}")
            for tree in groups.filters
        ]
        alone = f"a row of {base} without such rows "
        alone += "does not count" if groups.filters else "counts in the group where they are NULL"
        text = f"only rows of {base} that have rows of {groups.source}"
        if names:
            text = (
                f"each once: a row of {base} counts once in every {listed(names)} of its rows of "
                f"{groups.source}, so that groups overlap and do not add up [groups_overlap]"
            )
        return Explanation(text, [*below, Explanation(alone)])

    def _row_filters(self, trees: Sequence[Node]) -> list[Explanation]:
        return [Explanation(f"row filter: {model_text(self._plan, tree)}") for tree in trees]

    def _fact_heading(self, fact: Fact) -> str:
        if not fact.aggregates:
            return f"Rows of {fact.base}: the combinations that occur, each once"
        at = f"by {self._groups}" if self._groups else "into one row"
        if fact.conversion is not None:
            return f"Aggregate {fact.conversion.source} at the rows of {fact.base}, {at}"
        looked_up = [*fact.routes.values(), *(r for g in fact.once for r in g.routes.values())]
        proven = not any(edge.uncovered_grain() for route in looked_up for edge in route)
        condition = "" if proven else " if the joins are as declared"
        ranked = ", percentiles from row numbers" if fact.ranked else ""
        once = "each of its rows once"
        if fact.frames:
            once = "each of its rows once in every period that looks at it"
        if any(groups.dimensions for groups in fact.once):
            once += f"{' and' if fact.frames else ''} in every group that it belongs to"
        return f"Aggregate {fact.base} {at}, {once}{condition}{ranked}"

    def _empty_groups(self) -> list[Explanation]:
        if not self._plan.dimensions:
            return []
        if self._plan.fill is not None:
            fill = self._plan.fill
            name = _dimension_name(self._plan.dimensions[fill.place])
            text = f"Every period (fill): each {fill.grain} from the first {name} to the last"
            return [Explanation(text), *self._time_spine(), *self._without_facts()]
        return [*self._time_spine(), *self._without_facts()]

    def _time_spine(self) -> list[Explanation]:
        found = [
            Explanation(
                f"{item.custom.name} is what {item.custom.value.node}.{item.custom.value.column} "
                "has for the day of a row (time_spine)"
            )
            for item in self._plan.dimensions
            if item.custom is not None
        ]
        return [*found, *self._periods_of_spine()]

    def _periods_of_spine(self) -> list[Explanation]:
        spine = self._plan.time_spine
        if spine is None:
            return []
        text = f"Periods are those that {spine.node}.{spine.column} has rows of (time_spine)"
        return [Explanation(text)]

    def _without_facts(self) -> list[Explanation]:
        if not self._plan.include_empty:
            text = "Empty groups are left out (include_empty is off): a value needs a row of a fact"
            return [Explanation(text)]
        if not self._plan.spines:
            text = "Empty groups (include_empty): none, for the dimensions are columns of the facts"
            return [Explanation(text)]
        return [self._spine(spine) for spine in self._plan.spines]

    def _spine(self, spine: Spine) -> Explanation:
        own = [_dimension_name(self._plan.dimensions[index]) for index in spine.dimensions]
        below = self._row_filters(spine.filters)
        if len(own) < len(self._plan.dimensions):
            below.append(
                Explanation("added only where no fact has the value; other dimensions are NULL")
            )
        text = f"Empty groups (include_empty): every value of {listed(own)} in {spine.root}"
        return Explanation(text, below)

    def _merge(self) -> list[Explanation]:
        plan = self._plan
        names = [fact.base + _kind(fact) for fact in plan.facts]
        names += [f"the values of {spine.root}" for spine in plan.spines]
        if len(names) < 2:
            return []
        again = f", then grouped again by {self._groups}" if self._groups else ", then one row"
        reasons = []
        if len(plan.facts) > 1:
            reasons.append("facts meet only after each is aggregated, so none multiplies another")
        if plan.dimensions:
            reasons.append("NULL equals NULL, so rows without a value form one group")
        reasons.append("where a part has no such group: counts are 0, other aggregates NULL")
        below = [Explanation(reason) for reason in reasons]
        return [Explanation(f"Merge {listed(names)}: UNION ALL{again}", below)]

    def _outputs(self) -> list[Explanation]:
        items = [self._measures.measure(item) for item in self._plan.measures]
        return [Explanation("Measures", items)] if items else []

    def _order(self) -> Explanation:
        terms = [_order_term(item) for item in self._plan.order]
        if not terms:
            return Explanation(f"At most {self._plan.limit} rows")
        text = f"Order by {', '.join(terms)}, NULLs last; at most {self._plan.limit} rows"
        added = [item.field for item in self._plan.order if not item.asked]
        reason = f"by {listed(added)} too, so that a limit always cuts at the same place"
        return Explanation(text, [Explanation(reason)] if added else [])


def _kind(fact: Fact) -> str:
    if fact.conversion is not None:
        return " (conversions)"
    return " (percentiles)" if fact.ranked else ""


def _dimension_name(dimension: Dimension) -> str:
    return dimension.field + (f":{dimension.granularity}" if dimension.granularity else "")


def _order_term(term: Ordering) -> str:
    return f"{term.field} descending" if term.descending else term.field
