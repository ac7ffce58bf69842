"""What a case and its questions may have beyond plain sums, joins and filters, by name.

A feature adds measures, filters, dimensions and filters on measures to those that questions are
drawn from; some change the model, its joins or its data in `shapes.py`.
"""

from __future__ import annotations

from oracle.bare_names import bare_conditions, bare_dimensions, bare_filters, bare_measures
from oracle.derived import derived_measures, plain_measures
from oracle.divisions import KIND as DIVISION
from oracle.divisions import division_conditions, division_measures
from oracle.forbidden import (
    hidden_conditions,
    hidden_dimensions,
    hidden_measures,
    unfilled_conditions,
    unfilled_measures,
)
from oracle.long_texts import long_conditions, long_measures
from oracle.looked_up import looked_up_measures
from oracle.model import Case, Condition, Dimension, MeasureFilter, MeasureSpec
from oracle.times import (
    storage,
    time_conditions,
    time_measures,
    unreadable_conditions,
    unreadable_dimension,
)
from oracle.values import GRAINS

FEATURES = (
    *("looked up", "loose joins", "contradictions", "division", "bare", "naming", "ugly names"),
    *("times", "unreadable", "derived", "hidden", "placeholders", "long"),
)
ALONE = frozenset({"unreadable", "contradictions", "long"})
"""Features that leave little else to be answered, or take long."""


def feature_measures(case: Case) -> list[MeasureSpec]:
    """Return the measures that the case's features add."""
    makers = {
        "looked up": looked_up_measures,
        "division": division_measures,
        "bare": bare_measures,
        "times": time_measures,
        "hidden": hidden_measures,
        "placeholders": unfilled_measures,
        "long": long_measures,
    }
    found = [spec for name, make in makers.items() if name in case.features for spec in make(case)]
    if "derived" in case.features:
        found += [*derived_measures(case), *plain_measures(case)]
    return found


def feature_conditions(case: Case, one: str, two: str) -> list[Condition]:
    """Return the filters that the case's features add for two nodes."""
    found: list[Condition] = []
    if DIVISION in case.features:
        found += division_conditions(one, two)
    if "times" in case.features:
        found += time_conditions(case, one, two)
    if "bare" in case.features:
        found += bare_conditions(case)
    if "unreadable" in case.features:
        found += unreadable_conditions(one)
    if "hidden" in case.features:
        found += hidden_conditions(one)
    if "placeholders" in case.features:
        found += unfilled_conditions(one)
    if "long" in case.features:
        found += long_conditions(one)
    return found


def feature_dimensions(case: Case, node: str) -> list[Dimension]:
    """Return the dimensions that the case's features add for a node."""
    found: list[Dimension] = []
    if DIVISION in case.features:
        found.append(Dimension(node, "per", kind=DIVISION))
    if "bare" in case.features:
        found += bare_dimensions(case)
    if "unreadable" in case.features:
        found += [unreadable_dimension(node, grain) for grain in GRAINS]
    if "times" in case.features and storage(case, case.source_of(node)):
        found += [Dimension(node, "stamp", grain, kind="times") for grain in GRAINS]
    if "hidden" in case.features:
        found += hidden_dimensions(node)
    return found


def feature_filters(case: Case) -> list[MeasureFilter]:
    """Return the filters on measures that the case's features add."""
    return bare_filters(case) if "bare" in case.features else []
