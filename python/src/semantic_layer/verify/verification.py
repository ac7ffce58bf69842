"""One verification, step by step: what to ask the database next, and at last the verdict.

The database is asked by whoever runs this: each step is given all results so far, and returns the
statements that are missing or the verdict. Nothing is kept between steps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from semantic_layer.catalog import Catalog
from semantic_layer.errors import UNSUPPORTED, SemanticError
from semantic_layer.generator import SqlGenerator
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.models import ColumnVisibility, QueryOrder, SemanticQuery
from semantic_layer.plan.logical import Dimension, LogicalPlan, Measure, Sample
from semantic_layer.planner import QueryPlanner
from semantic_layer.times.calendar import Calendar
from semantic_layer.verify.cells import value_of
from semantic_layer.verify.comparison import Column, Comparison, Difference, Term
from semantic_layer.verify.evaluation import Evaluation, Group, Late
from semantic_layer.verify.language import compiler_of
from semantic_layer.verify.model import Model, Row
from semantic_layer.verify.question import Question
from semantic_layer.verify.reading import Reading, Result, Results, Statement
from semantic_layer.verify.values import Unchecked, Value

EQUAL, DIFFERENT, UNCHECKED = "equal", "different", "unchecked"


class Read(NamedTuple):
    """A source that was read: how many rows, and whether these are all."""

    source: str
    rows: int
    sampled: bool


class Behind(NamedTuple):
    """Rows of a source that a difference comes from, and what they are of it."""

    source: str
    what: str
    rows: list[Row]


class Verdict(NamedTuple):
    """What came out: EQUAL, DIFFERENT or UNCHECKED, and for that the reason."""

    outcome: str
    reason: str | None
    sql: str
    columns: tuple[str, ...]
    read: tuple[Read, ...]
    groups: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    behind: tuple[Behind, ...]


class Verification:
    """A question, its compiled SQL and its naive evaluation."""

    def __init__(
        self,
        catalog: Catalog,
        dialect: str,
        query: SemanticQuery,
        timezone: str | None,
        rows: int,
        seconds: float,
        calendar: Calendar | None = None,
    ) -> None:
        """Plan the question; `rows` bounds each source, `seconds` the evaluation.

        Raises `SemanticError` for what the planner refuses.
        """
        self._graph = JoinGraph(catalog, dialect).build()
        self._generator = SqlGenerator(self._graph.parser.dialect)
        self.plan: LogicalPlan = QueryPlanner(catalog, self._graph, dialect).logical(
            query, timezone, calendar
        )
        self._query = query
        self._catalog = catalog
        self._connection_zone = timezone
        self._calendar = calendar
        self._bound = rows
        self._seconds = seconds

    def step(self, results: Results) -> list[Statement] | Verdict:
        """Return what is to be asked next, or the verdict."""
        try:
            return self._step(results)
        except Unchecked as error:
            part = f"{error.part} of {error.place}" if error.place else error.part
            sql = self._generator.write(self.plan).sql
            return Verdict(UNCHECKED, part, sql, self._names(), (), 0, (), (), ())
        except Late:
            limit = f"{self._seconds:g} second{'' if self._seconds == 1 else 's'}"
            raise SemanticError(
                UNSUPPORTED,
                f"Evaluating the question row by row takes longer than {limit}.",
                fix="Read fewer rows (--rows), or allow more time (--timeout).",
            ) from None

    def _step(self, results: Results) -> list[Statement] | Verdict:
        question = self._question()
        reading = Reading(question, self._graph, self._bound)
        for wanted in (reading.counts, lambda: reading.keys(results)):
            missing = [item for item in wanted() if item.name not in results]
            if missing:
                return missing
        samples = reading.samples(results)
        sql = self._generator.write(self.plan.replaced(samples=samples)).sql
        statements = [*reading.rows(samples), Statement("answer", sql, None)]
        if any(item.name not in results for item in statements):
            return statements
        found = self._compared(question, reading, results)
        if not found.differences:
            return self._verdict(EQUAL, sql, samples, reading, results, found)
        again = [*reading.rows(samples, again=True), Statement("again answer", sql, None)]
        rows = reading.read(results)
        texts = reading.texts(samples, rows)
        if any(item.name not in results for item in (*again, *texts)):
            return [*again, *texts]
        _check_unchanged(results, [item.name for item in again])
        reading.check_collations(results, rows)
        return self._verdict(DIFFERENT, sql, samples, reading, results, found)

    def _question(self) -> Question:
        zone = self._query.timezone or self._stated_zone() or self._connection_zone or "UTC"
        compiler = compiler_of(self._graph.parser.dialect, zone, self._calendar)
        return Question(Model(self._catalog, compiler), self._query)

    def _stated_zone(self) -> str | None:
        """Return the zone that the sources of the question state, which is one."""
        names = [fact.base for fact in self.plan.facts]
        names += [node for fact in self.plan.facts for node in fact.routes]
        stated = {self._catalog[self._graph.source_of(name)].timezone for name in names} - {None}
        return next(iter(stated)) if len(stated) == 1 else None

    def _compared(self, question: Question, reading: Reading, results: Results) -> _Compared:
        rows = reading.read(results)
        evaluation = Evaluation(question, rows, time.monotonic() + self._seconds)
        columns = self._columns(question)
        answer = _answer(results["answer"], reading.dialect)
        comparison = Comparison(evaluation, columns, answer)
        differences = comparison.differences(self._query.limit, self._order())
        several = [
            f"{label}: a row of '{link.start}' meets several rows of '{link.end}', and the model "
            "says one at most"
            for label, (link, _) in evaluation.lookups.several.items()
        ]
        return _Compared(evaluation, len(comparison.groups), differences, several)

    def _columns(self, question: Question) -> list[Column]:
        if len(question.dimensions) != len(self.plan.dimensions):
            raise Unchecked("dimensions that the plan counts otherwise")
        found = [
            Column(shown.shown, _at(index), question.dimensions[index].is_time)
            for index, shown in enumerate(self.plan.dimensions)
        ]
        return found + [self._measure(question, item) for item in self.plan.measures]

    def _measure(self, question: Question, item: Measure) -> Column:
        if item.qualified is not None:
            return Column(item.shown, question.shown_measure(item.qualified), True)
        output = question.outputs.get(item.text)
        if output is None:
            raise Unchecked(f"the output {item.shown}, which the question does not name")
        return Column(item.shown, output.value, True)

    def _order(self) -> list[Term]:
        """Return the terms that the question asks for, and then its dimensions."""
        outputs: list[Dimension | Measure] = [*self.plan.dimensions, *self.plan.measures]
        terms: dict[int, Term] = {}
        for item in self._query.order_by:
            wanted = QueryOrder(field=item) if isinstance(item, str) else item
            place = _place(wanted.field, outputs)
            terms.setdefault(place, Term(place, wanted.direction.lower() == "desc"))
        for place in range(len(self.plan.dimensions)):
            terms.setdefault(place, Term(place, False))
        return list(terms.values())

    def _names(self) -> tuple[str, ...]:
        dimensions = [item.shown for item in self.plan.dimensions]
        return (*dimensions, *(item.shown for item in self.plan.measures))

    def _verdict(
        self,
        outcome: str,
        sql: str,
        samples: Sequence[Sample],
        reading: Reading,
        results: Results,
        found: _Compared,
    ) -> Verdict:
        sampled = {item.source for item in samples}
        read = tuple(
            Read(source, len(results[f"rows {source}"].rows), source in sampled)
            for source in reading.sources
        )
        cut = [
            f"the sample of '{source}' is by its own key alone: rows may look up none of it"
            for source in reading.whole_joins(tuple(samples))
        ]
        behind = tuple(_rows_behind(found)) if found.differences else ()
        notes = (*found.several, *cut)
        return Verdict(
            outcome,
            None,
            sql,
            self._names(),
            read,
            found.groups,
            tuple(found.differences),
            notes,
            behind,
        )


def _at(place: int) -> Callable[[Group], Value]:
    return lambda group: group.values[place]


def _place(wanted: str, outputs: Sequence[Dimension | Measure]) -> int:
    """Return the place of the output that a term of the order names."""
    folded = wanted.casefold()
    for names in (_shown_name, _any_name):
        found = [place for place, item in enumerate(outputs) if folded in names(item)]
        if len(found) == 1:
            return found[0]
    raise Unchecked(f"the order by {wanted}")


def _shown_name(item: Dimension | Measure) -> set[str]:
    return {item.shown.casefold()}


def _any_name(item: Dimension | Measure) -> set[str]:
    if isinstance(item, Measure):
        found = {item.alias, item.name, item.text, item.qualified or item.name}
    else:
        grain = f":{item.granularity}" if item.granularity else ""
        found = {item.alias, item.field, item.column}
        found |= {f"{item.field}{grain}", f"{item.column}{grain}"}
    return {name.casefold() for name in found}


class _Compared(NamedTuple):
    evaluation: Evaluation
    groups: int
    differences: list[Difference]
    several: list[str]


def _answer(result: Result, dialect: str) -> list[tuple[Value, ...]]:
    return [
        tuple(value_of(cell, kind, dialect) for cell, kind in zip(row, result.kinds, strict=True))
        for row in result.rows
    ]


def _check_unchanged(results: Results, names: Sequence[str]) -> None:
    """Raise when the database gave other rows the second time: then nothing can be compared."""
    for name in names:
        before = name.removeprefix("again ")
        first, second = results[before], results[name]
        if sorted(map(repr, first.rows)) != sorted(map(repr, second.rows)):
            raise SemanticError(
                UNSUPPORTED,
                "The database gave other rows when it was asked a second time: it is being "
                f"written to, or its answer is not always the same ({before}).",
                fix="Run it again when nothing is being written.",
            )


def _rows_behind(found: _Compared) -> list[Behind]:
    """Return the rows of the first group that differs, and those that joins gave too many of."""
    model, shown = found.evaluation.question.model, []
    first = next((item.group for item in found.differences if item.group is not None), None)
    for base, rows in first.rows.items() if first is not None else ():
        shown.append(_behind(model, base, "in the group of the first difference", rows))
    for link, (row, *met) in found.evaluation.lookups.several.values():
        start, end = model.source_of(link.start), model.source_of(link.end)
        shown.append(_behind(model, start, f"a row that meets several of {end}", [row]))
        shown.append(_behind(model, end, "those that it meets", met))
    return shown


def _behind(model: Model, source: str, what: str, rows: Sequence[Row]) -> Behind:
    """Return rows without their hidden columns, which no answer shows, and what was computed."""
    columns = model.catalog[source].columns
    hidden = {item.name for item in columns if item.visibility is ColumnVisibility.hidden}
    names = [name for name in (rows[0] if rows else ()) if name not in hidden]
    kept = [name for name in names if not name.startswith("= ")]
    return Behind(source, what, [{name: row[name] for name in kept} for row in rows])
