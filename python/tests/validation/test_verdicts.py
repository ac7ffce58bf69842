"""What passes by its fingerprint is fine: with verdicts and without, the findings are the same."""

from __future__ import annotations

import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.definitions import definitions
from oracle.shapes import SHAPES, cases
from semantic_layer.catalog import Catalog
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.parser import DIALECTS
from semantic_layer.planner import QueryPlanner
from semantic_layer.validate.findings import Finding
from semantic_layer.validate.model import ModelCheck
from semantic_layer.validate.verdicts import ModelVerdicts
from support.shop import model
from validation.random_models import models

EXAMPLES = 400
SETTINGS: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
CODES = """
    column_duplicate column_invalid grain_column_missing join_alias join_column_missing join_grain
    join_invalid join_target_undefined measure_duplicate measure_invalid measure_same
    model_disconnected route_ambiguous segment_duplicate segment_invalid source_alone source_unused
    sql_source_unjoined
""".split()


def findings(
    sources: list[dict[str, Any]], dialect: str, sampling: bool, **more: Any
) -> list[Finding]:
    check = ModelCheck(
        Catalog.from_list(sources), dialect, more.pop("touched", None), sampling=sampling, **more
    )
    return check.run()


def passed(sources: list[dict[str, Any]], dialect: str) -> int:
    """How many expressions and joins of a model need no plan."""
    graph = JoinGraph(Catalog.from_list(sources), dialect)
    verdicts = ModelVerdicts(graph)
    count = sum(verdicts.join(join) for join in graph.declarations if join.target in graph.catalog)
    for source in graph.catalog.values():
        own = verdicts.of(source)
        count += sum(map(own.measure, source.measures)) + sum(map(own.segment, source.segments))
        count += sum(own.column(item.name) for item in source.columns if item.expr is not None)
    return count


def rare_models() -> Iterator[list[dict[str, Any]]]:
    """What random models hardly ever are."""
    join = model()["orders"]["joins"][0]
    yield from (
        changed("orders", joins=[{**join, "alias": "regions"}]),
        changed("orders", segments=model()["orders"]["segments"] * 2),
        changed("orders", joins=[join, {**join, "on": "id = customers.id"}]),
        changed("customers", sql="SELECT * FROM orders", table=None),
        changed("regions", measures=[{"name": "n", "expr": "count(*)"}] * 2),
    )


def changed(source: str, **fields: Any) -> list[dict[str, Any]]:
    sources = model()
    sources[source].update(fields)
    return list(sources.values())


def test_random_models_have_the_same_findings() -> None:
    seen: Counter[str] = Counter()

    def compare(sources: list[dict[str, Any]], dialect: str, **more: Any) -> None:
        full = findings(sources, dialect, False, **more)
        assert findings(sources, dialect, True, **more) == full
        seen.update(finding.code for finding in full)
        seen["passed"] += passed(sources, dialect)
        seen["sources"] += len(sources)

    @settings(max_examples=EXAMPLES, **SETTINGS)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        sources, dialect = data.draw(models()), data.draw(st.sampled_from(DIALECTS))
        names = st.lists(st.sampled_from([source["name"] for source in sources]), max_size=2)
        complete = data.draw(st.integers(0, 3)) > 0
        compare(
            sources, dialect, touched=data.draw(names), complete=complete, suspect=data.draw(names)
        )

    check()
    for sources in rare_models():
        compare(sources, "duckdb", touched=["customers"])
    assert set(CODES) - set(seen) == set()
    assert seen["passed"] > seen["sources"]


@pytest.mark.parametrize("shape", list(SHAPES))
def test_models_of_the_oracle_have_the_same_findings(shape: str) -> None:
    @settings(max_examples=10, **SETTINGS)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        sources = list(definitions(data.draw(cases(shape))).values())
        for dialect in ("sqlite", "postgres", "tsql"):
            assert findings(sources, dialect, True) == findings(sources, dialect, False)
            assert passed(sources, dialect) >= 10 * len(sources)

    check()


MODELS = Path(__file__).parents[3] / "tests" / "bench" / "models.py"
TYPED = {
    "name": "trips",
    "table": "trips",
    "grain": ["id"],
    "columns": [
        {"name": "id", "type": "number"},
        {"name": "city", "type": "string"},
        {"name": "began", "type": "time"},
        {"name": "ended", "type": "time"},
        {"name": "seen", "type": "time", "storage": "unix"},
    ],
}


@pytest.mark.parametrize(
    ("expr", "without_a_plan"),
    [
        ("median(id)", True),
        ("max(id - 157)", True),
        ("max(began - 157)", True),
        ("max(id - 3 / 0)", True),
        ("sum(case when ended > began then id else 0 end)", True),
        ("sum(case when began >= '2026-01-31' then id end)", True),
        ("sum(case when seen >= '2026-01-31' then id end)", False),
        ("median(city)", False),
        ("median(began)", False),
        ("sum(case when began >= '2026-02-31' then id end)", False),
        ("sum(case when began >= 'soon' then id end)", False),
    ],
)
def test_the_types_of_columns_decide(expr: str, without_a_plan: bool) -> None:
    sources = [{**TYPED, "measures": [{"name": "told", "expr": expr}]}]
    full = findings(sources, "duckdb", False)
    assert findings(sources, "duckdb", True) == full
    assert passed(sources, "duckdb") == without_a_plan
    sound = without_a_plan or "seen" in expr
    assert [finding.code for finding in full] == ([] if sound else ["measure_invalid"])


def test_a_model_twice_as_large_is_planned_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of expression once, however many sources have it: in the benchmarks' models too."""
    plans: list[str] = []
    logical = QueryPlanner.logical

    def counted(self: QueryPlanner, *args: Any, **options: Any) -> Any:
        plans.append("one")
        return logical(self, *args, **options)

    monkeypatch.setattr(QueryPlanner, "logical", counted)
    numbers = {}
    for size in (20, 40):
        plans.clear()
        sources = list(runpy.run_path(str(MODELS))["model"](size, "realistic").values())
        assert findings(sources, "postgres", True) == []
        numbers[size] = len(plans)
    assert 0 < numbers[20] == numbers[40] < 20
