"""What a case worked out by hand is: a question about `WORLD`, and its rows."""

from __future__ import annotations

from dataclasses import dataclass

from over_groups.evaluator import Rows
from over_groups.question import Measure, Plain, Question
from over_groups.random_cases import named
from over_groups.world import WORLD, World

REVENUE, N, BUYERS, TYPICAL, MEAN, WEB = (
    Plain("sales", name) for name in ("revenue", "n", "buyers", "typical", "mean", "web")
)
BACK, RETURNED = Plain("returns", "back"), Plain("returns", "returned")
SHARE: Measure = named("share")
CITY, REGION, KIND = ("city",), ("region",), ("kind",)
JAN, FEB, MAR, APR = (f"2024-0{month}-01" for month in range(1, 5))
Y24, Y25 = "2024-01-01", "2025-01-01"


@dataclass(frozen=True)
class Hand:
    """What is asked, and what is right."""

    name: str
    question: Question
    rows: Rows
    world: World = WORLD
