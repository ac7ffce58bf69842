"""A plan is complete when it is planned: nothing of it changes, and it is written many times."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.models import ResolvedPlan
from semantic_layer.plan.logical import LogicalPlan
from semantic_layer.plan.report import logical_of
from support.shop import MODEL

QUESTION: dict[str, Any] = {
    "measures": ["orders.revenue", "customers.customer_count"],
    "dimensions": ["customers.name"],
    "filters": ["orders.amount > 0"],
    "order_by": ["orders.revenue"],
}


def plan(dialect: str = "sqlite") -> ResolvedPlan:
    return SemanticEngine.from_sources(MODEL, dialect).plan_only(QUESTION)


def test_no_attribute_of_a_plan_can_be_set_or_deleted() -> None:
    logical = logical_of(plan())
    for name in LogicalPlan.record_fields:
        with pytest.raises(AttributeError, match=f"'{name}' cannot be set"):
            setattr(logical, name, None)
        with pytest.raises(AttributeError, match=f"'{name}' cannot be deleted"):
            delattr(logical, name)


def test_nor_of_its_parts_and_none_can_be_added() -> None:
    logical = logical_of(plan())
    parts = (logical.dimensions, logical.measures, logical.aggregates, logical.row_filters)
    for several in (*parts, logical.order, logical.facts, logical.having, logical.warnings):
        assert isinstance(several, tuple)
    for several in (*parts, logical.order, logical.facts):
        assert several
        for name in several[0].record_fields:
            with pytest.raises(AttributeError):
                setattr(several[0], name, None)


def test_writing_a_plan_leaves_it_as_it_was() -> None:
    engine = SemanticEngine.from_sources(MODEL, "sqlite")
    report = engine.plan_only(QUESTION)
    before = repr(logical_of(report))
    first = engine.generator.generate(report)
    assert repr(logical_of(report)) == before
    assert engine.generator.generate(report) == first == engine.query(QUESTION).sql


def test_a_report_is_to_clients_what_its_fields_are() -> None:
    report = plan()
    copy = ResolvedPlan.model_validate(report.model_dump())
    assert report == copy
    assert copy == report
    assert type(copy) is ResolvedPlan


def test_what_no_planner_made_is_not_written() -> None:
    engine = SemanticEngine.from_sources(MODEL, "sqlite")
    copy = ResolvedPlan.model_validate(plan().model_dump())
    with pytest.raises(SemanticError, match="not made by a planner") as caught:
        engine.generator.generate(copy)
    assert caught.value.fix is not None
